//! SQL about the pages of documents.

use sqlx::PgConnection;

use super::PageOutcome;
use crate::ids::{DocumentId, UserId};

/// A page as it was read.
#[derive(Debug, Clone)]
pub struct NewPage {
    /// Its number, from 1.
    pub page: i32,
    /// As it is printed, where that is another.
    pub label: Option<String>,
    /// What became of it.
    pub outcome: PageOutcome,
    /// Its text.
    pub body: String,
}

/// A page as stored.
#[derive(Debug, Clone)]
pub struct StoredPage {
    /// Its number, from 1.
    pub page: i32,
    /// As it is printed, where that is another.
    pub label: Option<String>,
    /// What became of it.
    pub outcome: PageOutcome,
    /// Its text.
    pub body: String,
}

/// Stores pages, also over what an earlier run stored of them.
pub async fn upsert(
    conn: &mut PgConnection,
    user: UserId,
    document: DocumentId,
    pages: &[NewPage],
) -> sqlx::Result<()> {
    let numbers: Vec<_> = pages.iter().map(|page| page.page).collect();
    let labels: Vec<_> = pages.iter().map(|page| page.label.clone()).collect();
    let outcomes: Vec<_> = pages.iter().map(|page| outcome_name(page.outcome).to_owned()).collect();
    let bodies: Vec<_> = pages.iter().map(|page| page.body.clone()).collect();
    sqlx::query!(
        "insert into document_pages (user_id, document_id, page, label, outcome, body)
         select $1, $2, p.page, p.label, p.outcome::page_outcome, p.body
         from unnest($3::int[], $4::text[], $5::text[], $6::text[]) as p(page, label, outcome, body)
         on conflict (document_id, page) do update
           set label = excluded.label, outcome = excluded.outcome, body = excluded.body",
        user.0,
        document.0,
        &numbers,
        &labels as &[Option<String>],
        &outcomes,
        &bodies,
    )
    .execute(conn)
    .await?;
    Ok(())
}

const fn outcome_name(outcome: PageOutcome) -> &'static str {
    match outcome {
        PageOutcome::Read => "read",
        PageOutcome::NoText => "no_text",
        PageOutcome::Failed => "failed",
    }
}

/// Finds a page.
pub async fn find(
    conn: &mut PgConnection,
    document: DocumentId,
    page: i32,
) -> sqlx::Result<Option<StoredPage>> {
    sqlx::query_as!(
        StoredPage,
        r#"select page, label, outcome as "outcome: PageOutcome", body from document_pages
           where document_id = $1 and page = $2"#,
        document.0,
        page,
    )
    .fetch_optional(conn)
    .await
}

/// The next pages with text after `after`.
pub async fn next_with_text(
    conn: &mut PgConnection,
    document: DocumentId,
    after: i32,
    limit: i64,
) -> sqlx::Result<Vec<StoredPage>> {
    sqlx::query_as!(
        StoredPage,
        r#"select page, label, outcome as "outcome: PageOutcome", body from document_pages
           where document_id = $1 and page > $2 and outcome = 'read' order by page limit $3"#,
        document.0,
        after,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// The numbers of the pages that came out like this, in order.
pub async fn that_are(
    conn: &mut PgConnection,
    document: DocumentId,
    outcome: PageOutcome,
) -> sqlx::Result<Vec<i32>> {
    sqlx::query_scalar!(
        "select page from document_pages where document_id = $1 and outcome = $2 order by page",
        document.0,
        outcome as PageOutcome,
    )
    .fetch_all(conn)
    .await
}
