//! Conversations: sessions, the tree of their messages, and what is made of a text before it is sent.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    feature::Feature,
    ids::{DocumentId, FolderId, JobId, MessageId, SessionId},
};

pub mod command;
pub mod folders;
pub mod history;
pub mod idempotency;
mod material;
pub mod messages;
pub mod search;
pub mod sessions;
pub mod sharing;
pub mod title;

pub use material::{Material, MaterialKind};

/// A conversation.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Made from its first message, or given by the student.
    pub title: Option<String>,
    /// The documents that it is about; `None` is all of the student's.
    pub documents: Option<Vec<DocumentId>>,
    /// Whether it stands first in the list.
    pub pinned: bool,
    /// Whether it is out of the list.
    pub archived: bool,
    /// The folder that it is in.
    pub folder: Option<FolderId>,
    /// Since when a link shows it to others; `None` where none does.
    pub shared_at: Option<DateTime<Utc>>,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When something was last said in it.
    pub updated_at: DateTime<Utc>,
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "message_role", rename_all = "snake_case")]
pub enum MessageRole {
    /// The student.
    User,
    /// The tutor.
    Assistant,
}

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "message_status", rename_all = "snake_case")]
pub enum MessageStatus {
    /// A job is writing it.
    Pending,
    /// All of it is there.
    Complete,
    /// The provider broke off and no other could take over.
    Truncated,
    /// The provider would not answer.
    Blocked,
    /// The student stopped it; what had been written stands.
    Cancelled,
    /// There is no answer; `error` says why.
    Failed,
}

/// A message as stored.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The conversation.
    pub session: SessionId,
    /// What it answers or follows; `None` begins the conversation.
    pub parent_id: Option<MessageId>,
    /// Who wrote it.
    pub role: MessageRole,
    /// What it was sent to.
    pub feature: Feature,
    /// Its text, in Markdown.
    pub content: String,
    /// Where it stands.
    pub status: MessageStatus,
    /// The job that writes, or wrote, an assistant's message.
    pub job_id: Option<JobId>,
    /// Tokens of the prompt.
    pub prompt_tokens: Option<i32>,
    /// Tokens of the answer.
    pub completion_tokens: Option<i32>,
    /// Whether these are the provider's own figures.
    pub tokens_exact: Option<bool>,
    /// Who answered.
    pub provider: Option<String>,
    /// The model that answered.
    pub model: Option<String>,
    /// The passages that it cites.
    pub citations: Value,
    /// Why it failed, as the student was told.
    pub error: Option<Value>,
    /// The items of what a command made, as they were told: `{index, kind, item}`.
    pub items: Option<Value>,
    /// What these were kept as, and its id.
    pub material_kind: Option<MaterialKind>,
    /// Its id among those of its kind.
    pub material_id: Option<Uuid>,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
}
