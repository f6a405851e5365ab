//! SQL about images that students attach to messages.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::ids::{ImageId, MessageId, UserId};

/// The most images of one message.
pub const MOST_OF_A_MESSAGE: usize = 4;

/// An image as stored.
#[derive(Debug, Clone)]
pub struct Image {
    /// Its id, and the name of its file.
    pub id: ImageId,
    /// `image/png` or `image/jpeg`.
    pub content_type: String,
    /// The size of its file.
    pub bytes: i64,
    /// In pixels.
    pub width: i32,
    /// In pixels.
    pub height: i32,
    /// When it was uploaded.
    pub created_at: DateTime<Utc>,
}

/// Adds an image that no message has yet.
pub async fn insert(conn: &mut PgConnection, user: UserId, image: &Image) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into images (id, user_id, content_type, bytes, width, height, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        image.id.0,
        user.0,
        image.content_type,
        image.bytes,
        image.width,
        image.height,
        image.created_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Finds an image.
pub async fn find(conn: &mut PgConnection, id: ImageId) -> sqlx::Result<Option<Image>> {
    sqlx::query_as!(
        Image,
        r#"select id as "id: ImageId", content_type, bytes, width, height, created_at from images where id = $1"#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// Those of these images that are there.
pub async fn find_all(conn: &mut PgConnection, ids: &[ImageId]) -> sqlx::Result<Vec<Image>> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    sqlx::query_as!(
        Image,
        r#"select id as "id: ImageId", content_type, bytes, width, height, created_at from images where id = any($1) order by id"#,
        &ids,
    )
    .fetch_all(conn)
    .await
}

/// Those of these ids that are there.
pub async fn existing(conn: &mut PgConnection, ids: &[ImageId]) -> sqlx::Result<Vec<ImageId>> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    sqlx::query_scalar!(r#"select id as "id: ImageId" from images where id = any($1)"#, &ids)
        .fetch_all(conn)
        .await
}

/// Attaches images to a message. Returns how many of them were there, and no other message's.
pub async fn attach(conn: &mut PgConnection, message: MessageId, ids: &[ImageId]) -> sqlx::Result<u64> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let done = sqlx::query!(
        "update images set message_id = $1 where id = any($2) and message_id is null",
        message.0,
        &ids,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// The images of messages, each with its message, in the order of their upload.
pub async fn of_messages(
    conn: &mut PgConnection,
    messages: &[MessageId],
) -> sqlx::Result<Vec<(MessageId, Image)>> {
    let messages: Vec<_> = messages.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select message_id as "message!: MessageId", id as "id: ImageId", content_type, bytes, width, height, created_at
           from images where message_id = any($1) order by id"#,
        &messages,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let image = Image {
                id: row.id,
                content_type: row.content_type,
                bytes: row.bytes,
                width: row.width,
                height: row.height,
                created_at: row.created_at,
            };
            (row.message, image)
        })
        .collect())
}

/// Removes some images that no message took before `before`, or whose message is gone, and that no note names, and returns
/// their ids: their files are to follow. Needs the platform.
pub async fn prune(conn: &mut PgConnection, before: DateTime<Utc>) -> sqlx::Result<Vec<ImageId>> {
    sqlx::query_scalar!(
        r#"delete from images where id in (
             select i.id from images i
             where i.created_at < $1
               and (i.message_id is null or not exists (select from messages m where m.id = i.message_id))
               and not exists (select from notes n where n.images <> '{}' and n.images @> array[i.id])
             limit 500)
           returning id as "id: ImageId""#,
        before,
    )
    .fetch_all(conn)
    .await
}
