//! Summaries: what matters most in points, or an explanation in sections.

use domain::ids::{MessageId, SummaryId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;

use super::storable;

/// What a summary is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "summary_kind", rename_all = "snake_case")]
pub enum SummaryKind {
    /// Points: `{text, source}`.
    Highyield,
    /// Sections: `{heading, body, source}`.
    Explain,
}

/// Keeps the summary that a command made. `items` are its points or sections, each with its checked source or null.
pub async fn insert_made(
    conn: &mut PgConnection,
    user: UserId,
    id: SummaryId,
    kind: SummaryKind,
    title: &str,
    message: Option<MessageId>,
    items: &[Value],
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into summaries (id, user_id, kind, title, message_id, items) values ($1, $2, $3, $4, $5, $6)",
        id.0,
        user.0,
        kind as SummaryKind,
        storable::title(title),
        message.map(|id| id.0),
        storable::json(&items)?,
    )
    .execute(conn)
    .await?;
    Ok(())
}
