//! Tags of notes.

use sqlx::PgConnection;

use crate::{
    ids::{NoteId, UserId},
    notes::MOST_TAGS,
};

/// Tags a note, unless it has that tag, or as many as it may have.
pub async fn add_tag(conn: &mut PgConnection, user: UserId, id: NoteId, tag: &str) -> sqlx::Result<()> {
    add_tags(conn, user, &[id], &[tag.to_owned()]).await.map(drop)
}

/// Tags notes with what they lack of these. A note that would have too many is left as it is. Returns how many changed.
pub async fn add_tags(
    conn: &mut PgConnection,
    user: UserId,
    ids: &[NoteId],
    tags: &[String],
) -> sqlx::Result<u64> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let done = sqlx::query!(
        r#"update notes n set tags = n.tags || lacking.tags, updated_at = now()
           from (select o.id, array_agg(t.tag order by t.place) as tags
                 from notes o cross join unnest($3::text[]) with ordinality as t(tag, place)
                 where o.user_id = $1 and o.id = any($2)
                   and lower(t.tag) not in (select lower(had) from unnest(o.tags) had)
                 group by o.id) lacking
           where n.user_id = $1 and n.id = lacking.id and cardinality(n.tags) + cardinality(lacking.tags) <= $4"#,
        user.0,
        &ids,
        tags,
        i32::try_from(MOST_TAGS).unwrap_or(i32::MAX),
    );
    Ok(done.execute(conn).await?.rows_affected())
}

/// Takes a tag off a note.
pub async fn remove_tag(conn: &mut PgConnection, user: UserId, id: NoteId, tag: &str) -> sqlx::Result<()> {
    remove_tags(conn, user, &[id], &[tag.to_owned()]).await.map(drop)
}

/// Takes tags off notes, in whatever case. Returns how many changed.
pub async fn remove_tags(
    conn: &mut PgConnection,
    user: UserId,
    ids: &[NoteId],
    tags: &[String],
) -> sqlx::Result<u64> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let done = sqlx::query!(
        r#"update notes n
           set tags = array(select had from unnest(n.tags) with ordinality as t(had, place)
                            where lower(had) not in (select lower(gone) from unnest($3::text[]) gone) order by place),
               updated_at = now()
           where n.user_id = $1 and n.id = any($2)
             and exists (select from unnest(n.tags) had, unnest($3::text[]) gone where lower(had) = lower(gone))"#,
        user.0,
        &ids,
        tags,
    );
    Ok(done.execute(conn).await?.rows_affected())
}
