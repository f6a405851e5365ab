//! Searches documents.

use std::{collections::HashMap, time::Duration};

use axum::{Json, extract::State};
use domain::{
    Feature,
    documents::{
        ranking::ChunkRef,
        search::{self, Passage},
        searches::{self, Search},
        store,
    },
    ids::{DocumentId, JobId, SearchId},
};
use jobs::{
    Job as _,
    bus::EventKind,
    catalogue::{SearchDocuments, kinds},
    queue::{Enqueue, control},
    search::Found,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{list::NO_DOCUMENT, snippet};
use crate::{
    App, await_job,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Query,
    gate,
    page::Page,
    server::request_id,
};

/// How long a search may take.
const WITHIN: Duration = Duration::from_secs(15);

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct SearchQuery {
    /// In words, or as a question.
    q: String,
    /// The most passages to return, 1 to 50; 8 unless given.
    top_k: Option<i32>,
    /// Only in this document.
    document: Option<DocumentId>,
}

/// A passage that was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PassageView {
    document_id: DocumentId,
    title: String,
    /// From 1.
    page: i32,
    /// The page as it is printed, where that is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    /// Where it begins, in characters of the page's text.
    start: i32,
    /// Where it ends.
    end: i32,
    /// Whether its numbers, units or signs may not be as they are in the original, which is to be checked.
    check_original: bool,
    /// Whether its text was recognised in an image.
    recognised: bool,
    text: String,
    /// The part of it that says why it was found.
    snippet: String,
    /// What it is ranked by; higher is better, and comparable within one search only.
    score: f64,
    /// How near its meaning is to the question, 1 being the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    similarity: Option<f64>,
    /// What found it: `vector` by its meaning, `text` by its words.
    found_by: Vec<&'static str>,
}

/// Searches documents by meaning and by words.
#[utoipa::path(get, path = "/api/documents/search", tag = "documents", params(SearchQuery),
    responses((status = OK, body = Page<PassageView>), (status = NOT_FOUND, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn search(
    State(app): State<App>,
    student: SignedInUser,
    Query(query): Query<SearchQuery>,
) -> ApiResult<Json<Page<PassageView>>> {
    gate::pass(&app, &student, Feature::Pdf)?;
    let search = checked(&query)?;
    let Some(job) = enqueue(&app, &student, &search).await? else { return Ok(Json(Page::whole(Vec::new()))) };
    app.notifier.ring(SearchDocuments::QUEUE);
    let ending = await_job::ending(&app, job, WITHIN).await?;
    let found = match ending {
        Some(ending) if ending.kind == EventKind::Done => serde_json::from_value::<Found>(ending.data).ok(),
        Some(_) => None,
        None => {
            // Nobody waits for it any more.
            control::cancel(&app.db, &app.bus, kinds(), job).await?;
            None
        }
    };
    let found = found.ok_or_else(|| ApiError::Internal(anyhow::anyhow!("a search came to no end")))?;
    let mut tx = app.db.begin_as(student.id).await?;
    let chunks: Vec<ChunkRef> = found.hits.iter().map(|hit| (hit.document, hit.number)).collect();
    let passages = search::passages(&mut tx, &chunks).await?;
    tx.commit().await?;
    let mut passages: HashMap<ChunkRef, Passage> =
        passages.into_iter().map(|passage| ((passage.document, passage.number), passage)).collect();
    let items = found.hits.iter().filter_map(|hit| {
        let passage = passages.remove(&(hit.document, hit.number))?;
        Some(view(passage, hit, &search.query))
    });
    Ok(Json(Page::whole(items.collect())))
}

fn checked(query: &SearchQuery) -> ApiResult<Search> {
    let text = query.q.trim();
    if text.is_empty() || text.chars().count() > 1_000 || text.contains('\0') {
        return Err(ApiError::field("q", "must have 1 to 1,000 characters, and no NUL"));
    }
    let top_k = query.top_k.unwrap_or(8);
    if !(1..=50).contains(&top_k) {
        return Err(ApiError::field("top_k", "must be 1 to 50"));
    }
    Ok(Search { query: text.to_owned(), document: query.document, top_k })
}

/// Enqueues a search, unless there is nothing to be found.
async fn enqueue(app: &App, student: &SignedInUser, search: &Search) -> ApiResult<Option<JobId>> {
    let mut tx = app.db.begin_as(student.id).await?;
    let only = search.document.map(|document| [document]);
    if let Some(document) = search.document {
        store::find(&mut tx, document).await?.ok_or(NO_DOCUMENT)?;
    }
    let models = store::models(&mut tx, student.id, only.as_ref().map(<[_; 1]>::as_slice)).await?;
    if models.is_empty() {
        return Ok(None);
    }
    let id = SearchId::generate();
    searches::insert(&mut tx, id, student.id, search).await?;
    let job = Enqueue::new(&SearchDocuments { user: student.id, search: id });
    let job = job.on_behalf_of(request_id().as_deref()).silently().run(&mut tx).await?;
    tx.commit().await?;
    Ok(Some(job.id))
}

fn view(passage: Passage, hit: &jobs::search::FoundHit, question: &str) -> PassageView {
    let by = [(hit.vector_rank.is_some(), "vector"), (hit.text_rank.is_some(), "text")];
    PassageView {
        document_id: passage.document,
        title: passage.title,
        page: passage.page,
        label: passage.label,
        start: passage.start,
        end: passage.end,
        check_original: passage.check_original,
        recognised: passage.recognised,
        snippet: snippet::of(&passage.text, question),
        text: passage.text,
        score: hit.score,
        similarity: hit.similarity,
        found_by: by.into_iter().filter_map(|(found, by)| found.then_some(by)).collect(),
    }
}
