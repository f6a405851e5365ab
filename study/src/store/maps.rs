//! Concept maps.

use domain::ids::{MapId, MessageId, UserId};
use sqlx::PgConnection;

use super::storable;
use crate::items::Map;

/// Keeps the map that a command made.
pub async fn insert_made(
    conn: &mut PgConnection,
    user: UserId,
    id: MapId,
    title: &str,
    message: Option<MessageId>,
    map: &Map,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into maps (id, user_id, title, message_id, map) values ($1, $2, $3, $4, $5)",
        id.0,
        user.0,
        storable::title(title),
        message.map(|id| id.0),
        storable::json(map)?,
    )
    .execute(conn)
    .await?;
    Ok(())
}
