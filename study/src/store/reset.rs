//! Setting cards back to new: a row of the log without a rating.

use chrono::{DateTime, SubsecRound as _, Utc};
use sqlx::PgConnection;

use super::cards;
use crate::{
    ids::{CardId, ReviewId, UserId},
    scheduling::{Card, Day},
};

/// Sets cards back to new, as far as they are not; they are behind all others that wait for their turn. Returns how many
/// that changed.
pub async fn reset(
    conn: &mut PgConnection,
    user: UserId,
    ids: &[CardId],
    now: DateTime<Utc>,
    day: Day,
) -> sqlx::Result<u64> {
    let known = cards::lock_all(&mut *conn, user, ids).await?;
    let changed = known.iter().filter(|card| card.schedule() != Card::default());
    let known: Vec<_> = changed.map(|card| card.id.0).collect();
    let rows: Vec<_> = known.iter().map(|_| ReviewId::generate()).collect();
    let keys: Vec<String> = rows.iter().map(ToString::to_string).collect();
    let rows: Vec<_> = rows.iter().map(|row| row.0).collect();
    sqlx::query!(
        r#"insert into reviews (id, user_id, card_id, deck_id, day, reviewed_at, was, was_interval, state, step, interval,
                                duration_ms, key)
           select n.id, $1, c.id, c.deck_id, $2,
                  greatest($3, (select max(r.reviewed_at) + interval '1 microsecond' from reviews r
                                where r.user_id = $1 and r.card_id = c.id)),
                  c.state, c.interval, 'new', 0, 0, 0, n.key
           from unnest($4::uuid[], $5::uuid[], $6::text[]) as n(id, card_id, key)
           join cards c on c.id = n.card_id and c.user_id = $1"#,
        user.0,
        day.0,
        now.trunc_subsecs(6),
        &rows,
        &known,
        &keys,
    )
    .execute(&mut *conn)
    .await?;
    let done = sqlx::query!(
        r#"update cards c
           set state = 'new', step = 0, stability = null, difficulty = null, due_at = null, due_day = null, interval = 0,
               last_day = null, reps = 0, lapses = 0, updated_at = now(),
               position = n.place + coalesce((select max(position) from cards
                                              where user_id = $1 and state = 'new' and not suspended), 0)
           from unnest($2::uuid[]) with ordinality as n(id, place)
           where c.user_id = $1 and c.id = n.id"#,
        user.0,
        &known,
    );
    Ok(done.execute(conn).await?.rows_affected())
}
