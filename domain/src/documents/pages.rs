//! SQL about the pages of documents.

use sqlx::PgConnection;

use super::{PageOutcome, READER_VERSION, Readings, chunks};
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
    /// Whether its numbers, units or signs could not be proved.
    pub doubtful: bool,
    /// Whether its text was looked for in an image of it.
    pub recognised: bool,
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
    /// Whether its text was looked for in an image of it.
    pub recognised: bool,
    /// Whether whoever cites it is to say that the original is to be checked: it is doubtful, recognised, or an earlier
    /// reader's.
    pub check_original: bool,
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
    let doubtful: Vec<_> = pages.iter().map(|page| page.doubtful).collect();
    let recognised: Vec<_> = pages.iter().map(|page| page.recognised).collect();
    sqlx::query!(
        "insert into document_pages (user_id, document_id, page, label, outcome, body, doubtful, recognised)
         select $1, $2, p.page, p.label, p.outcome::page_outcome, p.body, p.doubtful, p.recognised
         from unnest($3::int[], $4::text[], $5::text[], $6::text[], $7::bool[], $8::bool[])
           as p(page, label, outcome, body, doubtful, recognised)
         on conflict (document_id, page) do update
           set label = excluded.label, outcome = excluded.outcome, body = excluded.body, doubtful = excluded.doubtful,
               recognised = excluded.recognised",
        user.0,
        document.0,
        &numbers,
        &labels as &[Option<String>],
        &outcomes,
        &bodies,
        &doubtful,
        &recognised,
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
        r#"select p.page, p.label, p.outcome as "outcome: PageOutcome", p.body, p.recognised,
                  (p.doubtful or p.recognised or d.reader_version < $3) as "check_original!"
           from document_pages p join documents d on d.id = p.document_id
           where p.document_id = $1 and p.page = $2"#,
        document.0,
        page,
        READER_VERSION,
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
        r#"select p.page, p.label, p.outcome as "outcome: PageOutcome", p.body, p.recognised,
                  (p.doubtful or p.recognised or d.reader_version < $4) as "check_original!"
           from document_pages p join documents d on d.id = p.document_id
           where p.document_id = $1 and p.page > $2 and p.outcome = 'read' order by p.page limit $3"#,
        document.0,
        after,
        limit,
        READER_VERSION,
    )
    .fetch_all(conn)
    .await
}

/// How the pages of a document came out, and which have a passage that a model could not embed.
pub async fn readings(
    conn: &mut PgConnection,
    document: DocumentId,
    model: Option<&str>,
) -> sqlx::Result<Readings> {
    let rows = sqlx::query!(
        r#"select page, outcome as "outcome: PageOutcome", recognised from document_pages
           where document_id = $1 and outcome <> 'read' order by page"#,
        document.0,
    )
    .fetch_all(&mut *conn)
    .await?;
    let words_only = match model {
        Some(model) => chunks::pages_without_vector(conn, document, model).await?,
        None => Vec::new(),
    };
    let mut readings = Readings { words_only, ..Readings::default() };
    for row in rows {
        let pages = match (row.outcome, row.recognised) {
            (PageOutcome::Failed, _) => &mut readings.failed,
            (_, true) => &mut readings.blank,
            (_, false) => &mut readings.textless,
        };
        pages.push(row.page);
    }
    Ok(readings)
}
