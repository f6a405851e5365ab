//! SQL about sessions. All within `begin_as`: row-level security says whose they are.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{Session, title};
use crate::ids::{DocumentId, FolderId, MessageId, SessionId, UserId};

/// Adds a session.
pub async fn insert(conn: &mut PgConnection, user: UserId, title: Option<&str>) -> sqlx::Result<Session> {
    sqlx::query_as!(
        Session,
        r#"insert into sessions (id, user_id, title) values ($1, $2, $3)
           returning id as "id: SessionId", title, documents as "documents: Vec<DocumentId>", pinned, archived,
                  folder_id as "folder: FolderId", shared_at, created_at, updated_at"#,
        SessionId::generate().0,
        user.0,
        title,
    )
    .fetch_one(conn)
    .await
}

/// Finds a session.
pub async fn find(conn: &mut PgConnection, id: SessionId) -> sqlx::Result<Option<Session>> {
    sqlx::query_as!(
        Session,
        r#"select id as "id: SessionId", title, documents as "documents: Vec<DocumentId>", pinned, archived,
                  folder_id as "folder: FolderId", shared_at, created_at, updated_at
           from sessions where id = $1 and trashed_at is null"#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// Where a page of a list begins: whether the last one before it was pinned, its last use, and its id.
pub type After = (bool, DateTime<Utc>, SessionId);

/// Lists sessions, those that are pinned first, and then the last used, after `after` where given. `loose` are those that
/// are in no folder, and pinned ones wherever they are.
pub async fn list(
    conn: &mut PgConnection,
    archived: bool,
    loose: bool,
    after: Option<After>,
    limit: i64,
) -> sqlx::Result<Vec<Session>> {
    sqlx::query_as!(
        Session,
        r#"select id as "id: SessionId", title, documents as "documents: Vec<DocumentId>", pinned, archived,
                  folder_id as "folder: FolderId", shared_at, created_at, updated_at
           from sessions
           where trashed_at is null and archived = $1 and (not $2 or pinned or folder_id is null)
             and ($3::boolean is null or (pinned, updated_at, id) < ($3, $4, $5))
           order by pinned desc, updated_at desc, id desc limit $6"#,
        archived,
        loose,
        after.map(|(pinned, ..)| pinned),
        after.map(|(_, at, _)| at),
        after.map(|(.., id)| id.0),
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Lists the sessions of a folder as [`list`] does, but for those that are archived.
pub async fn in_folder(
    conn: &mut PgConnection,
    folder: FolderId,
    after: Option<After>,
    limit: i64,
) -> sqlx::Result<Vec<Session>> {
    sqlx::query_as!(
        Session,
        r#"select id as "id: SessionId", title, documents as "documents: Vec<DocumentId>", pinned, archived,
                  folder_id as "folder: FolderId", shared_at, created_at, updated_at
           from sessions
           where folder_id = $1 and trashed_at is null and not archived
             and ($2::boolean is null or (pinned, updated_at, id) < ($2, $3, $4))
           order by pinned desc, updated_at desc, id desc limit $5"#,
        folder.0,
        after.map(|(pinned, ..)| pinned),
        after.map(|(_, at, _)| at),
        after.map(|(.., id)| id.0),
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Lists the sessions whose titles have all of these words, wherever they are, the last used first.
pub async fn titled(
    conn: &mut PgConnection,
    words: &str,
    after: Option<After>,
    limit: i64,
) -> sqlx::Result<Vec<Session>> {
    sqlx::query_as!(
        Session,
        r#"with asked as materialized (
             select coalesce(array_agg('%' || replace(replace(replace(word, '\', '\\'), '%', '\%'), '_', '\_') || '%'), '{}') as parts
             from regexp_split_to_table(btrim($1, E' \t\n\r'), '\s+') as word
           )
           select id as "id: SessionId", title, documents as "documents: Vec<DocumentId>", pinned, archived,
                  folder_id as "folder: FolderId", shared_at, created_at, updated_at
           from sessions, asked
           where trashed_at is null and title ilike all (asked.parts)
             and ($2::timestamptz is null or (updated_at, id) < ($2, $3))
           order by updated_at desc, id desc limit $4"#,
        words,
        after.map(|(_, at, _)| at),
        after.map(|(.., id)| id.0),
        limit,
    )
    .fetch_all(conn)
    .await
}

/// What is to change about a session; `None` stays.
#[derive(Debug, Default)]
pub struct Change<'a> {
    /// Its title.
    pub title: Option<&'a str>,
    /// Whether it stands first.
    pub pinned: Option<bool>,
    /// Whether it is out of the list.
    pub archived: Option<bool>,
    /// The folder that it goes into, or none.
    pub folder: Option<Option<FolderId>>,
}

/// The constraint that a folder violates which is gone or another's.
pub const FOLDER: &str = "sessions_folder";

/// Changes a session. Its place among the last used stays. Violates [`FOLDER`] where there is no such folder.
pub async fn change(
    conn: &mut PgConnection,
    id: SessionId,
    change: &Change<'_>,
) -> sqlx::Result<Option<Session>> {
    sqlx::query_as!(
        Session,
        r#"update sessions
           set title = coalesce($2, title), pinned = coalesce($3, pinned), archived = coalesce($4, archived),
               folder_id = case when $5 then $6 else folder_id end
           where id = $1 and trashed_at is null
           returning id as "id: SessionId", title, documents as "documents: Vec<DocumentId>", pinned, archived,
                  folder_id as "folder: FolderId", shared_at, created_at, updated_at"#,
        id.0,
        change.title,
        change.pinned,
        change.archived,
        change.folder.is_some(),
        change.folder.flatten().map(|folder| folder.0),
    )
    .fetch_optional(conn)
    .await
}

/// Says which documents a session is about; `None` is all of the student's.
pub async fn set_documents(
    conn: &mut PgConnection,
    id: SessionId,
    documents: Option<&[DocumentId]>,
) -> sqlx::Result<Option<Session>> {
    let documents: Option<Vec<_>> = documents.map(|ids| ids.iter().map(|id| id.0).collect());
    sqlx::query_as!(
        Session,
        r#"update sessions set documents = $2 where id = $1 and trashed_at is null
           returning id as "id: SessionId", title, documents as "documents: Vec<DocumentId>", pinned, archived,
                  folder_id as "folder: FolderId", shared_at, created_at, updated_at"#,
        id.0,
        documents.as_deref(),
    )
    .fetch_optional(conn)
    .await
}

/// What there is to answer a question with, beside the conversation.
#[derive(Debug, Default)]
pub struct Sources {
    /// The documents that the session is about; `None` is all of the student's.
    pub documents: Option<Vec<DocumentId>>,
    /// Whether any of them can be searched.
    pub grounded: bool,
    /// Whether the student ever sent an image.
    pub pictured: bool,
}

/// What there is to answer a question with: one look for all, since most questions bring neither.
pub async fn sources(conn: &mut PgConnection, question: MessageId) -> sqlx::Result<Option<Sources>> {
    sqlx::query_as!(
        Sources,
        r#"select s.documents as "documents: Vec<DocumentId>",
                  exists (select from documents d
                          where d.user_id = s.user_id and d.model is not null
                            and (s.documents is null or d.id = any(s.documents))) as "grounded!",
                  exists (select from images i where i.user_id = s.user_id and i.message_id is not null) as "pictured!"
           from messages m join sessions s on s.id = m.session_id where m.id = $1"#,
        question.0,
    )
    .fetch_optional(conn)
    .await
}

/// Deletes a session with its messages.
pub async fn delete(conn: &mut PgConnection, id: SessionId) -> sqlx::Result<bool> {
    let done = sqlx::query!("delete from sessions where id = $1", id.0).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// Puts a session into the trash: out of sight, and to be restored or deleted. The link that shared it ends.
pub async fn trash(conn: &mut PgConnection, id: SessionId, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update sessions set trashed_at = $2, share_hash = null, shared_at = null where id = $1 and trashed_at is null",
        id.0,
        now
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// Takes a session out of the trash.
pub async fn restore(conn: &mut PgConnection, id: SessionId) -> sqlx::Result<Option<Session>> {
    sqlx::query_as!(
        Session,
        r#"update sessions set trashed_at = null where id = $1 and trashed_at is not null
           returning id as "id: SessionId", title, documents as "documents: Vec<DocumentId>", pinned, archived,
                  folder_id as "folder: FolderId", shared_at, created_at, updated_at"#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// Since when a session is in the trash; `None` where it is not.
pub async fn trashed_at(conn: &mut PgConnection, id: SessionId) -> sqlx::Result<Option<DateTime<Utc>>> {
    let row = sqlx::query_scalar!("select trashed_at from sessions where id = $1 for update", id.0);
    Ok(row.fetch_optional(conn).await?.flatten())
}

/// What a new message needs to know about where it goes.
#[derive(Debug)]
pub struct Place {
    /// The message that it follows.
    pub leaf: Option<MessageId>,
    /// Characters of the conversation that the model will be sent along with it, at most.
    pub history_chars: i64,
    /// Whether there are documents that the answer may be from.
    pub grounded: bool,
}

/// Marks a session as just used, brings it back from the archive, titles it by its first message, and locks it for the rest of the
/// transaction, so that two messages cannot follow the same leaf unknowingly.
pub async fn enter(conn: &mut PgConnection, id: SessionId, content: &str) -> sqlx::Result<Option<Place>> {
    sqlx::query_as!(
        Place,
        r#"update sessions s
           set updated_at = now(), archived = false, title = coalesce(s.title, $2)
           from (select (array_agg(m.id order by m.id desc))[1] as leaf, coalesce(sum(m.chars), 0) as chars
                 from (select id, char_length(content) as chars from messages where session_id = $1
                       order by id desc limit 40) m) recent
           where s.id = $1 and s.trashed_at is null
           returning recent.leaf as "leaf: MessageId", recent.chars as "history_chars!",
                     exists (select from documents d
                             where d.user_id = s.user_id and d.status in ('ready', 'partly_ready')
                               and (s.documents is null or d.id = any(s.documents))) as "grounded!""#,
        id.0,
        title::from_message(content),
    )
    .fetch_optional(conn)
    .await
}
