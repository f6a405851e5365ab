//! Summaries: list, search, show, rename, delete, export, and notes of them.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use chrono::{DateTime, Utc};
use domain::ids::{MessageId, SummaryId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use study::{
    items::Source,
    store::summaries::{self, Listed},
    summary::{self, Summary, SummaryKind},
};
use utoipa::{IntoParams, ToSchema};

use super::{
    target_deck::{CardsMade, TargetDeck},
    title::NewTitle,
};
use crate::{
    App, attachment,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Query, Valid},
    page::{Page, PageQuery},
};

const NO_SUMMARY: ApiError = ApiError::NotFound("summary");

/// The longest search, in characters.
const LONGEST: usize = 200;

/// Which summaries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SummariesQuery {
    /// Those that have all of these words in their title or text; up to 200 characters.
    q: Option<String>,
}

/// A summary as it is listed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedSummary {
    id: SummaryId,
    kind: SummaryKind,
    title: String,
    /// How many points or sections it has.
    count: i64,
    /// The answer that made it; null where that is gone.
    message_id: Option<MessageId>,
    created_at: DateTime<Utc>,
}

/// A point of a `highyield`, which has `text`, or a section of an `explain`, which has `heading` and `body`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct SummaryItem {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    heading: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    /// The passage that it stands on, where that was checked.
    #[serde(default)]
    source: Option<Source>,
}

/// A summary.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SummaryView {
    id: SummaryId,
    kind: SummaryKind,
    title: String,
    items: Vec<SummaryItem>,
    /// The answer that made it; null where that is gone.
    message_id: Option<MessageId>,
    created_at: DateTime<Utc>,
}

impl From<Listed> for ListedSummary {
    fn from(Listed { id, kind, title, count, message, created_at }: Listed) -> Self {
        Self { id, kind, title, count, message_id: message, created_at }
    }
}

impl SummaryItem {
    /// What does not fit is of a release that cited otherwise: the words are shown all the same.
    fn read(mut item: Value) -> Option<Self> {
        if let Some(source) = item.get_mut("source")
            && serde_json::from_value::<Option<Source>>(source.clone()).is_err()
        {
            *source = Value::Null;
        }
        serde_json::from_value(item).ok()
    }
}

impl From<Summary> for SummaryView {
    fn from(Summary { id, kind, title, items, message, created_at }: Summary) -> Self {
        let items = items.into_iter().filter_map(SummaryItem::read).collect();
        Self { id, kind, title, items, message_id: message, created_at }
    }
}

/// Lists summaries, the newest first.
#[utoipa::path(get, path = "/api/study/summaries", tag = "study", params(SummariesQuery, PageQuery),
    responses((status = OK, body = Page<ListedSummary>), (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn list(
    State(app): State<App>,
    student: SignedInUser,
    Query(query): Query<SummariesQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<ListedSummary>>> {
    let (limit, words) = (page.limit()?, query.q.unwrap_or_default());
    if words.chars().count() > LONGEST || words.contains('\0') {
        return Err(ApiError::field("q", "must be at most 200 characters"));
    }
    let mut tx = app.db.begin_as(student.id).await?;
    let found = summaries::list(&mut tx, &words, page.cursor()?, limit + 1).await?;
    tx.commit().await?;
    Ok(Json(Page::new(found, limit, |summary| summary.id, Into::into)))
}

/// A summary.
#[utoipa::path(get, path = "/api/study/summaries/{id}", tag = "study", params(("id" = SummaryId, Path)),
    responses((status = OK, body = SummaryView), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn show(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<SummaryId>,
) -> ApiResult<Json<SummaryView>> {
    let mut tx = app.db.begin_as(student.id).await?;
    let summary = summaries::find(&mut tx, id).await?.ok_or(NO_SUMMARY)?;
    tx.commit().await?;
    Ok(Json(summary.into()))
}

/// Renames a summary.
#[utoipa::path(patch, path = "/api/study/summaries/{id}", tag = "study", params(("id" = SummaryId, Path)),
    request_body = NewTitle,
    responses((status = OK, body = SummaryView), (status = NOT_FOUND, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn rename(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<SummaryId>,
    Valid(body): Valid<NewTitle>,
) -> ApiResult<Json<SummaryView>> {
    let title = body.trimmed()?;
    let mut tx = app.db.begin_as(student.id).await?;
    summaries::rename(&mut tx, id, title).await?;
    let summary = summaries::find(&mut tx, id).await?.ok_or(NO_SUMMARY)?;
    tx.commit().await?;
    Ok(Json(summary.into()))
}

/// Deletes a summary. Notes that were made of it stay.
#[utoipa::path(delete, path = "/api/study/summaries/{id}", tag = "study", params(("id" = SummaryId, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn delete(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<SummaryId>,
) -> ApiResult<StatusCode> {
    let mut tx = app.db.begin_as(student.id).await?;
    if !summaries::delete(&mut tx, id).await? {
        return Err(NO_SUMMARY);
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a note of each point or section, in a deck of the summary's title unless another is given. Each has one note,
/// however often it is made.
#[utoipa::path(post, path = "/api/study/summaries/{id}/cards", tag = "study", params(("id" = SummaryId, Path)),
    request_body = TargetDeck,
    responses((status = OK, body = CardsMade), (status = NOT_FOUND, body = ErrorBody),
        (status = CONFLICT, body = ErrorBody), (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn make_cards(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<SummaryId>,
    Valid(target): Valid<TargetDeck>,
) -> ApiResult<Json<CardsMade>> {
    let mut tx = app.db.begin_as(student.id).await?;
    let summary = summaries::find(&mut tx, id).await?.ok_or(NO_SUMMARY)?;
    let notes = summary::drafts(&summary);
    let made = target.take(&mut tx, student.id, &summary.title, summary.message, notes).await?;
    tx.commit().await?;
    Ok(Json(made))
}

/// A summary as a file of Markdown, with the passages that it stands on as footnotes.
#[utoipa::path(get, path = "/api/study/summaries/{id}/export", tag = "study", params(("id" = SummaryId, Path)),
    responses((status = OK, content_type = "text/markdown", body = String), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn export(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<SummaryId>,
) -> ApiResult<Response> {
    let mut tx = app.db.begin_as(student.id).await?;
    let summary = summaries::find(&mut tx, id).await?.ok_or(NO_SUMMARY)?;
    tx.commit().await?;
    let text = summary::markdown(&summary);
    Ok(attachment::text("text/markdown; charset=utf-8", &summary.title, "md", text))
}
