//! What questions are about, and how they were answered.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// The most topics that are listed.
const MOST: i64 = 1_000;

/// A topic of questions.
#[derive(Debug, Clone)]
pub struct Topic {
    /// Which, as the newest of its questions has it.
    pub topic: String,
    /// How many questions there are on it, without those that were reported.
    pub questions: i64,
    /// How many answers were given to them.
    pub answered: i64,
    /// How many of these were right.
    pub right: i64,
}

/// Lists the topics, those with the most questions first. Answers of an exam that is still running do not count yet: they
/// would tell what is right.
pub async fn list(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<Vec<Topic>> {
    sqlx::query_as!(
        Topic,
        r#"select (array_agg(q.topic order by q.id desc))[1] as "topic!", count(*) as "questions!",
                  coalesce(sum(given.answered), 0)::bigint as "answered!", coalesce(sum(given.correct), 0)::bigint as "right!"
           from questions q
             cross join lateral (
               select count(*) as answered, count(*) filter (where a.option = (a.snapshot ->> 'answer')::smallint) as correct
               from quiz_questions a join quizzes z on z.id = a.quiz_id
               where a.user_id = q.user_id and a.question_id = q.id and a.option is not null
                 and (z.mode = 'tutor' or z.finished_at is not null or z.ends_at <= $1)
             ) given
           where q.reported_at is null and q.topic <> ''
           group by lower(q.topic)
           order by count(*) desc, lower(q.topic) limit $2"#,
        now,
        MOST,
    )
    .fetch_all(conn)
    .await
}
