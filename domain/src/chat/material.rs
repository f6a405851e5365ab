//! What commands make beside their message.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a command made, and where it lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Material {
    /// What it is.
    pub kind: MaterialKind,
    /// Its id among those of its kind.
    pub id: Uuid,
}

/// What a command makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum MaterialKind {
    /// `/flashcard`.
    Deck,
    /// `/mcq`.
    QuestionSet,
    /// `/highyield` and `/explain`.
    Summary,
    /// `/map`.
    Map,
}
