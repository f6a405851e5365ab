//! Question sets: what one `/mcq` made.

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
