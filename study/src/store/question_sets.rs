//! Question sets: what one `/mcq` made.

use chrono::{DateTime, Utc};
use domain::ids::{MessageId, QuestionId, QuestionSetId, UserId};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::{made_items::Maker, storable};
use crate::items::Question;

/// A question as it is kept, with its checked source.
pub type Kept = (QuestionId, Question, Option<Value>);

/// Keeps the questions that a command made, in their order.
pub async fn insert_made(
    conn: &mut PgConnection,
    user: UserId,
    id: QuestionSetId,
    title: &str,
    message: Option<MessageId>,
    maker: &Maker,
    questions: &[Kept],
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into question_sets (id, user_id, title, message_id) values ($1, $2, $3, $4)",
        id.0,
        user.0,
        storable::title(title),
        message.map(|id| id.0),
    )
    .execute(&mut *conn)
    .await?;
    let rows: Vec<Value> = questions.iter().map(row).collect();
    sqlx::query!(
        r#"insert into questions (id, user_id, set_id, position, stem, lead_in, options, answer, difficulty, topic, source,
             provider, model, prompt)
           select q.id, $1, $2, q.ordinality - 1, q.stem, q.lead_in, q.options, q.answer, q.difficulty, q.topic,
             nullif(q.source, 'null'), $4, $5, $6
           from rows from (jsonb_to_recordset($3) as (id uuid, stem text, lead_in text, options jsonb, answer smallint,
             difficulty difficulty, topic text, source jsonb)) with ordinality as q"#,
        user.0,
        id.0,
        storable::json(&rows)?,
        maker.provider,
        maker.model,
        maker.prompt,
    )
    .execute(conn)
    .await?;
    Ok(())
}

fn row((id, question, source): &Kept) -> Value {
    json!({
        "id": id, "stem": question.stem, "lead_in": question.lead_in, "options": question.options,
        "answer": question.answer, "difficulty": question.difficulty, "topic": question.topic.trim(), "source": source,
    })
}

/// A set as it is listed.
#[derive(Debug, Clone)]
pub struct QuestionSet {
    /// Its id.
    pub id: QuestionSetId,
    /// What it is called.
    pub title: String,
    /// How many questions it has.
    pub count: i64,
    /// How many of them its student reported.
    pub reported: i64,
    /// What they are about.
    pub topics: Vec<String>,
    /// The answer that made it, unless it is gone.
    pub message: Option<MessageId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// Lists sets, the newest first.
pub async fn list(
    conn: &mut PgConnection,
    before: Option<QuestionSetId>,
    limit: i64,
) -> sqlx::Result<Vec<QuestionSet>> {
    select(conn, None, before, limit).await
}

/// Finds a set.
pub async fn find(conn: &mut PgConnection, id: QuestionSetId) -> sqlx::Result<Option<QuestionSet>> {
    Ok(select(conn, Some(id), None, 1).await?.pop())
}

async fn select(
    conn: &mut PgConnection,
    only: Option<QuestionSetId>,
    before: Option<QuestionSetId>,
    limit: i64,
) -> sqlx::Result<Vec<QuestionSet>> {
    sqlx::query_as!(
        QuestionSet,
        r#"select s.id as "id: QuestionSetId", s.title, q.count as "count!", q.reported as "reported!",
                  q.topics as "topics!", m.id as "message?: MessageId", s.created_at
           from question_sets s
             left join messages m on m.id = s.message_id
             cross join lateral (
               select count(*) as count, count(reported_at) as reported,
                      coalesce(array_agg(distinct topic) filter (where topic <> ''), '{}') as topics
               from questions where set_id = s.id and user_id = s.user_id
             ) q
           where ($1::uuid is null or s.id = $1) and ($2::uuid is null or s.id < $2)
           order by s.id desc limit $3"#,
        only.map(|id| id.0),
        before.map(|id| id.0),
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Whether all of these are there.
pub async fn all_exist(conn: &mut PgConnection, ids: &[QuestionSetId]) -> sqlx::Result<bool> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    sqlx::query_scalar!(
        r#"select not exists (
             select from unnest($1::uuid[]) as asked (id) where not exists (select from question_sets s where s.id = asked.id)
           ) as "all!""#,
        &ids,
    )
    .fetch_one(conn)
    .await
}

/// Gives a set another title.
pub async fn rename(conn: &mut PgConnection, id: QuestionSetId, title: &str) -> sqlx::Result<bool> {
    let done =
        sqlx::query!("update question_sets set title = $2 where id = $1", id.0, title).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes a set with its questions. Quizzes keep those that they ask.
pub async fn delete(conn: &mut PgConnection, id: QuestionSetId) -> sqlx::Result<bool> {
    let done = sqlx::query!("delete from question_sets where id = $1", id.0).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}
