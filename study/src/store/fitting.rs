//! SQL about fitting a student's parameters: when it is due, what it is fitted to, and what it leaves behind.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::{cards, reviews, settings};
use crate::{
    ids::{CardId, UserId},
    scheduling::{Day, Memory, Model, Parameters, Rating, fitting::LEAST_REVIEWS, rebuild},
};

/// How long a try is good for.
const AGAIN_AFTER: TimeDelta = TimeDelta::days(7);

/// The latest reviews say most about a student, and there may be a great many.
const MOST: i64 = 200_000;

/// Whether a student has enough reviews, and the last try is long enough ago.
pub async fn is_due(conn: &mut PgConnection, user: UserId, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let settings = settings::find(&mut *conn, user).await?;
    if settings.tried.is_some_and(|tried| tried.at + AGAIN_AFTER > now) {
        return Ok(false);
    }
    let least = i64::try_from(LEAST_REVIEWS).unwrap_or(i64::MAX);
    let enough = sqlx::query_scalar!(
        r#"select count(*) >= $2 as "enough!" from (select from reviews where user_id = $1 and rating is not null limit $2) r"#,
        user.0,
        least,
    );
    enough.fetch_one(conn).await
}

/// The reviews of each card, in order: those that stand, since the card was last set back to new.
pub async fn histories(conn: &mut PgConnection, user: UserId) -> sqlx::Result<Vec<Vec<(Day, Rating)>>> {
    let rows = sqlx::query!(
        r#"select r.card_id as "card: CardId", r.day, r.rating
           from (select id, card_id, day, rating, reviewed_at from reviews
                 where user_id = $1 and undoes is null order by day desc, id desc limit $2) r
           where not exists (select from reviews u where u.undoes = r.id)
           order by r.card_id, r.reviewed_at, r.id"#,
        user.0,
        MOST,
    )
    .fetch_all(conn)
    .await?;
    let mut histories: Vec<Vec<(Day, Rating)>> = Vec::new();
    let mut at = None;
    for row in rows {
        if at != Some(row.card) {
            at = Some(row.card);
            histories.push(Vec::new());
        }
        let Some(history) = histories.last_mut() else { continue };
        match row.rating.and_then(|rating| Rating::try_from(u8::try_from(rating).ok()?).ok()) {
            Some(rating) => history.push((Day(row.day), rating)),
            None => history.clear(),
        }
    }
    Ok(histories)
}

/// Notes that fitting is tried, and to how many reviews. What it finds is stored when it is found.
pub async fn set_tried(
    conn: &mut PgConnection,
    user: UserId,
    now: DateTime<Utc>,
    reviews: usize,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into study_settings (user_id, fitted_at, fitted_to) values ($1, $2, $3)
         on conflict (user_id) do update set fitted_at = excluded.fitted_at, fitted_to = excluded.fitted_to",
        user.0,
        now,
        i32::try_from(reviews).unwrap_or(i32::MAX),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Uses these parameters from now on.
pub async fn set_parameters(
    conn: &mut PgConnection,
    user: UserId,
    parameters: &Parameters,
    before: f32,
    after: f32,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update study_settings set parameters = $2, loss_before = $3, loss_after = $4 where user_id = $1",
        user.0,
        &Vec::from(parameters.clone()),
        before,
        after,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Makes the memories of some cards anew, from behind this one. Returns the last one of them; `None` at the end.
pub async fn rebuild_after(
    conn: &mut PgConnection,
    user: UserId,
    after: Option<CardId>,
    limit: i64,
) -> sqlx::Result<Option<CardId>> {
    let settings = settings::find(&mut *conn, user).await?;
    // Retention says when a card comes back, and nothing about what is remembered.
    let model = Model::new(&settings.parameters, crate::scheduling::memory::USUAL_RETENTION);
    let known = cards::lock_known_after(&mut *conn, user, after, limit).await?;
    let ids: Vec<CardId> = known.iter().map(|card| card.id).collect();
    let logs = reviews::logs(&mut *conn, user, &ids).await?;
    let changed = known.iter().filter_map(|card| {
        let log = reviews::standing(logs.get(&card.id)?);
        let memory = rebuild(&card.start(), &log, &model).memory?;
        (card.schedule().memory != Some(memory)).then_some((card.id, memory))
    });
    let changed: Vec<(CardId, Memory)> = changed.collect();
    if !changed.is_empty() {
        cards::set_memories(conn, user, &changed).await?;
    }
    Ok(ids.last().copied())
}
