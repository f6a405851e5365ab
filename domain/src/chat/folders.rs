//! SQL about folders of conversations. All within `begin_as`: row-level security says whose they are.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::ids::{FolderId, UserId};

/// The most folders of a student.
pub const MOST: i64 = 100;

/// The index that a second folder of the same name violates.
pub const NAME_ONCE: &str = "folders_name_once";

/// A folder.
#[derive(Debug, Clone)]
pub struct Folder {
    /// Its id.
    pub id: FolderId,
    /// As its student calls it.
    pub name: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// Adds a folder; `None` where there are [`MOST`] already. Violates [`NAME_ONCE`].
pub async fn insert(conn: &mut PgConnection, user: UserId, name: &str) -> sqlx::Result<Option<Folder>> {
    sqlx::query_as!(
        Folder,
        r#"insert into folders (id, user_id, name)
           select $1::uuid, $2::uuid, $3::text where (select count(*) from folders) < $4
           returning id as "id: FolderId", name, created_at"#,
        FolderId::generate().0,
        user.0,
        name,
        MOST,
    )
    .fetch_optional(conn)
    .await
}

/// All folders, by name.
pub async fn list(conn: &mut PgConnection) -> sqlx::Result<Vec<Folder>> {
    sqlx::query_as!(
        Folder,
        r#"select id as "id: FolderId", name, created_at from folders order by lower(name), id"#,
    )
    .fetch_all(conn)
    .await
}

/// Whether there is such a folder.
pub async fn exists(conn: &mut PgConnection, id: FolderId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select exists (select from folders where id = $1) as "exists!""#, id.0)
        .fetch_one(conn)
        .await
}

/// Gives a folder another name. Violates [`NAME_ONCE`].
pub async fn rename(conn: &mut PgConnection, id: FolderId, name: &str) -> sqlx::Result<Option<Folder>> {
    sqlx::query_as!(
        Folder,
        r#"update folders set name = $2 where id = $1 returning id as "id: FolderId", name, created_at"#,
        id.0,
        name,
    )
    .fetch_optional(conn)
    .await
}

/// Deletes a folder. Its conversations stay.
pub async fn delete(conn: &mut PgConnection, id: FolderId) -> sqlx::Result<bool> {
    let done = sqlx::query!("delete from folders where id = $1", id.0).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}
