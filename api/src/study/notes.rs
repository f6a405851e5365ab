//! Notes: list, create, show, change, delete.

use axum::{Json, extract::State, http::StatusCode};
use domain::{
    Tx,
    ids::{DeckId, NoteId},
};
use serde::Deserialize;
use study::{
    notes::NoteOrigin,
    store::{
        cards, decks,
        notes::{self, Asked, Note, StateFilter},
        settings,
    },
};
use utoipa::IntoParams;

use super::{
    decks::NO_DECK,
    note_view::{NewNote, NoteChange, NoteView, checked, tags},
};
use crate::{
    App,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Query, Valid},
    page::{Page, PageQuery},
};

const NO_NOTE: ApiError = ApiError::NotFound("note");

/// How long a search may be, in characters.
const LONGEST: usize = 200;

/// Which notes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct NotesQuery {
    /// Those with all of these words in fields or tags, up to 200 characters.
    q: Option<String>,
    /// Those with this tag, or one below it (`heart` is above `heart::valves`).
    tag: Option<String>,
    /// Those with a card in this state.
    #[param(inline)]
    state: Option<StateFilter>,
}

/// Lists the notes of a deck and those below it, the newest first.
#[utoipa::path(get, path = "/api/study/decks/{id}/notes", tag = "study",
    params(("id" = DeckId, Path), NotesQuery, PageQuery),
    responses((status = OK, body = Page<NoteView>), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn list(
    State(app): State<App>,
    student: SignedInUser,
    Path(deck): Path<DeckId>,
    Query(query): Query<NotesQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<NoteView>>> {
    let (limit, before) = (page.limit()?, page.cursor::<NoteId>()?);
    let (words, tag) = (text("q", query.q.as_deref())?, text("tag", query.tag.as_deref())?);
    let mut tx = app.db.begin_as(student.id).await?;
    let decks = decks::subtree(&mut tx, student.id, deck).await?;
    if decks.is_empty() {
        return Err(NO_DECK);
    }
    let today = settings::find(&mut tx, student.id).await?.day(app.clock.now());
    let asked = Asked { words, tag, state: query.state, before };
    let rows = notes::list(&mut tx, student.id, &decks, &asked, today, limit + 1).await?;
    let ids: Vec<NoteId> = rows.iter().map(|note| note.id).collect();
    let cards = cards::of_notes(&mut tx, student.id, &ids).await?;
    tx.commit().await?;
    Ok(Json(Page::new(rows, limit, |note| note.id, |note| NoteView::new(note, &cards, today))))
}

fn text<'a>(field: &str, text: Option<&'a str>) -> ApiResult<Option<&'a str>> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > LONGEST || text.contains('\0')) {
        return Err(ApiError::field(field, "must be up to 200 characters"));
    }
    Ok(text)
}

/// Makes a note with its cards. There may be 100,000.
#[utoipa::path(post, path = "/api/study/decks/{id}/notes", tag = "study", params(("id" = DeckId, Path)),
    request_body = NewNote,
    responses((status = CREATED, body = NoteView), (status = NOT_FOUND, body = ErrorBody),
        (status = CONFLICT, body = ErrorBody), (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn create(
    State(app): State<App>,
    student: SignedInUser,
    Path(deck): Path<DeckId>,
    Valid(new): Valid<NewNote>,
) -> ApiResult<(StatusCode, Json<NoteView>)> {
    let mut tx = app.db.begin_as(student.id).await?;
    decks::find(&mut tx, student.id, deck).await?.ok_or(NO_DECK)?;
    let tags = tags(&new.tags)?;
    let fields = checked(&mut tx, new.kind, new.fields).await?;
    if !notes::has_room(&mut tx, student.id, 1).await? {
        return Err(ApiError::Conflict("You have 100,000 notes, which is the most there may be."));
    }
    let id = NoteId::generate();
    let note = notes::NewNote {
        id,
        guid: id.to_string(),
        kind: new.kind,
        fields,
        tags,
        source: None,
        created_by: NoteOrigin::Student,
        message: None,
    };
    notes::insert_all(&mut tx, student.id, deck, &[note]).await?;
    let view = view(&app, &mut tx, &student, id).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(view)))
}

async fn view(app: &App, tx: &mut Tx, student: &SignedInUser, id: NoteId) -> ApiResult<NoteView> {
    let note = notes::find(&mut *tx, student.id, id).await?.ok_or(NO_NOTE)?;
    let today = settings::find(&mut *tx, student.id).await?.day(app.clock.now());
    let cards = cards::of_notes(&mut *tx, student.id, &[id]).await?;
    Ok(NoteView::new(note, &cards, today))
}

/// One note.
#[utoipa::path(get, path = "/api/study/notes/{id}", tag = "study", params(("id" = NoteId, Path)),
    responses((status = OK, body = NoteView), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn show(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<NoteId>,
) -> ApiResult<Json<NoteView>> {
    let mut tx = app.db.begin_as(student.id).await?;
    let view = view(&app, &mut tx, &student, id).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// Changes a note. Its cards follow its fields; those that stay keep their schedule.
#[utoipa::path(patch, path = "/api/study/notes/{id}", tag = "study", params(("id" = NoteId, Path)),
    request_body = NoteChange,
    responses((status = OK, body = NoteView), (status = NOT_FOUND, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn change(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<NoteId>,
    Valid(body): Valid<NoteChange>,
) -> ApiResult<Json<NoteView>> {
    let mut tx = app.db.begin_as(student.id).await?;
    let mut note: Note = notes::find(&mut tx, student.id, id).await?.ok_or(NO_NOTE)?;
    if let Some(deck) = body.deck_id {
        decks::find(&mut tx, student.id, deck)
            .await?
            .ok_or_else(|| ApiError::field("deck_id", "names a deck that is not there"))?;
        notes::move_to(&mut tx, student.id, &[id], deck).await?;
        note.deck = deck;
    }
    if let Some(given) = &body.tags {
        notes::set_tags(&mut tx, student.id, id, &tags(given)?).await?;
    }
    if let Some(fields) = body.fields {
        let fields = checked(&mut tx, note.kind, fields).await?;
        notes::update(&mut tx, student.id, &note, &fields).await?;
    }
    let view = view(&app, &mut tx, &student, id).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// Deletes a note with its cards. What was answered stays in the statistics.
#[utoipa::path(delete, path = "/api/study/notes/{id}", tag = "study", params(("id" = NoteId, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn delete(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<NoteId>,
) -> ApiResult<StatusCode> {
    let mut tx = app.db.begin_as(student.id).await?;
    if notes::delete(&mut tx, student.id, &[id]).await? == 0 {
        return Err(NO_NOTE);
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
