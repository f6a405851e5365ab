//! Tries to sign in: how many are let through to look at a password.
//!
//! A try is taken before its password is looked at, so that of many at once no more are let through than a limit
//! allows, and whether a password is right is seen by nobody beyond it. One that was right is given back.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{PgConnection, PgPool};

use crate::ids::UserId;

/// How long a try counts. Each leaves by itself, so that a limit decays and nothing stays locked.
pub const WINDOW: TimeDelta = TimeDelta::minutes(15);

/// Wrong tries for an e-mail by all whom its account does not know, wherever they are; and by each of those that it
/// knows.
pub const FOR_AN_EMAIL: i64 = 10;

/// How long looking at a password may take. A try whose process died meanwhile counts as wrong.
const HELD: TimeDelta = TimeDelta::seconds(30);

/// Somebody who wants to sign in.
#[derive(Debug, Clone, Copy)]
pub struct Tried<'a> {
    /// IPv4, or the /64 of an IPv6 address.
    pub address: &'a str,
    /// How many wrong tries the address has.
    pub for_an_address: i64,
    /// Keyed hash of what was given as e-mail.
    pub email: &'a [u8],
    /// What was given, if it can be an e-mail.
    pub said: Option<&'a str>,
    /// The device, as [`super::clients`] keeps it, where it has our cookie.
    pub device: Option<&'a str>,
    /// The address, as [`super::clients`] keeps it.
    pub place: &'a str,
}

/// Whether a password may be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Yes: this is the try. It is given back or marked as wrong.
    Try(TryId),
    /// Not before this time.
    Refused(DateTime<Utc>),
    /// So many are being looked at that this one has to wait for how they come out.
    Wait,
}

/// A try that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TryId(i64);

/// A limit that one more try may or may not fit into.
#[derive(Debug, Clone, Copy)]
struct Counted {
    wrong: i64,
    held: i64,
    /// When the try leaves that makes it full.
    until: Option<DateTime<Utc>>,
}

/// Takes a try, or says why not. Of many at once, also in different processes, no more get one than there are.
///
/// # Errors
/// The database's.
pub async fn take(conn: &mut PgConnection, tried: &Tried<'_>, now: DateTime<Utc>) -> sqlx::Result<Taken> {
    // Always in this order, so that nobody waits in a circle.
    for lock in [format!("try from {}", tried.address), format!("try for {}", hex::encode(tried.email))] {
        sqlx::query!("select pg_advisory_xact_lock(hashtextextended($1, 0))", lock)
            .execute(&mut *conn)
            .await?;
    }
    let whose = whose(conn, tried).await?;
    let from = of_address(conn, tried, now).await?;
    let by = of_email(conn, tried.email, whose.client.as_deref(), now).await?;
    match (from.room(tried.for_an_address), by.room(FOR_AN_EMAIL)) {
        (Room::Full, _) | (_, Room::Full) => {
            let until = [from.until, by.until].into_iter().flatten().max();
            return Ok(Taken::Refused(until.unwrap_or(now + WINDOW)));
        }
        (Room::Held, _) | (_, Room::Held) => return Ok(Taken::Wait),
        (Room::Free, Room::Free) => {}
    }
    let id = sqlx::query_scalar!(
        "insert into sign_in_tries (address, email, account, client, held_until, at) values ($1, $2, $3, $4, $5, $6)
         returning id",
        tried.address,
        tried.email,
        whose.account.map(|id| id.0),
        whose.client,
        now + HELD,
        now,
    )
    .fetch_one(conn)
    .await?;
    Ok(Taken::Try(TryId(id)))
}

/// The account of the e-mail, and what it knows of who tries.
#[derive(Debug)]
struct Whose {
    account: Option<UserId>,
    client: Option<String>,
}

async fn whose(conn: &mut PgConnection, tried: &Tried<'_>) -> sqlx::Result<Whose> {
    let row = sqlx::query!(
        r#"select u.id as "account: UserId",
                  (select k.client from known_clients k where k.user_id = u.id and k.client in ($2, $3)
                   order by k.client = $2 desc limit 1) as client
           from users u where u.email = $1"#,
        tried.said.unwrap_or_default(),
        tried.device.unwrap_or_default(),
        tried.place,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map_or(Whose { account: None, client: None }, |row| Whose {
        account: Some(row.account),
        client: row.client,
    }))
}

async fn of_address(conn: &mut PgConnection, tried: &Tried<'_>, now: DateTime<Utc>) -> sqlx::Result<Counted> {
    sqlx::query_as!(
        Counted,
        r#"select count(*) filter (where held_until is null or held_until <= $2) as "wrong!",
                  count(*) filter (where held_until > $2) as "held!",
                  (array_agg(at order by at desc) filter (where held_until is null or held_until <= $2))[$4]
                    + $5::interval as until
           from sign_in_tries where address = $1 and at > $3"#,
        tried.address,
        now,
        now - WINDOW,
        i32::try_from(tried.for_an_address).unwrap_or(i32::MAX),
        window(),
    )
    .fetch_one(conn)
    .await
}

async fn of_email(
    conn: &mut PgConnection,
    email: &[u8],
    client: Option<&str>,
    now: DateTime<Utc>,
) -> sqlx::Result<Counted> {
    sqlx::query_as!(
        Counted,
        r#"select count(*) filter (where held_until is null or held_until <= $3) as "wrong!",
                  count(*) filter (where held_until > $3) as "held!",
                  (array_agg(at order by at desc) filter (where held_until is null or held_until <= $3))[$5]
                    + $6::interval as until
           from sign_in_tries where email = $1 and client is not distinct from $2 and at > $4"#,
        email,
        client,
        now,
        now - WINDOW,
        i32::try_from(FOR_AN_EMAIL).unwrap_or(i32::MAX),
        window(),
    )
    .fetch_one(conn)
    .await
}

/// The window as the database has it.
fn window() -> sqlx::postgres::types::PgInterval {
    let microseconds = WINDOW.num_microseconds().unwrap_or(i64::MAX);
    sqlx::postgres::types::PgInterval { months: 0, days: 0, microseconds }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    Free,
    /// There may be some when it is known how those came out that are being looked at.
    Held,
    Full,
}

impl Counted {
    const fn room(self, limit: i64) -> Room {
        if self.wrong >= limit {
            Room::Full
        } else if self.wrong + self.held >= limit {
            Room::Held
        } else {
            Room::Free
        }
    }
}

/// Gives a try back whose password was right.
///
/// # Errors
/// The database's.
pub async fn give_back(conn: &mut PgConnection, id: TryId) -> sqlx::Result<()> {
    sqlx::query!("delete from sign_in_tries where id = $1", id.0).execute(conn).await?;
    Ok(())
}

/// What a wrong try came to.
#[derive(Debug, Clone, Copy)]
pub struct Wrong {
    /// Wrong tries for the e-mail by all whom its account does not know; `None` for one whom it knows.
    pub by_strangers: Option<i64>,
}

/// Marks a try whose password was wrong.
///
/// # Errors
/// The database's.
pub async fn mark_wrong(conn: &mut PgConnection, id: TryId, now: DateTime<Utc>) -> sqlx::Result<Wrong> {
    let row = sqlx::query!(
        "update sign_in_tries set held_until = null where id = $1 returning email, client is null as \"stranger!\"",
        id.0,
    )
    .fetch_optional(&mut *conn)
    .await?;
    // Pruned meanwhile: whoever waited so long is not counted any more.
    let Some(row) = row.filter(|row| row.stranger) else { return Ok(Wrong { by_strangers: None }) };
    let wrong = of_email(conn, &row.email, None, now).await?.wrong;
    Ok(Wrong { by_strangers: Some(wrong) })
}

/// Forgets the wrong tries for an account's e-mail, because an admin says so.
///
/// # Errors
/// The database's.
pub async fn forget(conn: &mut PgConnection, account: UserId) -> sqlx::Result<()> {
    sqlx::query!("delete from sign_in_tries where account = $1", account.0).execute(conn).await?;
    Ok(())
}

/// Drops what no longer counts.
///
/// # Errors
/// The database's.
pub async fn prune(pool: &PgPool, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let done =
        sqlx::query!("delete from sign_in_tries where at < $1", now - WINDOW - HELD).execute(pool).await?;
    Ok(done.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_being_looked_at_may_still_make_room() {
        let room = |wrong, held| Counted { wrong, held, until: None }.room(5);
        assert_eq!(room(0, 0), Room::Free);
        assert_eq!(room(4, 0), Room::Free);
        assert_eq!(room(4, 1), Room::Held);
        assert_eq!(room(0, 9), Room::Held);
        assert_eq!(room(5, 0), Room::Full);
        assert_eq!(room(7, 3), Room::Full);
    }
}
