//! `/api/shared`: a conversation that its student shows to whoever has the link. What the caller may not know, from whose it
//! is to the text of passages, is not in it.

use axum::{
    Json,
    extract::State,
    http::{HeaderName, HeaderValue},
};
use chrono::{DateTime, Utc};
use domain::{
    chat::{
        MessageRole,
        sharing::{self, Shown},
    },
    documents::citations::Citation,
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use study::store::quizzes;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Path,
    forwarded::household,
    server::ClientIp,
    study::IN_AN_EXAM,
    web::NO_INDEX,
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show))
}

/// What is kept of a token. It has 256 bits of chance, so a hash without salt is enough.
pub(crate) fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// A conversation as it is shown to others.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SharedConversation {
    title: Option<String>,
    /// The questions of the branch with the newest message, and the answers that are finished.
    messages: Vec<SharedMessage>,
}

/// A message as it is shown to others.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SharedMessage {
    role: MessageRole,
    content: String,
    /// What stands in it as `[n]`.
    citations: Vec<SharedCitation>,
    created_at: DateTime<Utc>,
}

/// What a citation is called: not what it says.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SharedCitation {
    n: u32,
    title: String,
    /// The page as it is printed, or its number.
    page: String,
}

impl From<Shown> for SharedMessage {
    fn from(shown: Shown) -> Self {
        let stored: Vec<Citation> = serde_json::from_value(shown.citations).unwrap_or_default();
        let stands = |citation: &Citation| shown.content.contains(&format!("[{}]", citation.n));
        let citations = stored.into_iter().filter(stands).map(Into::into).collect();
        Self { role: shown.role, content: shown.content, citations, created_at: shown.created_at }
    }
}

impl From<Citation> for SharedCitation {
    fn from(citation: Citation) -> Self {
        let page = citation.label.unwrap_or_else(|| citation.page.to_string());
        Self { n: citation.n, title: citation.title, page }
    }
}

/// A conversation by its link. Needs no sign-in. What is unknown, was revoked or is switched off is alike: not there.
#[utoipa::path(get, path = "/api/shared/{token}", tag = "chat", security(()), params(("token" = String, Path)),
    responses((status = OK, body = SharedConversation), (status = NOT_FOUND, body = ErrorBody)))]
async fn show(
    State(app): State<App>,
    ClientIp(ip): ClientIp,
    Path(token): Path<String>,
) -> ApiResult<([(HeaderName, HeaderValue); 1], Json<SharedConversation>)> {
    const NOT_THERE: ApiError = ApiError::NotFound("conversation");
    app.paces.shared.require(household(ip), app.clock.now())?;
    let mut tx = app.db.begin_platform().await?;
    let shared = sharing::find(&mut tx, &hash(&token)).await?.ok_or(NOT_THERE)?;
    tx.commit().await?;
    let mut tx = app.db.begin_as(shared.user).await?;
    let mut messages = sharing::branch(&mut tx, shared.id).await?;
    let hidden = quizzes::answers_in_running_exams(&mut tx, app.clock.now()).await?;
    for message in messages.iter_mut().filter(|message| hidden.contains(&message.id)) {
        IN_AN_EXAM.clone_into(&mut message.content);
    }
    tx.commit().await?;
    let messages = messages.into_iter().map(Into::into).collect();
    Ok(([NO_INDEX], Json(SharedConversation { title: shared.title, messages })))
}
