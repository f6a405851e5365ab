//! How long one waits for a stream: thoughts are life, within a total bound; comments prove only a proxy; a model that
//! loads is not hung up on, since that gives the load up.

use std::time::Duration;

use domain::keys::Provider;
use tokio::time::Instant;

use crate::{
    WorkerSettings,
    providers::{Class, ProviderError},
};

/// How long a stream may be silent between two tokens.
const IDLE: Duration = Duration::from_secs(30);

/// How much longer than usual one waits where only comments come, or where nobody else could serve.
const LONGER: u32 = 3;

const SILENT: &str = "the provider did not answer in time";
const LOADING: &str = "the model did not load in time";
const THINKING: &str = "the model thought for too long";

/// What one call is waited for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    began: Instant,
    /// The end of all patience.
    latest: Instant,
    first_token: Duration,
    thinking: Duration,
    /// It may be loading its model, and says nothing while it does.
    loads: bool,
    thought: bool,
    said: bool,
    until: Instant,
}

impl Patience {
    /// For a call that begins now. `another`: whether somebody else could serve.
    pub(super) fn new(
        settings: &WorkerSettings,
        provider: Provider,
        another: bool,
        began: Instant,
        latest: Instant,
    ) -> Self {
        let first_token = settings.first_token_timeout;
        let loads = provider.description().self_hosted;
        let first = match (another, loads) {
            (true, _) => first_token,
            (false, true) => settings.loading_timeout.max(first_token),
            (false, false) => first_token * LONGER,
        };
        Self {
            began,
            latest,
            first_token,
            thinking: settings.thinking_timeout,
            loads,
            thought: false,
            said: false,
            until: (began + first).min(latest),
        }
    }

    /// Until when to wait for the next sign.
    pub(super) const fn until(&self) -> Instant {
        self.until
    }

    /// A sign that somebody is there.
    pub(super) fn alive(&mut self, now: Instant) {
        if !self.said && !self.thought {
            self.extend((now + self.first_token).min(self.began + self.first_token * LONGER));
        }
    }

    /// A thought.
    pub(super) fn thinks(&mut self, now: Instant) {
        self.thought = true;
        self.loads = false;
        let idle = if self.said { IDLE } else { IDLE.max(self.first_token) };
        self.until = (now + idle).min(self.began + self.thinking).min(self.latest);
    }

    /// A piece of the answer.
    pub(super) fn on_text(&mut self, now: Instant) {
        self.said = true;
        self.until = (now + IDLE).min(self.latest);
    }

    fn extend(&mut self, until: Instant) {
        self.until = self.until.max(until).min(self.latest);
    }

    /// Why one waits no longer.
    pub(super) fn over(&self) -> ProviderError {
        let reason = match self {
            Self { said: true, .. } => SILENT,
            Self { thought: true, .. } => THINKING,
            Self { loads: true, .. } => LOADING,
            _ => SILENT,
        };
        ProviderError::new(Class::Overload, None, reason)
    }
}

/// Nothing came in time.
pub(super) fn silent() -> ProviderError {
    ProviderError::new(Class::Overload, None, SILENT)
}

/// Whether a failure is no more than the end of one's patience with a thought or a load: no key is to blame.
pub(super) fn is_impatience(error: &ProviderError) -> bool {
    error.reason == LOADING || error.reason == THINKING
}

/// Whether it was a load that one did not wait for.
pub(super) fn is_load(error: &ProviderError) -> bool {
    error.reason == LOADING
}

/// Whether a failure shows that the provider is away or the key spent. What we could not read, a thought, a load, a
/// length, or a wait that somebody else may have caused, shows nothing.
pub(super) fn is_evidence(error: &ProviderError) -> bool {
    match error.class {
        Class::Credential => true,
        // Without a time it may be over in a moment.
        Class::Quota | Class::Rate => error.retry_at.is_some(),
        Class::Overload => match error.status {
            None => error.reason != SILENT && !is_impatience(error),
            Some(504 | 524) => false,
            Some(status) => status >= 500,
        },
        Class::Refusal | Class::Withheld | Class::EmptyByLength | Class::Blocked => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    const FIRST: Duration = Duration::from_secs(20);
    const THOUGHT: Duration = Duration::from_mins(5);
    const LOAD: Duration = Duration::from_mins(3);

    fn patience(loads: bool, another: bool, began: Instant) -> Patience {
        let until = match (another, loads) {
            (true, _) => FIRST,
            (false, true) => LOAD,
            (false, false) => FIRST * LONGER,
        };
        Patience {
            began,
            latest: began + Duration::from_mins(14),
            first_token: FIRST,
            thinking: THOUGHT,
            loads,
            thought: false,
            said: false,
            until: began + until,
        }
    }

    #[derive(Debug, Clone, Copy)]
    enum Sign {
        Alive,
        Thinks,
        Says,
    }

    proptest! {
        #[test]
        fn every_wait_has_its_bound(
            loads: bool, another: bool, signs in vec((prop_oneof![Just(Sign::Alive), Just(Sign::Thinks), Just(Sign::Says)], 0_u64..40), 0..60),
        ) {
            let began = Instant::now();
            let mut patience = patience(loads, another, began);
            let (mut now, mut thought, mut said) = (began, false, false);
            for (sign, after) in signs {
                now += Duration::from_secs(after);
                if now > patience.until() {
                    break;
                }
                match sign {
                    Sign::Alive => patience.alive(now),
                    Sign::Thinks => { thought = true; patience.thinks(now); }
                    Sign::Says => { said = true; patience.on_text(now); }
                }
                let waits = patience.until() - began;
                prop_assert!(waits <= Duration::from_mins(14));
                prop_assert!(said || !thought || waits <= THOUGHT);
                prop_assert!(said || thought || waits <= (FIRST * LONGER).max(LOAD));
                prop_assert!(!said || !is_evidence(&patience.over()));
            }
        }
    }

    #[test]
    fn forty_seconds_of_thoughts_are_waited_for_and_comments_are_not() {
        let began = Instant::now();
        let (mut thinks, mut comments) = (patience(false, true, began), patience(false, true, began));
        for second in 1..=40 {
            let now = began + Duration::from_secs(second);
            assert!(now <= thinks.until());
            thinks.alive(now);
            thinks.thinks(now);
        }
        for second in 1..=59 {
            comments.alive(began + Duration::from_secs(second));
        }
        assert_eq!(comments.until(), began + FIRST * LONGER);
        assert!(is_impatience(&thinks.over()) && !is_impatience(&comments.over()));
    }

    #[test]
    fn what_shows_that_nobody_is_there() {
        let error = |class, status, reason: &str| ProviderError::new(class, status, reason);
        for (error, shows) in [
            (error(Class::Overload, None, "the provider cannot be reached"), true),
            (error(Class::Overload, Some(503), "the provider is overloaded"), true),
            (error(Class::Overload, Some(502), "the provider failed"), true),
            (error(Class::Credential, Some(401), "the key is not valid"), true),
            (error(Class::Overload, Some(504), "the provider did not answer in time"), false),
            (error(Class::Overload, Some(200), "the stream broke off before its end"), false),
            (
                error(Class::Overload, Some(418), "the provider sent something that is not its protocol"),
                false,
            ),
            (error(Class::Quota, Some(402), "the credit is spent"), false),
            (error(Class::Rate, Some(429), "too many requests"), false),
            (error(Class::Refusal, Some(400), "the provider does not accept the request"), false),
            (error(Class::EmptyByLength, Some(200), "no word"), false),
            (silent(), false),
            (error(Class::Overload, None, LOADING), false),
            (error(Class::Overload, None, THINKING), false),
        ] {
            assert_eq!(is_evidence(&error), shows, "{error}");
        }
    }
}
