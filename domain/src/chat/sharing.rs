//! SQL about links that show a conversation to others.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;

use super::MessageRole;
use crate::ids::{MessageId, SessionId, UserId};

/// The most messages of a conversation that are shown, the newest of its branch.
const MOST: i32 = 2_000;

/// From now on the token of this hash shows a session, and no other does. Within `begin_as`.
pub async fn share(
    conn: &mut PgConnection,
    id: SessionId,
    hash: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update sessions set share_hash = $2, shared_at = $3 where id = $1 and trashed_at is null",
        id.0,
        hash,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// No token shows a session any more. Within `begin_as`.
pub async fn unshare(conn: &mut PgConnection, id: SessionId) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update sessions set share_hash = null, shared_at = null where id = $1 and trashed_at is null",
        id.0,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A session that is shared.
#[derive(Debug)]
pub struct Shared {
    /// Which.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// Its title.
    pub title: Option<String>,
}

/// The session that the token of a hash shows now: while admins allow it, and its student's account is none that is
/// disabled. Needs the platform: whoever has the link is nobody's.
pub async fn find(conn: &mut PgConnection, hash: &[u8]) -> sqlx::Result<Option<Shared>> {
    sqlx::query_as!(
        Shared,
        r#"select s.id as "id: SessionId", s.user_id as "user: UserId", s.title
           from sessions s join users u on u.id = s.user_id
           where s.share_hash = $1 and s.trashed_at is null and u.disabled_at is null
             and exists (select from platform_switches where name = 'sharing' and enabled)"#,
        hash,
    )
    .fetch_optional(conn)
    .await
}

/// A message as others see it.
#[derive(Debug)]
pub struct Shown {
    /// Its id.
    pub id: MessageId,
    /// Who wrote it.
    pub role: MessageRole,
    /// Its text.
    pub content: String,
    /// The passages that it cites.
    pub citations: Value,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

/// The questions of the branch with the newest message, and the answers that are finished. Within `begin_as`.
pub async fn branch(conn: &mut PgConnection, id: SessionId) -> sqlx::Result<Vec<Shown>> {
    sqlx::query_as!(
        Shown,
        r#"with recursive branch as (
             (select id, parent_id, role, status, content, citations, created_at, 1 as depth
              from messages where session_id = $1 order by id desc limit 1)
             union all
             select m.id, m.parent_id, m.role, m.status, m.content, m.citations, m.created_at, branch.depth + 1
             from messages m join branch on m.id = branch.parent_id where branch.depth < $2
           )
           select id as "id!: MessageId", role as "role!: MessageRole", content as "content!", citations as "citations!", created_at as "created_at!"
           from branch
           where role = 'user' or (status in ('complete', 'truncated', 'cancelled') and content <> '')
           order by depth desc"#,
        id.0,
        MOST,
    )
    .fetch_all(conn)
    .await
}
