//! How often one address may register or present an emergency token. How often one may try to sign in is in
//! [`super::tries`].

use std::net::IpAddr;

use chrono::TimeDelta;
use domain::{
    ids::UserId,
    users::attempts::{self, Allowance, Kind},
};
use sqlx::PgConnection;

use crate::{App, error::ApiError, forwarded::household, server::ClientIp};

/// What is allowed to registration.
pub(super) const fn registration(per_hour: i64) -> Allowance {
    Allowance { kind: Kind::Registration, limit: per_hour, window: TimeDelta::hours(1) }
}

/// What is allowed to emergency tokens: who guesses has five tries, too.
pub(super) const EMERGENCY: Allowance =
    Allowance { kind: Kind::Emergency, limit: 5, window: TimeDelta::minutes(15) };

/// Keys that a student may bring to be tried: each is a call from our network.
const OWN_KEYS: Allowance = Allowance { kind: Kind::OwnKey, limit: 20, window: TimeDelta::hours(1) };

/// Counts a key that a student brought, or refuses it.
pub(crate) async fn count_own_key(app: &App, student: UserId) -> Result<(), ApiError> {
    let (now, mut tx) = (app.clock.now(), app.db.begin_platform().await?);
    let admitted = attempts::admit(&mut tx, OWN_KEYS, &student.to_string(), now).await?;
    tx.commit().await?;
    admitted.map_err(|until| ApiError::rate_limited(now, until))
}

/// Refuses an address that has no try left.
pub(super) async fn require(app: &App, allowance: Allowance, ip: ClientIp) -> Result<(), ApiError> {
    let now = app.clock.now();
    match attempts::exhausted_until(app.db.pool(), allowance, &counted(ip.0), now).await? {
        Some(until) => Err(ApiError::rate_limited(now, until)),
        None => Ok(()),
    }
}

/// Counts a try, or refuses it.
pub(super) async fn count(app: &App, allowance: Allowance, ip: ClientIp) -> Result<(), ApiError> {
    let mut tx = app.db.begin_platform().await?;
    count_within(app, &mut tx, allowance, ip).await?;
    Ok(tx.commit().await?)
}

/// Counts a try if the transaction commits, or refuses it.
pub(super) async fn count_within(
    app: &App,
    conn: &mut PgConnection,
    allowance: Allowance,
    ip: ClientIp,
) -> Result<(), ApiError> {
    let now = app.clock.now();
    let admitted = attempts::admit(conn, allowance, &counted(ip.0), now).await?;
    admitted.map_err(|until| ApiError::rate_limited(now, until))
}

/// What is counted as one address. Who has an IPv6 address has a whole /64 of them.
pub(super) fn counted(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("{}/64", household(ip.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn a_64_counts_as_one_address() {
        assert_eq!(counted("1.2.3.4".parse().unwrap()), "1.2.3.4");
        assert_eq!(counted("2001:db8:1:2:aaaa::1".parse().unwrap()), "2001:db8:1:2::/64");
        assert_eq!(counted("2001:db8:1:2::2".parse().unwrap()), "2001:db8:1:2::/64");
        assert_ne!(counted("2001:db8:1:3::2".parse().unwrap()), "2001:db8:1:2::/64");
    }
}
