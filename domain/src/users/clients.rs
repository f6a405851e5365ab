//! From where somebody signed in to an account before: addresses, and devices that have our cookie. Whoever guesses at
//! a password elsewhere does not keep these out. All needs the platform.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use crate::ids::{DeviceId, UserId};

/// How long an account knows a device or an address on which nobody signed in to it: as long as browsers keep a
/// cookie.
pub const KNOWN_FOR: TimeDelta = TimeDelta::days(400);

/// The most devices, and the most addresses, that an account knows: the latest.
const MOST: i64 = 50;

/// A device, as it is kept.
pub fn device(id: DeviceId) -> String {
    format!("device {id}")
}

/// An address, as it is kept: IPv4, or the /64 of an IPv6 address.
pub fn address(counted: &str) -> String {
    format!("address {counted}")
}

/// Notes that somebody signed in to an account there.
///
/// # Errors
/// The database's.
pub async fn remember(
    conn: &mut PgConnection,
    user: UserId,
    clients: &[String],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into known_clients (user_id, client, last_at) select $1, client, $3 from unnest($2::text[]) as c(client)
         on conflict (user_id, client) do update set last_at = greatest(known_clients.last_at, excluded.last_at)",
        user.0,
        clients,
        now,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from known_clients k using (
           select client, row_number() over (partition by split_part(client, ' ', 1) order by last_at desc, client) as place
           from known_clients where user_id = $1
         ) old where k.user_id = $1 and k.client = old.client and old.place > $2",
        user.0,
        MOST,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets an account's devices.
///
/// # Errors
/// The database's.
pub async fn forget_devices(conn: &mut PgConnection, user: UserId) -> sqlx::Result<()> {
    sqlx::query!("delete from known_clients where user_id = $1 and client like 'device %'", user.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets an account's devices and addresses.
///
/// # Errors
/// The database's.
pub async fn forget_all(conn: &mut PgConnection, user: UserId) -> sqlx::Result<()> {
    sqlx::query!("delete from known_clients where user_id = $1", user.0).execute(conn).await?;
    Ok(())
}

/// Forgets what was too long ago.
///
/// # Errors
/// The database's.
pub async fn prune(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let done =
        sqlx::query!("delete from known_clients where last_at < $1", now - KNOWN_FOR).execute(conn).await?;
    Ok(done.rows_affected())
}
