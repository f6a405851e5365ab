//! SQL about documents that are read anew in the background, since an earlier reader may have read them wrong.

use sqlx::PgConnection;

use super::{
    Document, DocumentStatus, READER_VERSION,
    chunks::{self, NewChunk},
    citations::Citation,
    pages::{self, NewPage},
    place::{Place, find_again},
    store::{self, ReadingResult},
    words,
};
use crate::ids::{DocumentId, JobId, MessageId, UserId};

/// How often a document is begun, at most: what kills its reader each time is left as it is.
const MOST_TRIES: i16 = 3;

/// How many chunks or pages go into one statement.
const AT_ONCE: usize = 500;

/// The next document of an earlier reader, whose jobs have all ended. Needs the platform.
pub async fn next(conn: &mut PgConnection) -> sqlx::Result<Option<(UserId, DocumentId)>> {
    let row = sqlx::query!(
        r#"select user_id as "user: UserId", id as "id: DocumentId" from documents d
           where reader_version < $1 and status in ('ready', 'partly_ready')
             and (reread_version < $1 or reread_tries < $2)
             and not exists (select from jobs j where j.id = d.job_id and j.finished_at is null)
           order by reread_version, reread_tries, id limit 1"#,
        READER_VERSION,
        MOST_TRIES,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.user, row.id)))
}

/// Counts a try before it is made, since the process may die of it.
pub async fn begin(conn: &mut PgConnection, id: DocumentId) -> sqlx::Result<()> {
    sqlx::query!(
        "update documents
         set reread_tries = case when reread_version = $2 then reread_tries + 1 else 1 end, reread_version = $2
         where id = $1",
        id.0,
        READER_VERSION,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes a try back that was not the document's fault.
pub async fn put_off(conn: &mut PgConnection, id: DocumentId) -> sqlx::Result<()> {
    sqlx::query!(
        "update documents set reread_tries = greatest(reread_tries - 1, 0) where id = $1 and reader_version < $2",
        id.0,
        READER_VERSION,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Says that this reader cannot read it anew. It stays as it is, and marked; its words are those of questions again.
pub async fn give_up(conn: &mut PgConnection, user: UserId, id: DocumentId) -> sqlx::Result<()> {
    sqlx::query!(
        "update documents set reread_version = $2, reread_tries = $3 where id = $1 and reader_version < $2",
        id.0,
        READER_VERSION,
        MOST_TRIES,
    )
    .execute(&mut *conn)
    .await?;
    words::index(conn, user, id).await
}

/// All that a document says, as it was read anew.
#[derive(Debug)]
pub struct Reading<'a> {
    /// All its pages.
    pub pages: &'a [NewPage],
    /// Their chunks.
    pub chunks: &'a [NewChunk],
    /// A vector for each of these, where there is one.
    pub vectors: &'a [(super::ChunkNumber, Option<Vec<f32>>)],
}

/// Puts a document's new text in the place of the old one, with all that is made of it, and moves the citations of it to
/// where their passages stand now. Within one transaction nobody sees it half done. Returns false where the document went
/// away or something else happened to it since `old` was seen; then the caller must roll back.
pub async fn replace(
    conn: &mut PgConnection,
    user: UserId,
    old: &Document,
    new: &Reading<'_>,
) -> sqlx::Result<bool> {
    let Some(now) = store::lock(&mut *conn, old.id).await? else { return Ok(false) };
    if now.job_id != old.job_id || now.model != old.model || now.reader_version != old.reader_version {
        return Ok(false);
    }
    if is_busy(&mut *conn, user, now.job_id).await? {
        return Ok(false);
    }
    move_citations(&mut *conn, user, old.id, new.pages).await?;
    sqlx::query!("delete from chunks where document_id = $1", old.id.0).execute(&mut *conn).await?;
    let pages = i32::try_from(new.pages.len()).unwrap_or(i32::MAX);
    sqlx::query!("delete from document_pages where document_id = $1 and page > $2", old.id.0, pages)
        .execute(&mut *conn)
        .await?;
    for pages in new.pages.chunks(AT_ONCE) {
        pages::upsert(&mut *conn, user, old.id, pages).await?;
    }
    for some in new.chunks.chunks(AT_ONCE) {
        // All of the document's are gone, so there are none to be replaced.
        chunks::insert(&mut *conn, user, old.id, some).await?;
    }
    if let Some(model) = &now.model {
        for vectors in new.vectors.chunks(AT_ONCE) {
            chunks::insert_vectors(&mut *conn, user, old.id, model, vectors).await?;
        }
    }
    words::index(&mut *conn, user, old.id).await?;
    let readings = pages::readings(&mut *conn, old.id, now.model.as_deref()).await?;
    let (status, problem) = super::verdict(new.pages.len(), &readings);
    let outcome = ReadingResult {
        // What could be searched can be: the old text of a page stays where the new reader has none.
        status: if status == DocumentStatus::Failed { now.status } else { status },
        error: problem.map(|problem| problem.to_json()),
        pages: Some(pages),
        failed_pages: &readings.failed,
        textless_pages: &readings.textless,
        model: None,
        recognisable: !readings.textless.is_empty(),
    };
    store::set_read(&mut *conn, old.id, pages, None).await?;
    store::finish(conn, old.id, now.job_id, &outcome).await
}

/// Whether another job works on the document, or puts the student's library over to another model.
async fn is_busy(conn: &mut PgConnection, user: UserId, job: JobId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from jobs where state in ('scheduled', 'ready', 'running')
                          and (id = $1 or (name = 'reembed_library' and unique_key = $2::uuid::text))) as "busy!""#,
        job.0,
        user.0,
    )
    .fetch_one(conn)
    .await
}

/// Moves stored citations to where their passages stand on the new pages; one that stands nowhere says so.
async fn move_citations(
    conn: &mut PgConnection,
    user: UserId,
    document: DocumentId,
    new: &[NewPage],
) -> sqlx::Result<()> {
    let rows = sqlx::query!(
        r#"select m.id as "id: MessageId", m.citations from messages m join sessions s on s.id = m.session_id
           where s.user_id = $1 and m.citations @> jsonb_build_array(jsonb_build_object('document_id', $2::uuid::text))
           order by m.id for update of m"#,
        user.0,
        document.0,
    )
    .fetch_all(&mut *conn)
    .await?;
    for row in rows {
        let Ok(mut citations) = serde_json::from_value::<Vec<Citation>>(row.citations) else { continue };
        for citation in citations.iter_mut().filter(|citation| citation.document_id == document) {
            let old = pages::find(&mut *conn, document, citation.page).await?;
            let page = usize::try_from(citation.page - 1).ok().and_then(|place| new.get(place));
            move_one(citation, &old.map(|page| page.body).unwrap_or_default(), page);
        }
        sqlx::query!(
            "update messages set citations = $2 where id = $1",
            row.id.0,
            serde_json::to_value(&citations).map_err(|error| sqlx::Error::Encode(error.into()))?,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

fn move_one(citation: &mut Citation, old: &str, new: Option<&NewPage>) {
    let at = |place: i32| usize::try_from(place).unwrap_or(0);
    let body = new.map(|page| page.body.as_str()).unwrap_or_default();
    let place = match find_again(old, at(citation.start)..at(citation.end), body) {
        Place::Same(place) => place,
        Place::Changed(place) => {
            citation.changed = true;
            place
        }
    };
    citation.start = i32::try_from(place.start).unwrap_or(i32::MAX);
    citation.end = i32::try_from(place.end).unwrap_or(i32::MAX);
    citation.check_original = citation.changed || new.is_none_or(|page| page.doubtful || page.recognised);
    citation.recognised = new.is_some_and(|page| page.recognised);
    if let Some(page) = new {
        citation.label.clone_from(&page.label);
    }
    citation.reader_version = READER_VERSION;
}
