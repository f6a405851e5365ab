//! Summaries as they are kept: points or sections, each with the passage that it stands on.

use chrono::{DateTime, Utc};
use domain::ids::{MessageId, SummaryId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

mod cards;
mod gaps;
mod markdown;

pub use cards::drafts;
pub use markdown::markdown;

/// What a summary is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "summary_kind", rename_all = "snake_case")]
pub enum SummaryKind {
    /// Points: `{text, source}`.
    Highyield,
    /// Sections: `{heading, body, source}`.
    Explain,
}

/// A summary.
#[derive(Debug, Clone)]
pub struct Summary {
    /// Its id.
    pub id: SummaryId,
    /// What it is made of.
    pub kind: SummaryKind,
    /// What it is called.
    pub title: String,
    /// Its points or sections, as they are stored.
    pub items: Vec<Value>,
    /// The answer that made it, unless it is gone.
    pub message: Option<MessageId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// A point or a section.
#[derive(Debug, Clone, PartialEq)]
struct Part<'a> {
    heading: Option<&'a str>,
    text: &'a str,
    source: Option<&'a Value>,
}

impl Summary {
    fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        self.items.iter().map(|item| {
            let said = |field: &str| item.get(field).and_then(Value::as_str).map(str::trim);
            let text = said("text").or_else(|| said("body")).unwrap_or_default();
            Part {
                heading: said("heading").filter(|heading| !heading.is_empty()),
                text,
                source: item.get("source").filter(|source| source.is_object()),
            }
        })
    }
}
