//! Quizzes, and what was answered in them. A quiz is over when its student finished it or its time is up
//! (`quiz::Timing`); nothing has to happen for the second.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::ids::{MessageId, QuestionId, QuizId, UserId};
use serde_json::{Value, json};
use sqlx::{PgConnection, types::Json};

use super::storable;
use crate::quiz::{Asked, Given, QuizMode, Timing};

/// The most quizzes of a student.
pub const MOST: i64 = 5_000;

/// An attempt at questions.
#[derive(Debug, Clone, Copy)]
pub struct Quiz {
    /// Its id.
    pub id: QuizId,
    /// How it goes.
    pub mode: QuizMode,
    /// When it began and ends.
    pub timing: Timing,
}

/// A question of a quiz, and what was answered.
#[derive(Debug)]
pub struct QuizQuestion {
    /// Its place, from 0.
    pub position: i32,
    /// Its id.
    pub question: QuestionId,
    /// What it asks, as it was when the quiz began.
    pub asked: Asked,
    /// What was answered.
    pub given: Given,
}

/// Adds a quiz with its questions; false where there are [`MOST`] already.
pub async fn insert(
    conn: &mut PgConnection,
    user: UserId,
    quiz: &Quiz,
    questions: &[(QuestionId, Asked)],
) -> sqlx::Result<bool> {
    let Quiz { id, mode, timing } = quiz;
    let done = sqlx::query!(
        "insert into quizzes (id, user_id, mode, started_at, ends_at)
         select $1::uuid, $2::uuid, $3::quiz_mode, $4::timestamptz, $5::timestamptz
         where (select count(*) from quizzes where user_id = $2) < $6",
        id.0,
        user.0,
        *mode as QuizMode,
        timing.started_at,
        timing.ends_at,
        MOST,
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    let rows: Vec<Value> =
        questions.iter().map(|(id, asked)| json!({ "id": id, "snapshot": asked })).collect();
    sqlx::query!(
        "insert into quiz_questions (user_id, quiz_id, position, question_id, snapshot)
         select $1, $2, q.ordinality - 1, q.id, q.snapshot
         from rows from (jsonb_to_recordset($3) as (id uuid, snapshot jsonb)) with ordinality as q",
        user.0,
        id.0,
        storable::json(&rows)?,
    )
    .execute(conn)
    .await?;
    Ok(true)
}

/// Finds a quiz. Where it is to be changed it is locked, so that two tabs and the end come one after the other.
pub async fn find(conn: &mut PgConnection, id: QuizId, to_change: bool) -> sqlx::Result<Option<Quiz>> {
    if to_change {
        sqlx::query!("select from quizzes where id = $1 for update", id.0).fetch_optional(&mut *conn).await?;
    }
    let row = sqlx::query!(
        r#"select id as "id: QuizId", mode as "mode: QuizMode", started_at, ends_at, finished_at from quizzes where id = $1"#,
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Quiz {
        id: row.id,
        mode: row.mode,
        timing: Timing { started_at: row.started_at, ends_at: row.ends_at, finished_at: row.finished_at },
    }))
}

/// The questions of a quiz in their order, or one of them.
pub async fn questions(
    conn: &mut PgConnection,
    id: QuizId,
    only: Option<QuestionId>,
) -> sqlx::Result<Vec<QuizQuestion>> {
    let rows = sqlx::query!(
        r#"select position, question_id as "question: QuestionId", snapshot as "asked: Json<Asked>", option, flagged,
                  eliminated, answered_at
           from quiz_questions where quiz_id = $1 and ($2::uuid is null or question_id = $2) order by position"#,
        id.0,
        only.map(|id| id.0),
    )
    .fetch_all(conn)
    .await?;
    let questions = rows.into_iter().map(|row| QuizQuestion {
        position: row.position,
        question: row.question,
        asked: row.asked.0,
        given: Given {
            option: row.option.and_then(|option| u8::try_from(option).ok()),
            flagged: row.flagged,
            eliminated: row.eliminated.into_iter().filter_map(|option| u8::try_from(option).ok()).collect(),
            answered_at: row.answered_at,
        },
    });
    Ok(questions.collect())
}

/// Stores what was answered. The quiz is locked.
pub async fn set_given(
    conn: &mut PgConnection,
    quiz: QuizId,
    question: QuestionId,
    given: &Given,
) -> sqlx::Result<bool> {
    let eliminated: Vec<i16> = given.eliminated.iter().map(|option| i16::from(*option)).collect();
    let done = sqlx::query!(
        "update quiz_questions set option = $3, flagged = $4, eliminated = $5, answered_at = $6
         where quiz_id = $1 and question_id = $2",
        quiz.0,
        question.0,
        given.option.map(i16::from),
        given.flagged,
        &eliminated,
        given.answered_at,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Finishes a quiz that is not over. It is locked.
pub async fn finish(conn: &mut PgConnection, id: QuizId, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!("update quizzes set finished_at = $2 where id = $1 and finished_at is null", id.0, now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Deletes a quiz with what was answered in it.
pub async fn delete(conn: &mut PgConnection, id: QuizId) -> sqlx::Result<bool> {
    let done = sqlx::query!("delete from quizzes where id = $1", id.0).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// A quiz as it is listed.
#[derive(Debug)]
pub struct Listed {
    /// The quiz.
    pub quiz: Quiz,
    /// How many questions it has.
    pub total: i64,
    /// How many are answered.
    pub answered: i64,
    /// How many of these are right: to be told when it is over.
    pub right: i64,
}

/// Lists quizzes, the newest first.
pub async fn list(conn: &mut PgConnection, before: Option<QuizId>, limit: i64) -> sqlx::Result<Vec<Listed>> {
    let rows = sqlx::query!(
        r#"select z.id as "id: QuizId", z.mode as "mode: QuizMode", z.started_at, z.ends_at, z.finished_at,
                  a.total as "total!", a.answered as "answered!", a.correct as "right!"
           from quizzes z
             cross join lateral (
               select count(*) as total, count(option) as answered,
                      count(*) filter (where option = (snapshot ->> 'answer')::smallint) as correct
               from quiz_questions where quiz_id = z.id
             ) a
           where $1::uuid is null or z.id < $1
           order by z.id desc limit $2"#,
        before.map(|id| id.0),
        limit,
    )
    .fetch_all(conn)
    .await?;
    let listed = rows.into_iter().map(|row| Listed {
        quiz: Quiz {
            id: row.id,
            mode: row.mode,
            timing: Timing { started_at: row.started_at, ends_at: row.ends_at, finished_at: row.finished_at },
        },
        total: row.total,
        answered: row.answered,
        right: row.right,
    });
    Ok(listed.collect())
}

/// What exams that are still running ask: their questions, with the exam. Key and explanations of these are shown nowhere.
pub async fn in_running_exams(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
) -> sqlx::Result<HashMap<QuestionId, QuizId>> {
    let rows = sqlx::query!(
        r#"select a.question_id as "question: QuestionId", a.quiz_id as "quiz: QuizId"
           from quizzes z join quiz_questions a on a.quiz_id = z.id
           where z.mode = 'exam' and z.finished_at is null and (z.ends_at is null or z.ends_at > $1)
           order by z.id"#,
        now,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.question, row.quiz)).collect())
}

/// The answers in conversations that made questions which exams ask that are still running. They say what is right, so they
/// are shown nowhere until then.
pub async fn answers_in_running_exams(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
) -> sqlx::Result<HashSet<MessageId>> {
    let ids = sqlx::query_scalar!(
        r#"select distinct s.message_id as "message!: MessageId"
           from quizzes z
             join quiz_questions a on a.quiz_id = z.id
             join questions q on q.id = a.question_id
             join question_sets s on s.id = q.set_id
           where z.mode = 'exam' and z.finished_at is null and (z.ends_at is null or z.ends_at > $1)
             and s.message_id is not null"#,
        now,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().collect())
}
