//! What students think of answers: votes, and reports of errors.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::{feature::Feature, ids::MessageId};

pub mod reports;
pub mod votes;

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "report_kind", rename_all = "snake_case")]
pub enum ReportKind {
    /// It says what is not so.
    Wrong,
    /// Who acted on it could harm somebody.
    Unsafe,
    /// What it cites does not say that.
    BadCitation,
    /// Something else.
    Other,
}

/// An answer that something is thought of.
#[derive(Debug)]
pub struct Answer {
    /// Which.
    pub id: MessageId,
    /// What its question was sent to.
    pub feature: Feature,
    /// Who answered.
    pub provider: Option<String>,
    /// With which model.
    pub model: Option<String>,
    /// The question.
    pub question: Option<String>,
    /// Its text.
    pub content: String,
}

/// Finds an answer that is finished. Within `begin_as`.
pub async fn find_answer(conn: &mut PgConnection, id: MessageId) -> sqlx::Result<Option<Answer>> {
    sqlx::query_as!(
        Answer,
        r#"select m.id as "id: MessageId", m.feature as "feature: Feature", m.provider, m.model,
                  q.content as "question?", m.content
           from messages m join sessions s on s.id = m.session_id left join messages q on q.id = m.parent_id
           where m.id = $1 and m.role = 'assistant' and m.status <> 'pending' and s.trashed_at is null"#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// What a student said of an answer.
#[derive(Debug)]
pub struct Opinion {
    /// The answer.
    pub message: MessageId,
    /// Whether it helped; `None` without a vote.
    pub helpful: Option<bool>,
    /// What is wrong with it; `None` without a report.
    pub reported: Option<ReportKind>,
}

/// What a student said of these messages. Within `begin_as`.
pub async fn of_messages(conn: &mut PgConnection, messages: &[MessageId]) -> sqlx::Result<Vec<Opinion>> {
    let messages: Vec<_> = messages.iter().map(|id| id.0).collect();
    sqlx::query_as!(
        Opinion,
        r#"select coalesce(v.message_id, r.message_id) as "message!: MessageId", v.helpful as "helpful?",
                  r.kind as "reported?: ReportKind"
           from (select message_id, helpful from answer_votes where message_id = any($1)) v
             full join (select message_id, kind from answer_reports where message_id = any($1)) r using (message_id)"#,
        &messages,
    )
    .fetch_all(conn)
    .await
}

/// What was said of the answers of one model.
#[derive(Debug)]
pub struct Count {
    /// Who answered.
    pub provider: Option<String>,
    /// With which model.
    pub model: Option<String>,
    /// Votes that it helped.
    pub up: i64,
    /// Votes that it did not.
    pub down: i64,
    /// Reports of errors.
    pub reports: i64,
}

/// What was said since then, by provider and model, the most said of first. Needs the platform.
pub async fn counts(conn: &mut PgConnection, since: DateTime<Utc>) -> sqlx::Result<Vec<Count>> {
    sqlx::query_as!(
        Count,
        r#"select provider as "provider?", model as "model?", count(*) filter (where helpful) as "up!",
                  count(*) filter (where not helpful) as "down!", count(*) filter (where helpful is null) as "reports!"
           from (select provider, model, helpful from answer_votes where voted_at >= $1
                 union all
                 select provider, model, null from answer_reports where reported_at >= $1) said
           group by provider, model order by count(*) desc, provider, model limit 200"#,
        since,
    )
    .fetch_all(conn)
    .await
}
