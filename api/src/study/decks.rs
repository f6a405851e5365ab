//! Decks: list, create, show, change, delete.

use axum::{Json, extract::State, http::StatusCode};
use domain::ids::DeckId;
use sqlx::PgConnection;
use study::store::{
    decks::{self, Deck, Titled},
    queue,
};

use super::deck_view::{DeckChange, DeckView, NewDeck, below, parts, titled};
use crate::{
    App,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Valid},
    page::Page,
};

pub(super) const NO_DECK: ApiError = ApiError::NotFound("deck");

/// Lists all decks by title, those above before those below, with what is for today.
#[utoipa::path(get, path = "/api/study/decks", tag = "study", responses((status = OK, body = Page<DeckView>)))]
pub(super) async fn list(State(app): State<App>, student: SignedInUser) -> ApiResult<Json<Page<DeckView>>> {
    let mut tx = app.db.begin_as(student.id).await?;
    let views = views(&app, &mut tx, &student, None).await?;
    tx.commit().await?;
    Ok(Json(Page::whole(views)))
}

/// All decks, or one of them, as they are told.
async fn views(
    app: &App,
    conn: &mut PgConnection,
    student: &SignedInUser,
    only: Option<DeckId>,
) -> ApiResult<Vec<DeckView>> {
    let plan = queue::plan(&mut *conn, student.id, app.clock.now(), None).await?.ok_or(NO_DECK)?;
    let totals = decks::totals(conn, student.id).await?;
    let counts = plan.counts_with_below();
    let asked = plan.decks.iter().filter(|deck| only.is_none_or(|id| id == deck.id)).cloned();
    Ok(asked.map(|deck| DeckView::new(deck.clone(), counts.get(&deck.id), &plan.decks, &totals)).collect())
}

async fn view(app: &App, conn: &mut PgConnection, student: &SignedInUser, id: DeckId) -> ApiResult<DeckView> {
    views(app, conn, student, Some(id)).await?.pop().ok_or(NO_DECK)
}

/// Makes a deck, and those above it that are missing. There may be a thousand.
#[utoipa::path(post, path = "/api/study/decks", tag = "study", request_body = NewDeck,
    responses((status = CREATED, body = DeckView), (status = CONFLICT, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn create(
    State(app): State<App>,
    student: SignedInUser,
    Valid(new): Valid<NewDeck>,
) -> ApiResult<(StatusCode, Json<DeckView>)> {
    let title = new.title.clone();
    let parts = parts(&title)?;
    let mut tx = app.db.begin_as(student.id).await?;
    let deck = titled(decks::insert(&mut tx, student.id, &parts, &new.settings()).await?)?;
    let view = view(&app, &mut tx, &student, deck.id).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// One deck.
#[utoipa::path(get, path = "/api/study/decks/{id}", tag = "study", params(("id" = DeckId, Path)),
    responses((status = OK, body = DeckView), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn show(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<DeckId>,
) -> ApiResult<Json<DeckView>> {
    let mut tx = app.db.begin_as(student.id).await?;
    let view = view(&app, &mut tx, &student, id).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// Changes a deck. Another title takes the decks below it along.
#[utoipa::path(patch, path = "/api/study/decks/{id}", tag = "study", params(("id" = DeckId, Path)),
    request_body = DeckChange,
    responses((status = OK, body = DeckView), (status = NOT_FOUND, body = ErrorBody),
        (status = CONFLICT, body = ErrorBody), (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn change(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<DeckId>,
    Valid(body): Valid<DeckChange>,
) -> ApiResult<Json<DeckView>> {
    let mut tx = app.db.begin_as(student.id).await?;
    if let Some(title) = &body.title {
        rename(&mut tx, &student, id, &parts(title)?).await?;
    }
    if let Some(settings) = body.settings() {
        decks::change(&mut tx, student.id, id, &settings).await?.ok_or(NO_DECK)?;
    }
    let view = view(&app, &mut tx, &student, id).await?;
    tx.commit().await?;
    Ok(Json(view))
}

async fn rename(
    conn: &mut PgConnection,
    student: &SignedInUser,
    id: DeckId,
    parts: &[&str],
) -> ApiResult<Deck> {
    let renamed: Titled = decks::rename(conn, student.id, id, parts).await.map_err(below)?;
    titled(renamed)
}

/// Deletes a deck and those below it, with all notes and cards in them. What was answered stays in the statistics.
#[utoipa::path(delete, path = "/api/study/decks/{id}", tag = "study", params(("id" = DeckId, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn delete(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<DeckId>,
) -> ApiResult<StatusCode> {
    let mut tx = app.db.begin_as(student.id).await?;
    let decks = decks::subtree(&mut tx, student.id, id).await?;
    if decks.is_empty() {
        return Err(NO_DECK);
    }
    decks::delete(&mut tx, student.id, &decks).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
