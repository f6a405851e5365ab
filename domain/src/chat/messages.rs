//! SQL about messages. All within `begin_as`, or by housekeeping for the whole platform.

use serde_json::Value;
use sqlx::PgConnection;

use super::{Material, MaterialKind, Message, MessageRole, MessageStatus};
use crate::{
    documents::citations::Citation,
    feature::Feature,
    ids::{JobId, MessageId, SessionId, UserId},
};

/// The constraint that a second answer in one session violates.
pub const ONE_PENDING: &str = "messages_one_pending";

/// A question, and the answer that a job will write.
#[derive(Debug)]
pub struct Exchange<'a> {
    /// The question's id.
    pub id: MessageId,
    /// Whose it is.
    pub user: UserId,
    /// The conversation.
    pub session: SessionId,
    /// What the question follows.
    pub parent: Option<MessageId>,
    /// What it is sent to.
    pub feature: Feature,
    /// The question.
    pub content: &'a str,
    /// The job that will write the answer.
    pub job: JobId,
}

/// Adds a question and its pending answer. Violates [`ONE_PENDING`] while another is under way.
pub async fn insert_exchange(
    conn: &mut PgConnection,
    exchange: &Exchange<'_>,
) -> sqlx::Result<(Message, MessageId)> {
    let answer = MessageId::generate();
    let message = sqlx::query_as!(
        Message,
        r#"with question as (
             insert into messages (id, user_id, session_id, parent_id, role, feature, content, status)
             values ($1, $2, $3, $4, 'user', $5, $6, 'complete') returning *
           ), answer as (
             insert into messages (id, user_id, session_id, parent_id, role, feature, status, job_id)
             values ($7, $2, $3, $1, 'assistant', $5, 'pending', $8)
           )
           select id as "id: MessageId", session_id as "session: SessionId", parent_id as "parent_id: MessageId",
                  role as "role: MessageRole", feature as "feature: Feature", content,
                  status as "status: MessageStatus", job_id as "job_id: JobId", prompt_tokens, completion_tokens,
                  tokens_exact, provider, model, citations, error, items, material_kind as "material_kind: MaterialKind",
                  material_id, created_at
           from question"#,
        exchange.id.0,
        exchange.user.0,
        exchange.session.0,
        exchange.parent.map(|id| id.0),
        exchange.feature as Feature,
        exchange.content,
        answer.0,
        exchange.job.0,
    )
    .fetch_one(conn)
    .await?;
    Ok((message, answer))
}

/// Adds another pending answer to a question: a new branch.
pub async fn insert_answer(
    conn: &mut PgConnection,
    user: UserId,
    question: &Message,
    job: JobId,
) -> sqlx::Result<MessageId> {
    let answer = MessageId::generate();
    sqlx::query!(
        "insert into messages (id, user_id, session_id, parent_id, role, feature, status, job_id)
         values ($1, $2, $3, $4, 'assistant', $5, 'pending', $6)",
        answer.0,
        user.0,
        question.session.0,
        question.id.0,
        question.feature as Feature,
        job.0,
    )
    .execute(conn)
    .await?;
    Ok(answer)
}

/// Finds a message.
pub async fn find(conn: &mut PgConnection, id: MessageId) -> sqlx::Result<Option<Message>> {
    sqlx::query_as!(
        Message,
        r#"select id as "id: MessageId", session_id as "session: SessionId", parent_id as "parent_id: MessageId",
                  role as "role: MessageRole", feature as "feature: Feature", content,
                  status as "status: MessageStatus", job_id as "job_id: JobId", prompt_tokens, completion_tokens,
                  tokens_exact, provider, model, citations, error, items, material_kind as "material_kind: MaterialKind",
                  material_id, created_at
           from messages where id = $1"#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// Lists the messages of a session, oldest first, after `after`.
pub async fn list(
    conn: &mut PgConnection,
    session: SessionId,
    after: Option<MessageId>,
    limit: i64,
) -> sqlx::Result<Vec<Message>> {
    sqlx::query_as!(
        Message,
        r#"select id as "id: MessageId", session_id as "session: SessionId", parent_id as "parent_id: MessageId",
                  role as "role: MessageRole", feature as "feature: Feature", content,
                  status as "status: MessageStatus", job_id as "job_id: JobId", prompt_tokens, completion_tokens,
                  tokens_exact, provider, model, citations, error, items, material_kind as "material_kind: MaterialKind",
                  material_id, created_at
           from messages where session_id = $1 and ($2::uuid is null or id > $2) order by id limit $3"#,
        session.0,
        after.map(|id| id.0),
        limit,
    )
    .fetch_all(conn)
    .await
}

/// The answer to a question that a job makes, or made.
///
/// # Errors
/// The database's.
pub async fn answer_of(
    conn: &mut PgConnection,
    question: &Message,
    job: JobId,
) -> sqlx::Result<Option<MessageId>> {
    sqlx::query_scalar!(
        r#"select id as "id: MessageId" from messages
           where session_id = $3 and parent_id = $1 and job_id = $2"#,
        question.id.0,
        job.0,
        question.session.0,
    )
    .fetch_optional(conn)
    .await
}

/// How an answer came out.
#[derive(Debug, Default)]
pub struct Answer<'a> {
    /// Its text.
    pub content: &'a str,
    /// Who wrote it.
    pub provider: Option<&'a str>,
    /// With which model.
    pub model: Option<&'a str>,
    /// By which template of which version it was asked for.
    pub prompt: Option<&'a str>,
    /// Tokens of the prompt.
    pub prompt_tokens: Option<i32>,
    /// Tokens of the answer.
    pub completion_tokens: Option<i32>,
    /// Whether these are the provider's own figures.
    pub tokens_exact: Option<bool>,
    /// The passages that it cites, as places; where there is no text, those that it was to be from.
    pub citations: Vec<Citation>,
    /// Why there is none.
    pub error: Option<Value>,
    /// The items of what a command made, as they were told.
    pub items: Option<&'a [Value]>,
    /// What they were kept as.
    pub material: Option<Material>,
}

/// Ends a pending answer. Returns false where it was not pending any more, or is gone with its
/// session; then nothing changes.
pub async fn finish(
    conn: &mut PgConnection,
    job: JobId,
    id: MessageId,
    status: MessageStatus,
    answer: &Answer<'_>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update messages
         set status = $3, content = $4, provider = $5, model = $6, prompt_tokens = $7, completion_tokens = $8,
             tokens_exact = $9, error = $10, citations = $11, prompt = $12, items = $13, material_kind = $14,
             material_id = $15, finished_at = now()
         where id = $1 and job_id = $2 and status = 'pending'",
        id.0,
        job.0,
        status as MessageStatus,
        answer.content,
        answer.provider,
        answer.model,
        answer.prompt_tokens,
        answer.completion_tokens,
        answer.tokens_exact,
        answer.error,
        serde_json::to_value(&answer.citations).map_err(|error| sqlx::Error::Encode(error.into()))?,
        answer.prompt,
        answer
            .items
            .map(serde_json::to_value)
            .transpose()
            .map_err(|error| sqlx::Error::Encode(error.into()))?,
        answer.material.map(|material| material.kind) as Option<MaterialKind>,
        answer.material.map(|material| material.id),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Says what a pending answer is going to be from, while the question waits. Returns false where another start of its job
/// has begun, which says its own; 0 is a job that none has begun.
pub async fn set_found(
    conn: &mut PgConnection,
    job: JobId,
    epoch: i64,
    id: MessageId,
    found: &[Citation],
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update messages set citations = $4
         where id = $1 and job_id = $2 and status = 'pending'
           and exists (select from jobs where jobs.id = $2 and jobs.epoch = $3)",
        id.0,
        job.0,
        epoch,
        serde_json::to_value(found).map_err(|error| sqlx::Error::Encode(error.into()))?,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Opens an answer again that failed or was cancelled, for another job to write. Returns false where it
/// came to a good end or is gone. Violates `messages_one_pending` while another is being written in
/// that session.
pub async fn reopen(conn: &mut PgConnection, id: MessageId, old: JobId, new: JobId) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update messages
         set status = 'pending', job_id = $3, content = '', citations = '[]', error = null,
             items = null, material_kind = null, material_id = null, finished_at = null
         where id = $1 and job_id = $2 and status in ('failed', 'cancelled')",
        id.0,
        old.0,
        new.0,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The job that is writing an answer in a session, if one is.
pub async fn pending_job(conn: &mut PgConnection, session: SessionId) -> sqlx::Result<Option<JobId>> {
    let job = sqlx::query_scalar!(
        r#"select job_id as "job: JobId" from messages where session_id = $1 and status = 'pending'"#,
        session.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(job.flatten())
}
