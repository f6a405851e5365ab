//! Questions: which of them a quiz may ask, and what students report.

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{QuestionId, QuestionSetId, UserId};
use sqlx::{PgConnection, types::Json};

use super::made_items::Maker;
use crate::quiz::{Asked, Candidate};

/// A question of a set.
#[derive(Debug)]
pub struct Question {
    /// Its id.
    pub id: QuestionId,
    /// What it asks.
    pub asked: Asked,
    /// Whether its student reported it.
    pub reported: bool,
}

/// The questions of a set, in their order.
pub async fn of_set(conn: &mut PgConnection, set: QuestionSetId) -> sqlx::Result<Vec<Question>> {
    let rows = sqlx::query!(
        r#"select id as "id: QuestionId", reported_at is not null as "reported!",
                  jsonb_build_object('stem', stem, 'lead_in', lead_in, 'options', options, 'answer', answer,
                    'difficulty', difficulty, 'topic', topic, 'source', source) as "asked!: Json<Asked>"
           from questions where set_id = $1 order by position"#,
        set.0,
    )
    .fetch_all(conn)
    .await?;
    let question = |id, asked: Json<Asked>, reported| Question { id, asked: asked.0, reported };
    Ok(rows.into_iter().map(|row| question(row.id, row.asked, row.reported)).collect())
}

/// These questions as they are now.
pub async fn snapshots(
    conn: &mut PgConnection,
    ids: &[QuestionId],
) -> sqlx::Result<Vec<(QuestionId, Asked)>> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select id as "id: QuestionId",
                  jsonb_build_object('stem', stem, 'lead_in', lead_in, 'options', options, 'answer', answer,
                    'difficulty', difficulty, 'topic', topic, 'source', source) as "asked!: Json<Asked>"
           from questions where id = any($1)"#,
        &ids,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.asked.0)).collect())
}

/// Which questions may be asked. Each narrows; with none of them it is all.
#[derive(Debug, Default)]
pub struct Filter {
    /// Those of these sets.
    pub sets: Option<Vec<QuestionSetId>>,
    /// Those on these topics, however they are capitalised.
    pub topics: Option<Vec<String>>,
    /// Those whose last answer was wrong.
    pub wrong_only: bool,
}

/// The questions that may be asked. Those that were reported may not be, nor those of an exam that is still running: a
/// second quiz would show their answers, or tell whether one was wrong.
pub async fn candidates(
    conn: &mut PgConnection,
    filter: &Filter,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Candidate>> {
    let sets: Option<Vec<_>> = filter.sets.as_ref().map(|ids| ids.iter().map(|id| id.0).collect());
    sqlx::query_as!(
        Candidate,
        r#"select q.id as "question: QuestionId", q.set_id as "set: QuestionSetId"
           from questions q
           where q.reported_at is null
             and ($1::uuid[] is null or q.set_id = any($1))
             and ($2::text[] is null or lower(q.topic) = any(select lower(topic) from unnest($2) as asked (topic)))
             and not exists (
               select from quiz_questions a join quizzes z on z.id = a.quiz_id
               where a.user_id = q.user_id and a.question_id = q.id and z.mode = 'exam' and z.finished_at is null
                 and (z.ends_at is null or z.ends_at > $4))
             and (not $3 or (
               select a.option <> (a.snapshot ->> 'answer')::smallint from quiz_questions a
               where a.user_id = q.user_id and a.question_id = q.id and a.option is not null
               order by a.answered_at desc, a.quiz_id desc limit 1))"#,
        sets.as_deref(),
        filter.topics.as_deref(),
        filter.wrong_only,
        now,
    )
    .fetch_all(conn)
    .await
}

/// What a report was about.
#[derive(Debug)]
pub struct Reported {
    /// Who made the question, where that is known.
    pub maker: Option<Maker>,
    /// The day on which it was made.
    pub day: NaiveDate,
    /// Whether this is news: it was not reported before, or was until now.
    pub changed: bool,
}

/// Reports a question of this student, or takes that back where there is no reason. Needs the platform, since it is counted
/// in the same transaction; `None` where there is no such question.
pub async fn report(
    conn: &mut PgConnection,
    user: UserId,
    id: QuestionId,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Reported>> {
    let row = sqlx::query!(
        r#"with before as (
             select q.id, q.reported_at, (s.created_at at time zone 'utc')::date as day
             from questions q join question_sets s on s.id = q.set_id
             where q.id = $1 and q.user_id = $2 for update of q
           )
           update questions q
           set reported_for = $3, reported_at = case when $3::text is not null then coalesce(before.reported_at, $4) end
           from before where q.id = before.id
           returning q.provider, q.model, q.prompt, before.day as "day!",
                     before.reported_at is not null as "was_reported!""#,
        id.0,
        user.0,
        reason,
        now,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| {
        let maker = match (row.provider, row.model, row.prompt) {
            (Some(provider), Some(model), Some(prompt)) => Some(Maker { provider, model, prompt }),
            _ => None,
        };
        Reported { maker, day: row.day, changed: row.was_reported != reason.is_some() }
    }))
}
