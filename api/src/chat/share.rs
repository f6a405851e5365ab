//! The link that shows a conversation to others.

use axum::{Json, extract::State, http::StatusCode};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use domain::{chat::sharing, ids::SessionId};
use rand::Rng as _;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    App,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Path,
    shared,
};

const NO_SESSION: ApiError = ApiError::NotFound("session");

/// A link, which is told once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShareLink {
    /// Where on this site it leads.
    path: String,
    shared_at: DateTime<Utc>,
}

/// Makes a link that shows a conversation to whoever has it. An earlier one ends.
#[utoipa::path(post, path = "/api/chat/sessions/{id}/share", tag = "chat", params(("id" = SessionId, Path)),
    responses((status = OK, body = ShareLink), (status = FORBIDDEN, body = ErrorBody),
        (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn share(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<SessionId>,
) -> ApiResult<Json<ShareLink>> {
    if !app.platform_status.current().sharing {
        return Err(ApiError::Forbidden("Sharing by links is switched off here."));
    }
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    let token = URL_SAFE_NO_PAD.encode(bytes);
    let shared_at = app.clock.now();
    let mut tx = app.db.begin_as(student.id).await?;
    if !sharing::share(&mut tx, id, &shared::hash(&token), shared_at).await? {
        return Err(NO_SESSION);
    }
    tx.commit().await?;
    Ok(Json(ShareLink { path: format!("/shared/{token}"), shared_at }))
}

/// Ends the link that shows a conversation, at once.
#[utoipa::path(delete, path = "/api/chat/sessions/{id}/share", tag = "chat", params(("id" = SessionId, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn unshare(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<SessionId>,
) -> ApiResult<StatusCode> {
    let mut tx = app.db.begin_as(student.id).await?;
    if !sharing::unshare(&mut tx, id).await? {
        return Err(NO_SESSION);
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
