//! Concept maps.

use chrono::{DateTime, Utc};
use domain::ids::{MapId, MessageId, UserId};
use sqlx::{PgConnection, types::Json};

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

/// A map as it is listed.
#[derive(Debug, Clone)]
pub struct ListedMap {
    /// Its id.
    pub id: MapId,
    /// What it is called.
    pub title: String,
    /// How many nodes it has.
    pub nodes: i64,
    /// The answer that made it, unless it is gone.
    pub message: Option<MessageId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// Lists maps, the newest first.
pub async fn list(
    conn: &mut PgConnection,
    before: Option<MapId>,
    limit: i64,
) -> sqlx::Result<Vec<ListedMap>> {
    sqlx::query_as!(
        ListedMap,
        r#"select p.id as "id: MapId", p.title, jsonb_array_length(p.map -> 'nodes')::bigint as "nodes!",
                  m.id as "message?: MessageId", p.created_at
           from maps p left join messages m on m.id = p.message_id
           where $1::uuid is null or p.id < $1
           order by p.id desc limit $2"#,
        before.map(|id| id.0),
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Finds a map.
pub async fn find(conn: &mut PgConnection, id: MapId) -> sqlx::Result<Option<(ListedMap, Map)>> {
    let row = sqlx::query!(
        r#"select p.id as "id: MapId", p.title, p.map as "map: Json<Map>", m.id as "message?: MessageId", p.created_at
           from maps p left join messages m on m.id = p.message_id where p.id = $1"#,
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| {
        let nodes = i64::try_from(row.map.0.nodes.len()).unwrap_or(i64::MAX);
        let listed = ListedMap {
            id: row.id,
            title: row.title,
            nodes,
            message: row.message,
            created_at: row.created_at,
        };
        (listed, row.map.0)
    }))
}

/// Gives a map another title.
pub async fn rename(conn: &mut PgConnection, id: MapId, title: &str) -> sqlx::Result<bool> {
    let done = sqlx::query!("update maps set title = $2 where id = $1", id.0, title).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes a map.
pub async fn delete(conn: &mut PgConnection, id: MapId) -> sqlx::Result<bool> {
    let done = sqlx::query!("delete from maps where id = $1", id.0).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}
