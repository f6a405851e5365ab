//! SQL about documents themselves.

use serde_json::Value;
use sqlx::PgConnection;

use super::{Document, DocumentStatus, READER_VERSION};
use crate::{
    ids::{DocumentId, JobId, UserId},
    keys::vault::Sealed,
};

/// A file that was just stored.
#[derive(Debug)]
pub struct NewDocument<'a> {
    /// Its id, and the name of its file.
    pub id: DocumentId,
    /// Whose.
    pub user: UserId,
    /// What it is called.
    pub title: &'a str,
    /// Of its bytes.
    pub sha256: &'a [u8],
    /// How many.
    pub bytes: i64,
    /// The job that will read it.
    pub job: JobId,
}

/// Adds a document, unless the student has the same file already; then there is none.
pub async fn insert(conn: &mut PgConnection, new: &NewDocument<'_>) -> sqlx::Result<Option<Document>> {
    sqlx::query_as!(
        Document,
        r#"insert into documents (id, user_id, title, sha256, bytes, job_id) values ($1, $2, $3, $4, $5, $6)
           on conflict on constraint documents_once do nothing
           returning id as "id: DocumentId", title, bytes, status as "status: DocumentStatus", pages, failed_pages,
                     textless_pages, error, progress, model, job_id as "job_id: JobId", created_at, ready_at, reader_version"#,
        new.id.0,
        new.user.0,
        new.title,
        new.sha256,
        new.bytes,
        new.job.0,
    )
    .fetch_optional(conn)
    .await
}

/// The document that this file is already, locked against another upload of it.
pub async fn find_by_file(
    conn: &mut PgConnection,
    user: UserId,
    sha256: &[u8],
) -> sqlx::Result<Option<Document>> {
    sqlx::query_as!(
        Document,
        r#"select id as "id: DocumentId", title, bytes, status as "status: DocumentStatus", pages, failed_pages,
                  textless_pages, error, progress, model, job_id as "job_id: JobId", created_at, ready_at,
                  reader_version
           from documents where user_id = $1 and sha256 = $2 for update"#,
        user.0,
        sha256,
    )
    .fetch_optional(conn)
    .await
}

/// Finds a document.
pub async fn find(conn: &mut PgConnection, id: DocumentId) -> sqlx::Result<Option<Document>> {
    sqlx::query_as!(
        Document,
        r#"select id as "id: DocumentId", title, bytes, status as "status: DocumentStatus", pages, failed_pages,
                  textless_pages, error, progress, model, job_id as "job_id: JobId", created_at, ready_at,
                  reader_version
           from documents where id = $1"#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// Finds a document and keeps others from changing it.
pub async fn lock(conn: &mut PgConnection, id: DocumentId) -> sqlx::Result<Option<Document>> {
    sqlx::query_as!(
        Document,
        r#"select id as "id: DocumentId", title, bytes, status as "status: DocumentStatus", pages, failed_pages,
                  textless_pages, error, progress, model, job_id as "job_id: JobId", created_at, ready_at,
                  reader_version
           from documents where id = $1 for update"#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// Lists documents, the latest first, before `before`.
pub async fn list(
    conn: &mut PgConnection,
    before: Option<DocumentId>,
    limit: i64,
) -> sqlx::Result<Vec<Document>> {
    sqlx::query_as!(
        Document,
        r#"select id as "id: DocumentId", title, bytes, status as "status: DocumentStatus", pages, failed_pages,
                  textless_pages, error, progress, model, job_id as "job_id: JobId", created_at, ready_at,
                  reader_version
           from documents where $1::uuid is null or id < $1 order by id desc limit $2"#,
        before.map(|id| id.0),
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Those of these ids that are there.
pub async fn existing(conn: &mut PgConnection, ids: &[DocumentId]) -> sqlx::Result<Vec<DocumentId>> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    sqlx::query_scalar!(r#"select id as "id: DocumentId" from documents where id = any($1)"#, &ids)
        .fetch_all(conn)
        .await
}

/// Deletes a document with all that was made of it. Returns its last job.
pub async fn delete(conn: &mut PgConnection, id: DocumentId) -> sqlx::Result<Option<JobId>> {
    sqlx::query_scalar!(r#"delete from documents where id = $1 returning job_id as "job: JobId""#, id.0)
        .fetch_optional(conn)
        .await
}

/// Hands a document to another job, from the start.
pub async fn restart(conn: &mut PgConnection, id: DocumentId, job: JobId) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update documents set status = 'uploaded', error = null, progress = null, pages = null, job_id = $2 where id = $1",
        id.0,
        job.0,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Hands a document that failed with one job to another, from the start. Whether it did.
pub async fn reopen(conn: &mut PgConnection, id: DocumentId, old: JobId, new: JobId) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update documents set status = 'uploaded', error = null, progress = null, pages = null, job_id = $3
         where id = $1 and job_id = $2 and status = 'failed'",
        id.0,
        old.0,
        new.0,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Says that a job recognises its text. What can be searched stays so; what had nothing to be searched is being read
/// again, and what was wrong with it is kept for when that comes to nothing.
pub async fn begin_recognition(conn: &mut PgConnection, id: DocumentId, job: JobId) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update documents
         set job_id = $2, progress = null, status = case when status = 'failed' then 'processing' else status end
         where id = $1",
        id.0,
        job.0,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Says that a recognition came to nothing: all is as it was before.
pub async fn end_recognition(conn: &mut PgConnection, id: DocumentId, job: JobId) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update documents
         set progress = null, status = case when status = 'processing' then 'failed' else status end
         where id = $1 and job_id = $2",
        id.0,
        job.0,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Keeps the password, encrypted, until all is read with it.
pub async fn set_password(
    conn: &mut PgConnection,
    id: DocumentId,
    sealed: Option<&Sealed>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update documents set password = $2, password_key_id = $3 where id = $1",
        id.0,
        sealed.map(|sealed| sealed.bytes.as_slice()),
        sealed.map(|sealed| sealed.cipher_key_id.as_str()),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The password, encrypted.
pub async fn password(conn: &mut PgConnection, id: DocumentId) -> sqlx::Result<Option<Sealed>> {
    let row = sqlx::query!("select password, password_key_id from documents where id = $1", id.0)
        .fetch_optional(conn)
        .await?;
    Ok(row.and_then(|row| {
        let (bytes, cipher_key_id) = row.password.zip(row.password_key_id)?;
        Some(Sealed { bytes, cipher_key_id })
    }))
}

/// Says how far the job is that works on it. Returns false where it is gone, or another job's.
pub async fn set_progress(
    conn: &mut PgConnection,
    id: DocumentId,
    job: JobId,
    progress: &Value,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update documents
         set progress = $3, status = case when status = 'uploaded' then 'processing'::document_status else status end
         where id = $1 and job_id = $2",
        id.0,
        job.0,
        progress,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// How the reading came out.
#[derive(Debug)]
pub struct ReadingResult<'a> {
    /// Where it stands now.
    pub status: DocumentStatus,
    /// What is wrong with it.
    pub error: Option<Value>,
    /// How many pages it has, if that is known.
    pub pages: Option<i32>,
    /// Pages that could not be read.
    pub failed_pages: &'a [i32],
    /// Pages without text.
    pub textless_pages: &'a [i32],
    /// The model of its vectors, which are complete.
    pub model: Option<&'a str>,
    /// Whether its images can still be recognised, for which the password is needed.
    pub recognisable: bool,
}

/// Stores how it came out; the password is forgotten where it is needed no more. Returns false where it is gone, or another job's.
pub async fn finish(
    conn: &mut PgConnection,
    id: DocumentId,
    job: JobId,
    outcome: &ReadingResult<'_>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update documents
         set status = $3::document_status, error = $4, pages = coalesce($5, pages), failed_pages = $6, textless_pages = $7,
             model = coalesce($8, model), progress = null, password = case when $9 then password end,
             password_key_id = case when $9 then password_key_id end,
             ready_at = case when $3::document_status in ('ready', 'partly_ready') then coalesce(ready_at, now()) else ready_at end
         where id = $1 and job_id = $2",
        id.0,
        job.0,
        outcome.status as DocumentStatus,
        outcome.error,
        outcome.pages,
        outcome.failed_pages,
        outcome.textless_pages,
        outcome.model,
        outcome.recognisable,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Stores that its job ended without its handler. What can be searched stays so.
pub async fn abandon(conn: &mut PgConnection, id: DocumentId, job: JobId, error: &Value) -> sqlx::Result<()> {
    sqlx::query!(
        "update documents
         set status = case when status in ('ready', 'partly_ready') then status else 'failed' end,
             error = case when status in ('ready', 'partly_ready') then error else $3 end,
             progress = null, password = null, password_key_id = null
         where id = $1 and job_id = $2",
        id.0,
        job.0,
        error,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What a document is called whose file has no name.
pub const UNTITLED: &str = "Untitled document";

/// Stores that all pages have been read, by the reader of now; a document whose file had no name takes its own title.
pub async fn set_read(
    conn: &mut PgConnection,
    id: DocumentId,
    pages: i32,
    title: Option<&str>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update documents
         set pages = $2, title = case when title = $4 then coalesce($3, title) else title end, reader_version = $5
         where id = $1",
        id.0,
        pages,
        title,
        UNTITLED,
        READER_VERSION,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The models of what a student can search, each with how many documents have it, the most common first.
pub async fn models(
    conn: &mut PgConnection,
    user: UserId,
    only: Option<&[DocumentId]>,
) -> sqlx::Result<Vec<String>> {
    let only: Option<Vec<_>> = only.map(|ids| ids.iter().map(|id| id.0).collect());
    sqlx::query_scalar!(
        r#"select model as "model!" from documents
           where user_id = $1 and model is not null and status in ('ready', 'partly_ready', 'processing')
             and ($2::uuid[] is null or id = any($2))
           group by model order by count(*) desc, model"#,
        user.0,
        only.as_deref(),
    )
    .fetch_all(conn)
    .await
}

/// Documents whose vectors are of another model than this one.
pub async fn of_other_models(
    conn: &mut PgConnection,
    user: UserId,
    model: &str,
) -> sqlx::Result<Vec<DocumentId>> {
    sqlx::query_scalar!(
        r#"select id as "id: DocumentId" from documents where user_id = $1 and model <> $2 order by id"#,
        user.0,
        model,
    )
    .fetch_all(conn)
    .await
}

/// Students with such documents. Needs the platform.
pub async fn users_of_other_models(conn: &mut PgConnection, model: &str) -> sqlx::Result<Vec<UserId>> {
    sqlx::query_scalar!(
        r#"select distinct user_id as "user: UserId" from documents where model <> $1 limit 1000"#,
        model
    )
    .fetch_all(conn)
    .await
}

/// Puts a student's whole library over to a model, whose vectors are complete, and drops the others. In one
/// transaction, so that no search meets two. Returns false where a document was read anew meanwhile, so that vectors are
/// missing; then nothing changes.
pub async fn switch_model(conn: &mut PgConnection, user: UserId, model: &str) -> sqlx::Result<bool> {
    // Who reads one anew holds its row until all of it is there.
    sqlx::query!(
        "select id from documents where user_id = $1 and model is not null order by id for update",
        user.0
    )
    .fetch_all(&mut *conn)
    .await?;
    let missing = sqlx::query_scalar!(
        r#"select exists (
             select from documents d join chunks c on c.document_id = d.id
             where d.user_id = $1 and d.model <> $2
               and not exists (select from chunk_vectors v
                               where v.document_id = c.document_id and v.number = c.number and v.model = $2)) as "missing!""#,
        user.0,
        model,
    )
    .fetch_one(&mut *conn)
    .await?;
    if missing {
        return Ok(false);
    }
    sqlx::query!("update documents set model = $2 where user_id = $1 and model <> $2", user.0, model)
        .execute(&mut *conn)
        .await?;
    sqlx::query!("delete from chunk_vectors where user_id = $1 and model <> $2", user.0, model)
        .execute(conn)
        .await?;
    Ok(true)
}
