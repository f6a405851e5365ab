//! Concept maps: list, show, rename, delete, export.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use chrono::{DateTime, Utc};
use domain::ids::{MapId, MessageId};
use serde::{Deserialize, Serialize};
use study::{
    items::{Map, mermaid::mermaid},
    store::maps::{self, ListedMap},
};
use utoipa::{IntoParams, ToSchema};

use super::title::NewTitle;
use crate::{
    App, attachment,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Query, Valid},
    page::{Page, PageQuery},
};

const NO_MAP: ApiError = ApiError::NotFound("map");

/// A map as it is listed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedMapView {
    id: MapId,
    title: String,
    /// How many nodes it has.
    nodes: i64,
    /// The answer that made it; null where that is gone.
    message_id: Option<MessageId>,
    created_at: DateTime<Utc>,
}

/// A map.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MapView {
    id: MapId,
    title: String,
    map: Map,
    /// The answer that made it; null where that is gone.
    message_id: Option<MessageId>,
    created_at: DateTime<Utc>,
}

impl From<ListedMap> for ListedMapView {
    fn from(ListedMap { id, title, nodes, message, created_at }: ListedMap) -> Self {
        Self { id, title, nodes, message_id: message, created_at }
    }
}

impl From<(ListedMap, Map)> for MapView {
    fn from((listed, map): (ListedMap, Map)) -> Self {
        let ListedMap { id, title, message, created_at, .. } = listed;
        Self { id, title, map, message_id: message, created_at }
    }
}

/// As what a map is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum MapFormat {
    /// The text of a flowchart, as Mermaid reads it.
    Mermaid,
}

/// How it is exported.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ExportQuery {
    #[param(inline)]
    #[serde(rename = "format")]
    _format: MapFormat,
}

/// Lists maps, the newest first.
#[utoipa::path(get, path = "/api/study/maps", tag = "study", params(PageQuery),
    responses((status = OK, body = Page<ListedMapView>)))]
pub(super) async fn list(
    State(app): State<App>,
    student: SignedInUser,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<ListedMapView>>> {
    let limit = page.limit()?;
    let mut tx = app.db.begin_as(student.id).await?;
    let found = maps::list(&mut tx, page.cursor()?, limit + 1).await?;
    tx.commit().await?;
    Ok(Json(Page::new(found, limit, |map| map.id, Into::into)))
}

/// A map.
#[utoipa::path(get, path = "/api/study/maps/{id}", tag = "study", params(("id" = MapId, Path)),
    responses((status = OK, body = MapView), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn show(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<MapId>,
) -> ApiResult<Json<MapView>> {
    let mut tx = app.db.begin_as(student.id).await?;
    let map = maps::find(&mut tx, id).await?.ok_or(NO_MAP)?;
    tx.commit().await?;
    Ok(Json(map.into()))
}

/// Renames a map.
#[utoipa::path(patch, path = "/api/study/maps/{id}", tag = "study", params(("id" = MapId, Path)),
    request_body = NewTitle,
    responses((status = OK, body = MapView), (status = NOT_FOUND, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn rename(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<MapId>,
    Valid(body): Valid<NewTitle>,
) -> ApiResult<Json<MapView>> {
    let title = body.trimmed()?;
    let mut tx = app.db.begin_as(student.id).await?;
    maps::rename(&mut tx, id, title).await?;
    let map = maps::find(&mut tx, id).await?.ok_or(NO_MAP)?;
    tx.commit().await?;
    Ok(Json(map.into()))
}

/// Deletes a map.
#[utoipa::path(delete, path = "/api/study/maps/{id}", tag = "study", params(("id" = MapId, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn delete(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<MapId>,
) -> ApiResult<StatusCode> {
    let mut tx = app.db.begin_as(student.id).await?;
    if !maps::delete(&mut tx, id).await? {
        return Err(NO_MAP);
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A map as a file.
#[utoipa::path(get, path = "/api/study/maps/{id}/export", tag = "study", params(("id" = MapId, Path), ExportQuery),
    responses((status = OK, content_type = "text/plain", body = String), (status = NOT_FOUND, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn export(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<MapId>,
    Query(_query): Query<ExportQuery>,
) -> ApiResult<Response> {
    let mut tx = app.db.begin_as(student.id).await?;
    let (listed, map) = maps::find(&mut tx, id).await?.ok_or(NO_MAP)?;
    tx.commit().await?;
    Ok(attachment::text("text/plain; charset=utf-8", &listed.title, "mmd", mermaid(&map)))
}
