//! The search: exact nearest vectors and BM25, both over one student's own chunks, fused by rank.

use pgvector::Vector;
use sqlx::PgConnection;

use super::{
    ChunkNumber, READER_VERSION,
    ranking::{self, ChunkRef},
    words,
};
use crate::ids::{DocumentId, UserId};

/// How deep each leg is read before they are fused.
const DEPTH: usize = 50;

/// A question, with its vector where there is a model to make one.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a> {
    /// Whose documents.
    pub user: UserId,
    /// In words.
    pub text: &'a str,
    /// As a vector of unit length, and of which model.
    pub vector: Option<(&'a str, &'a [f32])>,
    /// Only in these documents.
    pub only: Option<&'a [DocumentId]>,
    /// The most that are wanted.
    pub limit: usize,
}

/// Which legs are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Legs {
    /// Both, fused.
    Hybrid,
    /// Only the nearest vectors.
    Vector,
    /// Only the words.
    Text,
}

/// A chunk that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Its document.
    pub document: DocumentId,
    /// Its number there.
    pub number: ChunkNumber,
    /// What it was ranked by.
    pub score: f64,
    /// How near it is to the question, 1 being the same, where both have a vector of the model.
    pub similarity: Option<f64>,
    /// Its place among the nearest, from 1.
    pub vector_rank: Option<u32>,
    /// Its place by words, from 1.
    pub text_rank: Option<u32>,
    /// Its score by words.
    pub text_score: Option<f64>,
}

/// Searches. Best first.
pub async fn search(conn: &mut PgConnection, query: &Query<'_>, legs: Legs) -> sqlx::Result<Vec<Hit>> {
    let near = match query.vector {
        Some((model, vector)) if legs != Legs::Text => nearest(&mut *conn, query, model, vector).await?,
        _ => Vec::new(),
    };
    let worded = if legs == Legs::Vector { Vec::new() } else { by_words(&mut *conn, query).await? };
    let refs = |ranked: &[(ChunkRef, f64)]| ranked.iter().map(|(item, _)| *item).collect::<Vec<_>>();
    let fused = ranking::fuse(&[&refs(&near), &refs(&worded)], query.limit);
    let place = |ranked: &[(ChunkRef, f64)], item: &ChunkRef| {
        let place = ranked.iter().position(|(other, _)| other == item)?;
        let score = ranked.get(place).map(|(_, score)| *score)?;
        Some((u32::try_from(place + 1).ok()?, score))
    };
    let mut hits: Vec<Hit> = fused
        .into_iter()
        .map(|(item, score)| {
            let ((vector_rank, similarity), (text_rank, text_score)) =
                (place(&near, &item).unzip(), place(&worded, &item).unzip());
            Hit { document: item.0, number: item.1, score, similarity, vector_rank, text_rank, text_score }
        })
        .collect();
    if let Some((model, vector)) = query.vector {
        fill_in_similarity(conn, &mut hits, model, vector).await?;
    }
    Ok(hits)
}

/// The nearest chunks, exactly: every vector of the student is looked at. They have unit length, so the inner
/// product is the cosine.
async fn nearest(
    conn: &mut PgConnection,
    query: &Query<'_>,
    model: &str,
    vector: &[f32],
) -> sqlx::Result<Vec<(ChunkRef, f64)>> {
    let only: Option<Vec<_>> = query.only.map(|ids| ids.iter().map(|id| id.0).collect());
    let rows = sqlx::query!(
        r#"select document as "document: DocumentId", number, -distance as "similarity!"
           from (select document_id as document, number, embedding <#> $4::vector as distance
                 from chunk_vectors
                 where user_id = $1 and model = $2 and embedding is not null and ($3::uuid[] is null or document_id = any($3))) near
           order by distance, document, number limit $5"#,
        query.user.0,
        model,
        only.as_deref(),
        Vector::from(vector.to_vec()) as _,
        i64::try_from(DEPTH.max(query.limit)).unwrap_or(i64::MAX),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| ((row.document, ChunkNumber(row.number)), row.similarity)).collect())
}

async fn by_words(conn: &mut PgConnection, query: &Query<'_>) -> sqlx::Result<Vec<(ChunkRef, f64)>> {
    let postings = words::postings(&mut *conn, query.user, query.text, query.only).await?;
    if postings.is_empty() {
        return Ok(Vec::new());
    }
    let chunks = words::searchable(conn, query.user, query.only).await?;
    Ok(ranking::by_words(&postings, chunks, DEPTH.max(query.limit)))
}

/// What only the words found has a similarity, too.
async fn fill_in_similarity(
    conn: &mut PgConnection,
    hits: &mut [Hit],
    model: &str,
    vector: &[f32],
) -> sqlx::Result<()> {
    let missing: Vec<_> = hits
        .iter()
        .filter(|hit| hit.similarity.is_none())
        .map(|hit| (hit.document.0, hit.number.0))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let (documents, numbers): (Vec<_>, Vec<_>) = missing.into_iter().unzip();
    let rows = sqlx::query!(
        r#"select v.document_id as "document: DocumentId", v.number,
                  -(v.embedding <#> $4::vector) as "similarity!"
           from unnest($1::uuid[], $2::int[]) as h(document_id, number)
           join chunk_vectors v on v.document_id = h.document_id and v.number = h.number and v.model = $3
                                and v.embedding is not null"#,
        &documents,
        &numbers,
        model,
        Vector::from(vector.to_vec()) as _,
    )
    .fetch_all(conn)
    .await?;
    for row in rows {
        let found = |hit: &&mut Hit| hit.document == row.document && hit.number.0 == row.number;
        if let Some(hit) = hits.iter_mut().find(found) {
            hit.similarity = Some(row.similarity);
        }
    }
    Ok(())
}

/// A chunk with its text and what says where it is.
#[derive(Debug, Clone)]
pub struct Passage {
    /// Its document.
    pub document: DocumentId,
    /// The document's title.
    pub title: String,
    /// Its number there.
    pub number: ChunkNumber,
    /// Its page, from 1.
    pub page: i32,
    /// The page as it is printed, where that is another.
    pub label: Option<String>,
    /// Where it begins, in characters of the page's text.
    pub start: i32,
    /// Where it ends.
    pub end: i32,
    /// How many tokens it has.
    pub tokens: i16,
    /// Its text.
    pub text: String,
    /// Whether its text was recognised in an image.
    pub recognised: bool,
    /// Whether whoever cites it is to say that the original is to be checked.
    pub check_original: bool,
    /// The reader whose text its place is of.
    pub reader_version: i32,
}

/// The passages of chunks that are still there, in the order of the chunks.
pub async fn passages(conn: &mut PgConnection, chunks: &[ChunkRef]) -> sqlx::Result<Vec<Passage>> {
    let documents: Vec<_> = chunks.iter().map(|(document, _)| document.0).collect();
    let numbers: Vec<_> = chunks.iter().map(|(_, number)| number.0).collect();
    let rows = sqlx::query!(
        r#"select h.document_id as "document!: DocumentId", h.number as "number!", d.title, p.page, p.label,
                  c.start_char, c.end_char, c.tokens, p.recognised, d.reader_version,
                  (p.doubtful or p.recognised or d.reader_version < $3) as "check_original!",
                  substr(p.body, c.start_char + 1, c.end_char - c.start_char) as "text!"
           from unnest($1::uuid[], $2::int[]) with ordinality as h(document_id, number, place)
           join documents d on d.id = h.document_id
           join chunks c on c.document_id = h.document_id and c.number = h.number
           join document_pages p on p.document_id = h.document_id and p.page = h.number / 4096
           order by h.place"#,
        &documents,
        &numbers,
        READER_VERSION,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Passage {
            document: row.document,
            title: row.title,
            number: ChunkNumber(row.number),
            page: row.page,
            label: row.label,
            start: row.start_char,
            end: row.end_char,
            tokens: row.tokens,
            text: row.text,
            recognised: row.recognised,
            check_original: row.check_original,
            reader_version: row.reader_version,
        })
        .collect())
}
