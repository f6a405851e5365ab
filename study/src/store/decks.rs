//! SQL about decks.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{
    deck_title::{self, SEPARATOR},
    ids::{DeckId, UserId},
};

/// The most decks of a student.
pub const MOST: i64 = 1_000;

/// The index that a second deck of the same title violates.
pub const TITLE_ONCE: &str = "decks_title_once";

/// The constraint that a title violates which became too long below its new parents.
pub const TITLE_LENGTH: &str = "decks_title_length";

/// A deck as stored.
#[derive(Debug, Clone)]
pub struct Deck {
    /// Its id.
    pub id: DeckId,
    /// Its title, with those of the decks above.
    pub title: String,
    /// How many cards are begun a day.
    pub new_per_day: i32,
    /// How many reviews are asked a day.
    pub reviews_per_day: i32,
    /// The probability of recall at which a card comes back.
    pub desired_retention: f32,
    /// In minutes.
    pub learning_steps: Vec<i32>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When its title or settings were changed.
    pub updated_at: DateTime<Utc>,
}

/// What is said about a deck; `None` stays, or is as usual.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// How many cards are begun a day.
    pub new_per_day: Option<i32>,
    /// How many reviews are asked a day.
    pub reviews_per_day: Option<i32>,
    /// The probability of recall at which a card comes back.
    pub desired_retention: Option<f32>,
    /// In minutes.
    pub learning_steps: Option<Vec<i32>>,
}

/// What became of a new title.
#[derive(Debug)]
pub enum Titled {
    /// The deck has it.
    Deck(Deck),
    /// There is no such deck.
    Gone,
    /// Another deck has that title, or one below this would have another's.
    Taken,
    /// It would be a deck below itself.
    BelowItself,
    /// There would be more than [`MOST`].
    TooMany,
}

/// Adds a deck, and those above it that are missing.
pub async fn insert(
    conn: &mut PgConnection,
    user: UserId,
    parts: &[&str],
    settings: &Settings,
) -> sqlx::Result<Titled> {
    let Some((name, above)) = parts.split_last() else { return Ok(Titled::Taken) };
    let Some(above) = ensure(conn, user, above).await? else { return Ok(Titled::TooMany) };
    if !has_room(conn, user).await? {
        return Ok(Titled::TooMany);
    }
    let added = sqlx::query_as!(
        Deck,
        r#"insert into decks (id, user_id, title, new_per_day, reviews_per_day, desired_retention, learning_steps)
           values ($1, $2, $3, coalesce($4, 20), coalesce($5, 200), coalesce($6::real, 0.9::real), coalesce($7::int[], '{1,10}'))
           on conflict (user_id, lower(title)) do nothing
           returning id as "id: DeckId", title, new_per_day, reviews_per_day, desired_retention, learning_steps, created_at, updated_at"#,
        DeckId::generate().0,
        user.0,
        joined(above.as_deref(), name),
        settings.new_per_day,
        settings.reviews_per_day,
        settings.desired_retention,
        settings.learning_steps.as_deref(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(added.map_or(Titled::Taken, Titled::Deck))
}

fn joined(above: Option<&str>, name: &str) -> String {
    above.map_or_else(|| name.to_owned(), |above| format!("{above}{SEPARATOR}{name}"))
}

async fn has_room(conn: &mut PgConnection, user: UserId) -> sqlx::Result<bool> {
    let room = sqlx::query_scalar!(
        r#"select count(*) < $2 as "room!" from decks where user_id = $1"#,
        user.0,
        MOST,
    );
    room.fetch_one(conn).await
}

/// Makes those decks of a path that are missing. Returns its title as it is written there, which is none for no path;
/// `None` where there is no room.
async fn ensure(
    conn: &mut PgConnection,
    user: UserId,
    parts: &[&str],
) -> sqlx::Result<Option<Option<String>>> {
    let mut title: Option<String> = None;
    for part in parts {
        let wanted = joined(title.as_deref(), part);
        let there = titled(conn, user, &wanted).await?;
        title = Some(match there {
            Some((_, written)) => written,
            None if !has_room(conn, user).await? => return Ok(None),
            None => add_plain(conn, user, &wanted).await?.map_or(wanted, |(_, title)| title),
        });
    }
    Ok(Some(title))
}

/// The deck of a title, in whatever case: its id, and the title as it is written.
pub async fn titled(
    conn: &mut PgConnection,
    user: UserId,
    title: &str,
) -> sqlx::Result<Option<(DeckId, String)>> {
    let row = sqlx::query!(
        r#"select id as "id: DeckId", title from decks where user_id = $1 and lower(title) = lower($2)"#,
        user.0,
        title,
    );
    Ok(row.fetch_optional(conn).await?.map(|row| (row.id, row.title)))
}

/// Adds a deck with the usual settings; `None` where there is one of that title.
async fn add_plain(
    conn: &mut PgConnection,
    user: UserId,
    title: &str,
) -> sqlx::Result<Option<(DeckId, String)>> {
    let row = sqlx::query!(
        r#"insert into decks (id, user_id, title) values ($1, $2, $3)
           on conflict (user_id, lower(title)) do nothing
           returning id as "id: DeckId", title"#,
        DeckId::generate().0,
        user.0,
        title,
    );
    Ok(row.fetch_optional(conn).await?.map(|row| (row.id, row.title)))
}

/// The deck with these parts as its title, made with those above it where it is missing; `None` where there is no room.
pub async fn find_or_insert(
    conn: &mut PgConnection,
    user: UserId,
    parts: &[&str],
) -> sqlx::Result<Option<DeckId>> {
    let Some(Some(title)) = ensure(&mut *conn, user, parts).await? else { return Ok(None) };
    Ok(titled(conn, user, &title).await?.map(|(id, _)| id))
}

/// Adds a deck at the top whose title is what was wanted, or that and the first number that is free. It has room beyond
/// [`MOST`]: what a job has made must not be lost, and how much is made is limited elsewhere.
pub(super) async fn insert_numbered(
    conn: &mut PgConnection,
    user: UserId,
    wanted: &str,
) -> sqlx::Result<DeckId> {
    let title = deck_title::plain(wanted);
    let taken = sqlx::query_scalar!(
        r#"select lower(title) as "title!" from decks where user_id = $1 and starts_with(lower(title), lower($2))"#,
        user.0,
        title,
    )
    .fetch_all(&mut *conn)
    .await?;
    for number in 1..=u32::MAX {
        let numbered = deck_title::numbered(&title, number);
        if taken.contains(&numbered.to_lowercase()) {
            continue;
        }
        // Another transaction may have taken it since.
        if let Some((id, _)) = add_plain(&mut *conn, user, &numbered).await? {
            return Ok(id);
        }
    }
    Err(sqlx::Error::Protocol("no title is free".to_owned()))
}

/// All decks, by title, those above before those below.
pub async fn list(conn: &mut PgConnection, user: UserId) -> sqlx::Result<Vec<Deck>> {
    sqlx::query_as!(
        Deck,
        r#"select id as "id: DeckId", title, new_per_day, reviews_per_day, desired_retention, learning_steps, created_at, updated_at
           from decks where user_id = $1 order by string_to_array(lower(title), '::'), id"#,
        user.0,
    )
    .fetch_all(conn)
    .await
}

/// Finds a deck.
pub async fn find(conn: &mut PgConnection, user: UserId, id: DeckId) -> sqlx::Result<Option<Deck>> {
    sqlx::query_as!(
        Deck,
        r#"select id as "id: DeckId", title, new_per_day, reviews_per_day, desired_retention, learning_steps, created_at, updated_at
           from decks where user_id = $1 and id = $2"#,
        user.0,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// A deck and those below it, locked; empty where there is no such deck.
pub async fn subtree(conn: &mut PgConnection, user: UserId, id: DeckId) -> sqlx::Result<Vec<DeckId>> {
    sqlx::query_scalar!(
        r#"select d.id as "id: DeckId" from decks d, decks root
           where root.user_id = $1 and root.id = $2 and d.user_id = $1
             and (d.id = root.id or starts_with(lower(d.title), lower(root.title) || '::'))
           for key share of d"#,
        user.0,
        id.0,
    )
    .fetch_all(conn)
    .await
}

/// Changes what is said about a deck.
pub async fn change(
    conn: &mut PgConnection,
    user: UserId,
    id: DeckId,
    settings: &Settings,
) -> sqlx::Result<Option<Deck>> {
    sqlx::query_as!(
        Deck,
        r#"update decks
           set new_per_day = coalesce($3, new_per_day), reviews_per_day = coalesce($4, reviews_per_day),
               desired_retention = coalesce($5::real, desired_retention), learning_steps = coalesce($6::int[], learning_steps),
               updated_at = now()
           where user_id = $1 and id = $2
           returning id as "id: DeckId", title, new_per_day, reviews_per_day, desired_retention, learning_steps, created_at, updated_at"#,
        user.0,
        id.0,
        settings.new_per_day,
        settings.reviews_per_day,
        settings.desired_retention,
        settings.learning_steps.as_deref(),
    )
    .fetch_optional(conn)
    .await
}

/// Gives a deck another title, and with it all that are below it. Those above that are missing are made. May violate
/// [`TITLE_ONCE`] by a deck below, and [`TITLE_LENGTH`].
pub async fn rename(
    conn: &mut PgConnection,
    user: UserId,
    id: DeckId,
    parts: &[&str],
) -> sqlx::Result<Titled> {
    let Some(deck) = find(&mut *conn, user, id).await? else { return Ok(Titled::Gone) };
    let Some((name, above)) = parts.split_last() else { return Ok(Titled::Taken) };
    let below = format!("{}{SEPARATOR}", deck.title.to_lowercase());
    if parts.join(SEPARATOR).to_lowercase().starts_with(&below) {
        return Ok(Titled::BelowItself);
    }
    let Some(above) = ensure(&mut *conn, user, above).await? else { return Ok(Titled::TooMany) };
    let title = joined(above.as_deref(), name);
    if titled(&mut *conn, user, &title).await?.is_some_and(|(other, _)| other != id) {
        return Ok(Titled::Taken);
    }
    sqlx::query!(
        r#"update decks set title = $3 || substr(title, char_length($2) + 1), updated_at = now()
           where user_id = $1 and (id = $4 or starts_with(lower(title), lower($2) || '::'))"#,
        user.0,
        deck.title,
        title,
        id.0,
    )
    .execute(&mut *conn)
    .await?;
    Ok(find(conn, user, id).await?.map_or(Titled::Gone, Titled::Deck))
}

/// How many cards or notes one statement deletes.
const BATCH: i64 = 5_000;

/// Deletes decks with all that is in them, in statements of bounded size.
pub async fn delete(conn: &mut PgConnection, user: UserId, decks: &[DeckId]) -> sqlx::Result<()> {
    let ids: Vec<_> = decks.iter().map(|deck| deck.0).collect();
    loop {
        // Notes take their cards along, also those that lie in another deck.
        let done = sqlx::query!(
            r#"delete from notes where user_id = $1 and id in (
                 select id from notes where user_id = $1 and deck_id = any($2) limit $3)"#,
            user.0,
            &ids,
            BATCH,
        );
        if done.execute(&mut *conn).await?.rows_affected() == 0 {
            break;
        }
    }
    sqlx::query!("delete from decks where user_id = $1 and id = any($2)", user.0, &ids).execute(conn).await?;
    Ok(())
}
