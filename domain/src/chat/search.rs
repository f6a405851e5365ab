//! Search inside messages. A student's own are few enough to be looked through: what might fit is found by the beginnings of
//! the words, and only that is parsed and ranked.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::MessageRole;
use crate::ids::{MessageId, SessionId};

/// Where a word that was looked for begins and ends in an excerpt: characters that no text has.
pub const MARKS: (char, char) = ('\u{1}', '\u{2}');

/// A message with the words that were looked for.
#[derive(Debug)]
pub struct Found {
    /// The message.
    pub id: MessageId,
    /// The conversation that it is in.
    pub session: SessionId,
    /// The conversation's title.
    pub title: Option<String>,
    /// Who wrote it.
    pub role: MessageRole,
    /// The parts of it with the words, which stand between [`MARKS`].
    pub excerpt: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

/// The messages that have all words of a question in some form, the best first, and among equals the newest. Within
/// `begin_as`: row-level security says whose they are.
pub async fn messages(conn: &mut PgConnection, question: &str, limit: i64) -> sqlx::Result<Vec<Found>> {
    sqlx::query_as!(
        Found,
        r#"with asked as materialized (
             select to_tsquery('pg_catalog.simple', string_agg('''' || replace(replace(word, '\', '\\'), '''', '''''') || ''':*', ' & ')) as query,
                    array_agg('%' || replace(replace(replace(left(word, 4), '\', '\\'), '%', '\%'), '_', '\_') || '%') as begins
             from unnest(tsvector_to_array(medai_words($1))) as word
           ), hits as (
             select m.id, m.session_id, s.title, m.role, m.content, m.created_at, a.query,
                    ts_rank_cd(medai_words(m.content), a.query) as rank
             from asked a, sessions s join messages m on m.session_id = s.id
             where s.trashed_at is null and a.query is not null
               and regexp_replace(normalize(m.content, NFKD), '[\u0300-\u036f]+', '', 'g') ilike all (a.begins)
               and medai_words(m.content) @@ a.query
             order by rank desc, m.id desc limit $2
           )
           select id as "id: MessageId", session_id as "session: SessionId", title, role as "role: MessageRole", created_at,
                  ts_headline('pg_catalog.english', translate(content, $3, ''), query,
                    'MaxFragments=2, MinWords=8, MaxWords=24, FragmentDelimiter=" … ", StartSel="' || left($3, 1)
                    || '", StopSel="' || right($3, 1) || '"') as "excerpt!"
           from hits order by rank desc, id desc"#,
        question,
        limit,
        String::from_iter([MARKS.0, MARKS.1]),
    )
    .fetch_all(conn)
    .await
}
