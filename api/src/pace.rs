//! How fast somebody may change things: a burst, and so many a second after it, for each account, and for each address
//! where nobody is signed in. Counted in this process.

use std::{
    collections::HashMap,
    fmt,
    hash::Hash,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use axum::{
    extract::{FromRequestParts as _, Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::UserId;

use crate::{App, caller::claimed, error::ApiError, forwarded::household, server::ClientIp};

/// How much at once, and how much of it comes back in which time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// So many at once.
    pub burst: u32,
    /// One more after each of these.
    pub every: TimeDelta,
}

impl Pace {
    /// A burst, and then so many a second.
    pub fn per_second(burst: u32, rate: u32) -> Self {
        Self { burst, every: TimeDelta::microseconds(i64::from(1_000_000 / rate.max(1))) }
    }
}

/// Who keeps which pace.
pub struct Paces<K> {
    pace: Pace,
    kept: Mutex<Kept<K>>,
}

struct Kept<K> {
    /// When everything that somebody did would have been done at an even pace.
    even: HashMap<K, DateTime<Utc>>,
    /// How many there may be before those are forgotten who rested.
    most: usize,
}

impl<K: Eq + Hash> Paces<K> {
    /// With nobody yet.
    pub fn new(pace: Pace) -> Self {
        Self { pace, kept: Mutex::new(Kept { even: HashMap::new(), most: 1024 }) }
    }

    /// Counts one, or says after which time there is room for it.
    pub(crate) fn take(&self, who: K, now: DateTime<Utc>) -> Result<(), TimeDelta> {
        // Every change under the lock is a single step, so a panic leaves it sound.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.even.len() >= kept.most {
            kept.even.retain(|_, even| *even > now);
            kept.most = (kept.even.len() * 2).max(1024);
        }
        let even = kept.even.entry(who).or_insert(now);
        let next = (*even).max(now) + self.pace.every;
        let early = next - now - self.pace.every * i32::try_from(self.pace.burst).unwrap_or(i32::MAX);
        if early > TimeDelta::zero() {
            return Err(early);
        }
        *even = next;
        Ok(())
    }

    /// The same, as an answer.
    pub(crate) fn require(&self, who: K, now: DateTime<Utc>) -> Result<(), ApiError> {
        self.take(who, now).map_err(|early| ApiError::rate_limited(now, now + early))
    }
}

impl<K> fmt::Debug for Paces<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Paces").field("pace", &self.pace).finish_non_exhaustive()
    }
}

/// The paces of everybody.
#[derive(Debug)]
pub struct AllPaces {
    /// Of writes by who is signed in.
    accounts: Paces<UserId>,
    /// Of writes by who is not.
    addresses: Paces<IpAddr>,
    /// Of keys that admins have tried, each of which is a call from our network.
    pub(crate) key_tests: Paces<UserId>,
    /// Of looks at conversations that are shared, which need no sign-in.
    pub(crate) shared: Paces<IpAddr>,
}

impl AllPaces {
    /// With nobody yet.
    pub fn new(accounts: Pace, addresses: Pace) -> Self {
        let key_tests = Pace { burst: 10, every: TimeDelta::seconds(6) };
        Self {
            accounts: Paces::new(accounts),
            addresses: Paces::new(addresses),
            key_tests: Paces::new(key_tests),
            shared: Paces::new(Pace::per_second(60, 1)),
        }
    }
}

/// Refuses who changes things faster than that.
pub(crate) async fn paced(State(app): State<App>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || !request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let now = app.clock.now();
    let admitted = match claimed(&parts.headers, &app) {
        Some(account) => app.paces.accounts.require(account, now),
        None => match ClientIp::from_request_parts(&mut parts, &app).await {
            Ok(ClientIp(ip)) => app.paces.addresses.require(household(ip), now),
            Err(error) => Err(error),
        },
    };
    match admitted {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(error) => error.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(ms: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_800_000_000_000 + ms).unwrap()
    }

    #[test]
    fn a_burst_then_the_rate_and_rest_gives_it_back() {
        let paces = Paces::new(Pace::per_second(3, 5));
        for _ in 0..3 {
            assert!(paces.take("a", at(0)).is_ok());
        }
        assert_eq!(paces.take("a", at(0)), Err(TimeDelta::milliseconds(200)));
        assert_eq!(paces.take("a", at(150)), Err(TimeDelta::milliseconds(50)));
        assert!(paces.take("b", at(0)).is_ok(), "everybody has their own");
        assert!(paces.take("a", at(200)).is_ok());
        assert!(paces.take("a", at(200)).is_err());
        for _ in 0..3 {
            assert!(paces.take("a", at(60_000)).is_ok());
        }
        assert!(paces.take("a", at(60_000)).is_err(), "more than a burst is never saved up");
    }

    #[test]
    fn who_rested_is_forgotten() {
        let paces = Paces::new(Pace::per_second(3, 5));
        for who in 0..10_000 {
            paces.take(who, at(i64::from(who) * 100)).unwrap();
        }
        assert!(paces.kept.lock().unwrap().even.len() <= 1024);
    }

    proptest! {
        /// In no time more passes than the burst and what came back in it, and who waits as long as is said gets on.
        #[test]
        fn no_more_than_the_burst_and_the_rate(
            burst in 1_u32..20, rate in 1_u32..50, steps in prop::collection::vec(0_i64..500, 1..200),
        ) {
            let pace = Pace::per_second(burst, rate);
            let paces = Paces::new(pace);
            let (mut now, mut passed) = (at(0), 0_i64);
            let began = now;
            for step in steps {
                now += TimeDelta::milliseconds(step);
                match paces.take((), now) {
                    Ok(()) => passed += 1,
                    Err(early) => {
                        now += early;
                        prop_assert!(paces.take((), now).is_ok());
                        passed += 1;
                    }
                }
                let back = (now - began).num_microseconds().unwrap() / pace.every.num_microseconds().unwrap();
                prop_assert!(passed <= i64::from(burst) + back);
            }
        }
    }
}
