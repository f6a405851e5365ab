//! A deck as a file, for Anki or as a table.

mod gather;
mod pictures;

use std::io::Cursor;

use anki::{Package, WriteOptions};
use axum::{extract::State, response::Response};
use domain::ids::DeckId;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::decks::NO_DECK;
use crate::{
    App, attachment,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Query},
};

/// What a deck is written as.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ExportFormat {
    /// A package for Anki.
    #[default]
    Apkg,
    /// A table of notes, without images.
    Csv,
}

/// What goes along with the notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ExportWith {
    /// Schedules and answers.
    Scheduling,
}

/// How a deck is written.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ExportQuery {
    /// `apkg` unless it is said.
    #[param(inline)]
    format: Option<ExportFormat>,
    /// Schedules and answers go along in a package; else all cards are new.
    #[param(inline)]
    with: Option<ExportWith>,
}

/// A deck as a file, with the decks below it. A student has one at a time. Notes that show a page of a document are left out.
#[utoipa::path(get, path = "/api/study/decks/{id}/export", tag = "study", params(("id" = DeckId, Path), ExportQuery),
    responses((status = OK, content((String = "application/apkg"), (String = "text/csv")), description = "the file"),
        (status = NOT_FOUND, body = ErrorBody), (status = CONFLICT, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody), (status = TOO_MANY_REQUESTS, body = ErrorBody)))]
pub(super) async fn export(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<DeckId>,
    Query(query): Query<ExportQuery>,
) -> ApiResult<Response> {
    let _place = app.exports.take(student.id)?;
    let _permit = app.exporters.acquire().await.map_err(|closed| ApiError::Internal(closed.into()))?;
    let format = query.format.unwrap_or_default();
    let scheduling = format == ExportFormat::Apkg && query.with.is_some();
    let mut tx = app.db.begin_as(student.id).await?;
    let deck = gather::deck(&mut tx, student.id, id, scheduling).await?.ok_or(NO_DECK)?;
    tx.commit().await?;
    let gather::Gathered { mut package, pictures, title, decay } = deck;
    let (content_type, extension) = match format {
        ExportFormat::Apkg => {
            package.media = pictures::read(&app.files, pictures).await?;
            ("application/apkg", "apkg")
        }
        ExportFormat::Csv => ("text/csv; charset=utf-8", "csv"),
    };
    let options = WriteOptions { now: app.clock.now().timestamp(), scheduling, decay };
    let written = tokio::task::spawn_blocking(move || write(&package, format, &options)).await;
    let bytes = written.map_err(|panicked| ApiError::Internal(panicked.into()))?;
    let bytes = bytes.map_err(|error| ApiError::Internal(error.into()))?;
    Ok(attachment::file(content_type, &title, extension, bytes))
}

fn write(
    package: &Package,
    format: ExportFormat,
    options: &WriteOptions,
) -> Result<Vec<u8>, anki::WriteError> {
    match format {
        ExportFormat::Csv => Ok(anki::write_table(package)?.into_bytes()),
        ExportFormat::Apkg => {
            let mut file = Cursor::new(Vec::new());
            anki::write(package, options, &mut file)?;
            Ok(file.into_inner())
        }
    }
}
