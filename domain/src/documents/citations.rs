//! Citations: what an answer says it is from. Stored with the message as places, not as text: the text is read
//! where it is, so that a deleted document leaves none behind, and its title and page still tell what was cited.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::search::Passage;
use crate::ids::DocumentId;

/// A passage that an answer cites as `[n]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Citation {
    /// The number in the text.
    pub n: u32,
    /// The document; it may be gone.
    pub document_id: DocumentId,
    /// The document's title when it was cited.
    pub title: String,
    /// The page, from 1.
    pub page: i32,
    /// The page as it is printed, where that is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Where the passage begins, in characters of the page's text.
    pub start: i32,
    /// Where it ends.
    pub end: i32,
    /// How near it is to the question, 1 being the same.
    pub score: f64,
    /// The passage; missing where its document is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl Citation {
    /// Of a passage, as `[n]`.
    pub fn new(n: u32, passage: &Passage, score: f64) -> Self {
        Self {
            n,
            document_id: passage.document,
            title: passage.title.clone(),
            page: passage.page,
            label: passage.label.clone(),
            start: passage.start,
            end: passage.end,
            score,
            text: Some(passage.text.clone()),
        }
    }

    /// As it is stored.
    #[must_use]
    pub fn without_text(mut self) -> Self {
        self.text = None;
        self
    }
}

/// Reads the passages of stored citations, as far as their documents are there.
pub async fn resolve<'a>(
    conn: &mut PgConnection,
    citations: impl Iterator<Item = &'a mut Citation>,
) -> sqlx::Result<()> {
    let citations: Vec<_> = citations.collect();
    if citations.is_empty() {
        return Ok(());
    }
    let documents: Vec<_> = citations.iter().map(|citation| citation.document_id.0).collect();
    let pages: Vec<_> = citations.iter().map(|citation| citation.page).collect();
    let starts: Vec<_> = citations.iter().map(|citation| citation.start).collect();
    let ends: Vec<_> = citations.iter().map(|citation| citation.end).collect();
    let rows = sqlx::query!(
        r#"select h.place as "place!", substr(p.body, h.start_char + 1, greatest(h.end_char - h.start_char, 0)) as "text!"
           from unnest($1::uuid[], $2::int[], $3::int[], $4::int[])
             with ordinality as h(document_id, page, start_char, end_char, place)
           join document_pages p on p.document_id = h.document_id and p.page = h.page"#,
        &documents,
        &pages,
        &starts,
        &ends,
    )
    .fetch_all(conn)
    .await?;
    let mut texts: HashMap<i64, String> = rows.into_iter().map(|row| (row.place, row.text)).collect();
    for (place, citation) in (1_i64..).zip(citations) {
        citation.text = texts.remove(&place);
    }
    Ok(())
}
