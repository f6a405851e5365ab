//! SQL about chunks and their vectors.

use std::ops::RangeInclusive;

use pgvector::Vector;
use sqlx::PgConnection;

use super::ChunkNumber;
use crate::ids::{DocumentId, UserId};

/// A chunk as it was cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewChunk {
    /// Its number in the document.
    pub number: ChunkNumber,
    /// Where it begins, in characters of its page's text.
    pub start: i32,
    /// Where it ends.
    pub end: i32,
    /// How many tokens of the embedder it has.
    pub tokens: i16,
}

/// Stores the chunks of some pages, in place of those that an earlier run stored of them.
pub async fn replace(
    conn: &mut PgConnection,
    user: UserId,
    document: DocumentId,
    pages: RangeInclusive<i32>,
    chunks: &[NewChunk],
) -> sqlx::Result<()> {
    let numbers: Vec<_> = chunks.iter().map(|chunk| chunk.number.0).collect();
    let starts: Vec<_> = chunks.iter().map(|chunk| chunk.start).collect();
    let ends: Vec<_> = chunks.iter().map(|chunk| chunk.end).collect();
    let tokens: Vec<_> = chunks.iter().map(|chunk| chunk.tokens).collect();
    // What is the same stays, and with it its vector.
    sqlx::query!(
        "with new as (
           select * from unnest($4::int[], $5::int[], $6::int[], $7::smallint[]) as n(number, start_char, end_char, tokens)
         )
         delete from chunks c
         where c.document_id = $1 and c.number >= $2 and c.number < $3
           and not exists (select from new n where n.number = c.number and n.start_char = c.start_char
                                               and n.end_char = c.end_char)",
        document.0,
        pages.start().saturating_mul(4096),
        pages.end().saturating_add(1).saturating_mul(4096),
        &numbers,
        &starts,
        &ends,
        &tokens,
    )
    .execute(&mut *conn)
    .await?;
    insert(conn, user, document, chunks).await
}

/// Stores chunks; one that is there already stays.
pub async fn insert(
    conn: &mut PgConnection,
    user: UserId,
    document: DocumentId,
    chunks: &[NewChunk],
) -> sqlx::Result<()> {
    let numbers: Vec<_> = chunks.iter().map(|chunk| chunk.number.0).collect();
    let starts: Vec<_> = chunks.iter().map(|chunk| chunk.start).collect();
    let ends: Vec<_> = chunks.iter().map(|chunk| chunk.end).collect();
    let tokens: Vec<_> = chunks.iter().map(|chunk| chunk.tokens).collect();
    sqlx::query!(
        "insert into chunks (user_id, document_id, number, start_char, end_char, tokens)
         select $1, $2, * from unnest($3::int[], $4::int[], $5::int[], $6::smallint[])
         on conflict (document_id, number) do nothing",
        user.0,
        document.0,
        &numbers,
        &starts,
        &ends,
        &tokens,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A chunk that waits for its vector, with its text.
#[derive(Debug, Clone)]
pub struct Unembedded {
    /// Its number in the document.
    pub number: ChunkNumber,
    /// Its text.
    pub body: String,
    /// How many tokens it has.
    pub tokens: i16,
}

/// The next chunks of a document that have no vector of a model. Of many at once, so that those of a length can
/// be embedded together.
pub async fn without_vector(
    conn: &mut PgConnection,
    document: DocumentId,
    model: &str,
    limit: i64,
) -> sqlx::Result<Vec<Unembedded>> {
    let rows = sqlx::query!(
        r#"select c.number, c.tokens, substr(p.body, c.start_char + 1, c.end_char - c.start_char) as "body!"
           from chunks c join document_pages p on p.document_id = c.document_id and p.page = c.number / 4096
           where c.document_id = $1
             and not exists (select from chunk_vectors v
                             where v.document_id = c.document_id and v.number = c.number and v.model = $2)
           order by c.number limit $3"#,
        document.0,
        model,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let chunk = |number, body, tokens| Unembedded { number: ChunkNumber(number), body, tokens };
    Ok(rows.into_iter().map(|row| chunk(row.number, row.body, row.tokens)).collect())
}

/// Stores vectors; one that is there already stays. A chunk that the model cannot embed has a row without one, so that it
/// is not tried for ever.
pub async fn insert_vectors(
    conn: &mut PgConnection,
    user: UserId,
    document: DocumentId,
    model: &str,
    vectors: &[(ChunkNumber, Option<Vec<f32>>)],
) -> sqlx::Result<()> {
    let numbers: Vec<_> = vectors.iter().map(|(number, _)| number.0).collect();
    let vectors: Vec<_> = vectors.iter().map(|(_, vector)| vector.clone().map(Vector::from)).collect();
    sqlx::query!(
        "insert into chunk_vectors (user_id, document_id, number, model, embedding)
         select $1, $2, v.number, $3, v.embedding
         from unnest($4::int[], $5::vector[]) as v(number, embedding)
         on conflict (document_id, number, model) do nothing",
        user.0,
        document.0,
        model,
        &numbers,
        &vectors as &[Option<Vector>],
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The vectors of a model that a document has, each with the text that it is of.
pub async fn embedded(
    conn: &mut PgConnection,
    document: DocumentId,
    model: &str,
) -> sqlx::Result<Vec<(String, Vec<f32>)>> {
    let rows = sqlx::query!(
        r#"select substr(p.body, c.start_char + 1, c.end_char - c.start_char) as "body!", v.embedding as "vector!: Vector"
           from chunks c
           join document_pages p on p.document_id = c.document_id and p.page = c.number / 4096
           join chunk_vectors v on v.document_id = c.document_id and v.number = c.number and v.model = $2
           where c.document_id = $1 and v.embedding is not null"#,
        document.0,
        model,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.body, row.vector.into())).collect())
}

/// How many chunks a document has, and how many of them a model has looked at.
pub async fn count(conn: &mut PgConnection, document: DocumentId, model: &str) -> sqlx::Result<(i64, i64)> {
    let row = sqlx::query!(
        r#"select (select count(*) from chunks where document_id = $1) as "all!",
                  (select count(*) from chunk_vectors where document_id = $1 and model = $2) as "embedded!""#,
        document.0,
        model,
    )
    .fetch_one(conn)
    .await?;
    Ok((row.all, row.embedded))
}

/// The pages with a passage that a model could not embed, in order.
pub async fn pages_without_vector(
    conn: &mut PgConnection,
    document: DocumentId,
    model: &str,
) -> sqlx::Result<Vec<i32>> {
    sqlx::query_scalar!(
        r#"select distinct number / 4096 as "page!" from chunk_vectors
           where document_id = $1 and model = $2 and embedding is null order by 1"#,
        document.0,
        model,
    )
    .fetch_all(conn)
    .await
}
