//! Citations: what an answer says it is from. Stored with the message as places, not as text: the text is read
//! where it is, so that a deleted document leaves none behind, and its title and page still tell what was cited.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{READER_VERSION, search::Passage};
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
    /// Whether its numbers, units or signs may not be as they are in the original, which is to be checked.
    #[serde(default, skip_serializing_if = "is_false")]
    pub check_original: bool,
    /// Whether its text was recognised in an image.
    #[serde(default, skip_serializing_if = "is_false")]
    pub recognised: bool,
    /// Whether its document was read anew since, and the passage is not there any more as it was cited.
    #[serde(default, skip_serializing_if = "is_false")]
    pub changed: bool,
    /// The reader whose text its place is of.
    #[serde(default, skip_serializing_if = "is_first")]
    pub reader_version: i32,
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
            check_original: passage.check_original,
            recognised: passage.recognised,
            changed: false,
            reader_version: passage.reader_version,
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

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks")]
const fn is_first(version: &i32) -> bool {
    *version == 0
}

/// Reads the passages of stored citations, as far as their documents are there, and what is known of their pages now.
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
        r#"select h.place as "place!", substr(p.body, h.start_char + 1, greatest(h.end_char - h.start_char, 0)) as "text!",
                  p.recognised, d.reader_version, (p.doubtful or p.recognised or d.reader_version < $5) as "check_original!"
           from unnest($1::uuid[], $2::int[], $3::int[], $4::int[])
             with ordinality as h(document_id, page, start_char, end_char, place)
           join document_pages p on p.document_id = h.document_id and p.page = h.page
           join documents d on d.id = h.document_id"#,
        &documents,
        &pages,
        &starts,
        &ends,
        READER_VERSION,
    )
    .fetch_all(conn)
    .await?;
    let mut known: HashMap<i64, _> = rows.into_iter().map(|row| (row.place, row)).collect();
    for (place, citation) in (1_i64..).zip(citations) {
        let Some(row) = known.remove(&place) else {
            citation.text = None;
            continue;
        };
        // An answer that was being written while its document was read anew has places of the text before.
        citation.changed |= citation.reader_version != row.reader_version;
        citation.check_original = row.check_original || citation.changed;
        citation.recognised = row.recognised;
        citation.text = Some(row.text);
    }
    Ok(())
}
