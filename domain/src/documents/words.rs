//! The inverted index: which chunks have which words, and how much each weighs.
//!
//! Postgres parses and stems ('english'); the rest is BM25, whose part that depends on the chunk alone is
//! computed when the document is indexed.

use sqlx::PgConnection;

use super::ranking::Postings;
use crate::ids::{DocumentId, UserId};

/// Indexes the words of a document anew. In one statement after the old are gone, so within a transaction there is
/// never half an index.
///
/// The weight of a word in a chunk is 1000 · tf · (k + 1) / (tf + k · (1 - b + b · length / 100)) with k = 1.2 and
/// b = 0.75; a full chunk has about 100 words that count.
pub async fn index(conn: &mut PgConnection, user: UserId, document: DocumentId) -> sqlx::Result<()> {
    sqlx::query!("delete from document_words where document_id = $1", document.0).execute(&mut *conn).await?;
    sqlx::query!(
        "with worded as materialized (
           select c.number,
                  medai_words(substr(p.body, c.start_char + 1, c.end_char - c.start_char)) as words
           from chunks c join document_pages p on p.document_id = c.document_id and p.page = c.number / 4096
           where c.document_id = $2
         ), counted as (
           select w.number, u.lexeme, coalesce(cardinality(u.positions), 1)::float8 as times,
                  (select count(*) from unnest(w.words))::float8 as length
           from worded w cross join lateral unnest(w.words) as u(lexeme, positions, weights)
         )
         insert into document_words (user_id, document_id, word, numbers, weights)
         select $1, $2, lexeme, array_agg(number order by number),
                array_agg((1000 * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * length / 100)))::smallint order by number)
         from counted where octet_length(lexeme) <= 200 group by lexeme",
        user.0,
        document.0,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update documents set chunks = (select count(*) from chunks c where c.document_id = $1) where id = $1",
        document.0,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Where a question's words are in what a student may search.
pub async fn postings(
    conn: &mut PgConnection,
    user: UserId,
    query: &str,
    only: Option<&[DocumentId]>,
) -> sqlx::Result<Vec<Postings>> {
    let only: Option<Vec<_>> = only.map(|ids| ids.iter().map(|id| id.0).collect());
    sqlx::query_as!(
        Postings,
        r#"select d.word, d.document_id as "document: DocumentId", d.numbers, d.weights
           from document_words d
           where d.user_id = $1 and d.word = any((select tsvector_to_array(medai_words($2)))::text[])
             and ($3::uuid[] is null or d.document_id = any($3))"#,
        user.0,
        query,
        only.as_deref(),
    )
    .fetch_all(conn)
    .await
}

/// How many chunks a student can search.
pub async fn searchable(
    conn: &mut PgConnection,
    user: UserId,
    only: Option<&[DocumentId]>,
) -> sqlx::Result<i64> {
    let only: Option<Vec<_>> = only.map(|ids| ids.iter().map(|id| id.0).collect());
    sqlx::query_scalar!(
        r#"select coalesce(sum(chunks), 0) as "count!" from documents
           where user_id = $1 and ($2::uuid[] is null or id = any($2))"#,
        user.0,
        only.as_deref(),
    )
    .fetch_one(conn)
    .await
}
