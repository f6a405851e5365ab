//! SQL about searches that wait for their jobs. No payload may hold what a student looks for.

use sqlx::PgConnection;

use crate::ids::{DocumentId, SearchId, UserId};

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Search {
    /// In words.
    pub query: String,
    /// Only in this document.
    pub document: Option<DocumentId>,
    /// The most that are wanted.
    pub top_k: i32,
}

/// Keeps a search for its job.
pub async fn insert(
    conn: &mut PgConnection,
    id: SearchId,
    user: UserId,
    search: &Search,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into searches (id, user_id, query, document, top_k) values ($1, $2, $3, $4, $5)",
        id.0,
        user.0,
        search.query,
        search.document.map(|document| document.0),
        search.top_k,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Finds a search.
pub async fn find(conn: &mut PgConnection, id: SearchId) -> sqlx::Result<Option<Search>> {
    sqlx::query_as!(
        Search,
        r#"select query, document as "document: DocumentId", top_k from searches where id = $1"#,
        id.0
    )
    .fetch_optional(conn)
    .await
}

/// Forgets a search.
pub async fn delete(conn: &mut PgConnection, id: SearchId) -> sqlx::Result<()> {
    sqlx::query!("delete from searches where id = $1", id.0).execute(conn).await?;
    Ok(())
}

/// Forgets searches that nobody came back for. Needs the platform.
pub async fn prune(conn: &mut PgConnection, before: chrono::DateTime<chrono::Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from searches where created_at < $1", before).execute(conn).await?;
    Ok(done.rows_affected())
}
