//! SQL about reports of errors: one an answer and student.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{Answer, ReportKind};
use crate::{
    feature::Feature,
    ids::{MessageId, ReportId, UserId},
};

/// What a student reports.
#[derive(Debug)]
pub struct NewReport<'a> {
    /// What is wrong.
    pub kind: ReportKind,
    /// In the student's words.
    pub reason: Option<&'a str>,
    /// Whether question and answer may be shown to admins.
    pub share: bool,
}

/// Reports an error, or reports it otherwise: then it is to be handled anew. Within `begin_as`.
pub async fn put(
    conn: &mut PgConnection,
    user: UserId,
    answer: &Answer,
    report: &NewReport<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let shared = report.share.then_some(answer);
    sqlx::query!(
        "insert into answer_reports
           (id, user_id, message_id, kind, reason, question, answer, feature, provider, model, reported_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (user_id, message_id) do update
           set id = $1, kind = $4, reason = $5, question = $6, answer = $7, feature = $8, provider = $9, model = $10,
               reported_at = $11, handled_at = null, handled_by = null, handled_by_email = null, note = null",
        ReportId::generate().0,
        user.0,
        answer.id.0,
        report.kind as ReportKind,
        report.reason,
        shared.and_then(|answer| answer.question.as_deref()),
        shared.map(|answer| answer.content.as_str()),
        answer.feature as Feature,
        answer.provider,
        answer.model,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes a report back, with what was shown by it. Within `begin_as`.
pub async fn delete(conn: &mut PgConnection, message: MessageId) -> sqlx::Result<bool> {
    let done = sqlx::query!("delete from answer_reports where message_id = $1", message.0);
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// A report as admins see it: not whose it is.
#[derive(Debug)]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// What is wrong.
    pub kind: ReportKind,
    /// In the student's words.
    pub reason: Option<String>,
    /// The question, where the student agreed to show it.
    pub question: Option<String>,
    /// The answer, where the student agreed to show it.
    pub answer: Option<String>,
    /// What the question was sent to.
    pub feature: Feature,
    /// Who answered.
    pub provider: Option<String>,
    /// With which model.
    pub model: Option<String>,
    /// When it was reported.
    pub reported_at: DateTime<Utc>,
    /// When an admin handled it.
    pub handled_at: Option<DateTime<Utc>>,
    /// Who did.
    pub handled_by_email: Option<String>,
    /// What they noted.
    pub note: Option<String>,
}

/// Which reports.
#[derive(Debug, Default)]
pub struct Filter {
    /// Only those that were handled, or only those that were not.
    pub handled: Option<bool>,
    /// Only of this kind.
    pub kind: Option<ReportKind>,
    /// Older than this one.
    pub before: Option<ReportId>,
}

/// Lists reports, the newest first. Needs the platform.
pub async fn list(conn: &mut PgConnection, filter: &Filter, limit: i64) -> sqlx::Result<Vec<Report>> {
    sqlx::query_as!(
        Report,
        r#"select id as "id: ReportId", kind as "kind: ReportKind", reason, question, answer, feature as "feature: Feature",
                  provider, model, reported_at, handled_at, handled_by_email, note
           from answer_reports
           where ($1::boolean is null or (handled_at is not null) = $1) and ($2::report_kind is null or kind = $2)
             and ($3::uuid is null or id < $3)
           order by id desc limit $4"#,
        filter.handled,
        filter.kind as Option<ReportKind>,
        filter.before.map(|id| id.0),
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Marks a report as handled. Needs the platform.
pub async fn handle(
    conn: &mut PgConnection,
    id: ReportId,
    note: Option<&str>,
    by: UserId,
    email: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Report>> {
    sqlx::query_as!(
        Report,
        r#"update answer_reports set handled_at = $2, handled_by = $3, handled_by_email = $4, note = $5 where id = $1
           returning id as "id: ReportId", kind as "kind: ReportKind", reason, question, answer,
                     feature as "feature: Feature", provider, model, reported_at, handled_at, handled_by_email, note"#,
        id.0,
        now,
        by.0,
        email,
        note,
    )
    .fetch_optional(conn)
    .await
}

/// Removes reports that were made before `made`, or handled before `handled`. Needs the platform.
pub async fn prune(
    conn: &mut PgConnection,
    made: DateTime<Utc>,
    handled: DateTime<Utc>,
) -> sqlx::Result<u64> {
    let done =
        sqlx::query!("delete from answer_reports where reported_at < $1 or handled_at < $2", made, handled);
    Ok(done.execute(conn).await?.rows_affected())
}
