//! What a student can do, as the unit of limits, keys, toggles and maintenance.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A feature of the platform.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    sqlx::Type,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "feature", rename_all = "snake_case")]
pub enum Feature {
    /// The tutor's conversation.
    Chat,
    /// `/flashcard`
    Flashcard,
    /// `/mcq`
    Mcq,
    /// `/highyield`
    Highyield,
    /// `/explain`
    Explain,
    /// `/map`
    Map,
    /// Documents: upload and ingestion.
    Pdf,
    /// Images in a message.
    Image,
    /// Clinical cases.
    Clinical,
    /// OSCE stations.
    Osce,
    /// The study planner.
    Planner,
    /// Embeddings: not a student's feature, but one that keys are kept for.
    Embedding,
}

impl Feature {
    /// How many there are.
    pub const COUNT: usize = Self::STUDENT.len() + 1;

    /// Those that a student uses and an admin can switch.
    pub const STUDENT: [Self; 11] = [
        Self::Chat,
        Self::Flashcard,
        Self::Mcq,
        Self::Highyield,
        Self::Explain,
        Self::Map,
        Self::Pdf,
        Self::Image,
        Self::Clinical,
        Self::Osce,
        Self::Planner,
    ];

    /// The one without which the platform is of no use.
    pub const CRITICAL: Self = Self::Chat;

    /// Whether the whole platform is closed when nothing can serve it.
    pub const fn is_critical(self) -> bool {
        matches!(self, Self::CRITICAL)
    }

    /// Whether soft maintenance pauses it.
    pub const fn is_heavy(self) -> bool {
        matches!(self, Self::Pdf | Self::Image)
    }

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Flashcard => "flashcard",
            Self::Mcq => "mcq",
            Self::Highyield => "highyield",
            Self::Explain => "explain",
            Self::Map => "map",
            Self::Pdf => "pdf",
            Self::Image => "image",
            Self::Clinical => "clinical",
            Self::Osce => "osce",
            Self::Planner => "planner",
            Self::Embedding => "embedding",
        }
    }

    /// As a sentence names it, such as `MCQ` in "your daily MCQ limit".
    pub const fn label(self) -> &'static str {
        match self {
            Self::Mcq => "MCQ",
            Self::Pdf => "PDF",
            Self::Osce => "OSCE",
            other => other.as_str(),
        }
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
