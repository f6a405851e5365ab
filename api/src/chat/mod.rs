//! `/api/chat`: conversations and their messages, one file an operation.

use chrono::{DateTime, Utc};
use domain::{
    chat::{Material, Message, MessageRole, MessageStatus, Session},
    documents::citations::Citation,
    feature::Feature,
    feedback::ReportKind,
    ids::{DocumentId, FolderId, JobId, MessageId, SessionId},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, images::ImageView};

mod about;
pub(crate) mod accept;
mod edit;
mod folders;
mod messages;
mod regenerate;
mod report;
mod search;
mod send;
mod sessions;
mod share;
mod vote;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(sessions::create, sessions::list))
        .routes(routes!(sessions::show, sessions::change, sessions::delete))
        .routes(routes!(search::search))
        .routes(routes!(sessions::trash))
        .routes(routes!(sessions::restore))
        .routes(routes!(about::set))
        .routes(routes!(share::share, share::unshare))
        .routes(routes!(folders::list, folders::create))
        .routes(routes!(folders::rename, folders::delete))
        .routes(routes!(messages::list, send::send))
        .routes(routes!(regenerate::regenerate))
        .routes(routes!(edit::edit))
        .routes(routes!(vote::vote, vote::unvote))
        .routes(routes!(report::report, report::withdraw))
}

/// A conversation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionView {
    id: SessionId,
    /// Made from the first message, or given; null before that.
    title: Option<String>,
    /// The documents that it is about; null is all of the student's.
    documents: Option<Vec<DocumentId>>,
    /// Whether it stands first in the list.
    pinned: bool,
    /// Whether it is out of the list. A question brings it back.
    archived: bool,
    /// The folder that it is in.
    folder_id: Option<FolderId>,
    /// Since when a link shows it to others; null where none does.
    shared_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Session> for SessionView {
    fn from(session: Session) -> Self {
        let Session { id, title, documents, pinned, archived, folder: folder_id, shared_at, .. } = session;
        let (created_at, updated_at) = (session.created_at, session.updated_at);
        Self { id, title, documents, pinned, archived, folder_id, shared_at, created_at, updated_at }
    }
}

/// A message.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MessageView {
    id: MessageId,
    session_id: SessionId,
    /// What it answers or follows; null begins the conversation. Branches share a parent.
    parent_id: Option<MessageId>,
    role: MessageRole,
    /// What it was sent to: `chat`, or the feature of its command.
    feature: Feature,
    content: String,
    status: MessageStatus,
    /// Images that were sent with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<ImageView>,
    /// What a command made, one by one, as its events told it: `{index, kind, item}`. Its text says the same in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Value>,
    /// Where it is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    material: Option<Material>,
    /// The passages that it cites as `[n]`. The text of one is missing where its document is gone.
    citations: Vec<Citation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<UsageView>,
    /// Who answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
    /// The model that answered, by its provider's name for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    /// Why there is no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Value>,
    /// What the student voted about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    vote: Option<vote::Vote>,
    /// What the student reported to be wrong with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    reported: Option<ReportKind>,
    /// The job that writes it, or wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    job_id: Option<JobId>,
    created_at: DateTime<Utc>,
}

/// What a message cost.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsageView {
    prompt_tokens: i32,
    completion_tokens: i32,
    /// Whether these are the provider's own figures.
    exact: bool,
}

impl From<Message> for MessageView {
    fn from(message: Message) -> Self {
        let usage = message.prompt_tokens.zip(message.completion_tokens);
        let exact = message.tokens_exact.unwrap_or(false);
        Self {
            id: message.id,
            session_id: message.session,
            parent_id: message.parent_id,
            role: message.role,
            feature: message.feature,
            content: message.content,
            status: message.status,
            attachments: Vec::new(),
            items: message.items,
            material: message.material_kind.zip(message.material_id).map(|(kind, id)| Material { kind, id }),
            // What does not fit is of a release that cited otherwise.
            citations: serde_json::from_value(message.citations).unwrap_or_default(),
            usage: usage.map(|(prompt_tokens, completion_tokens)| UsageView {
                prompt_tokens,
                completion_tokens,
                exact,
            }),
            provider: message.provider,
            model: message.model,
            error: message.error,
            vote: None,
            reported: None,
            job_id: message.job_id,
            created_at: message.created_at,
        }
    }
}
