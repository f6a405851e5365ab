//! Properties of the decision, over pools of any make.

use proptest::{collection::vec, option, prelude::*};

use super::*;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn me() -> UserId {
    UserId(uuid::Uuid::from_u128(1))
}

fn candidate() -> impl Strategy<Value = Candidate> {
    let owner = prop_oneof![5 => Just(None), 1 => Just(Some(me())), 1 => Just(Some(UserId(uuid::Uuid::from_u128(2))))];
    let provider = prop_oneof![
        4 => Just(Provider::Gemini), 3 => Just(Provider::OpenAi), 2 => Just(Provider::Ollama), 1 => Just(Provider::Demo)
    ];
    let feature = prop_oneof![Just(None), Just(Some(Feature::Chat)), Just(Some(Feature::Mcq))];
    let status = prop_oneof![
        4 => Just(KeyStatus::Active), 2 => Just(KeyStatus::Degraded), 1 => Just(KeyStatus::Disabled), 1 => Just(KeyStatus::Pending)
    ];
    let cooldown = option::weighted(0.3, -100_i64..1_500);
    let trial = option::weighted(0.3, -30_i64..30);
    let times = (cooldown, trial);
    (any::<u64>(), owner, provider, feature, status, times, -3..3_i32, 0..5_u64, prop::bool::weighted(0.2))
        .prop_map(|(id, owner, provider, feature, status, times, priority, last_use, never_fall_back)| {
            let at = |seconds| now() + TimeDelta::seconds(seconds);
            Candidate {
                id: KeyId(uuid::Uuid::from_u128(u128::from(id))),
                owner,
                provider,
                feature,
                priority,
                status,
                cooldown_until: times.0.map(at),
                trial_until: times.1.map(at),
                last_use,
                never_fall_back: never_fall_back && owner.is_some(),
            }
        })
}

fn need(chain: &[Provider]) -> Need<'_> {
    let max_wait = TimeDelta::minutes(10);
    Need { user: Some(me()), feature: Feature::Chat, only: None, chain, now: now(), max_wait, dead: false }
}

const CHAIN: [Provider; 3] = [Provider::Gemini, Provider::OpenAi, Provider::Ollama];

/// Plays a whole round in which every call fails without telling anything about its key.
fn round(pool: &[Candidate]) -> (Vec<KeyId>, Decision) {
    round_of(pool, &need(&CHAIN))
}

fn round_of(pool: &[Candidate], need: &Need<'_>) -> (Vec<KeyId>, Decision) {
    let mut tried = Vec::new();
    loop {
        match decide(pool, need, &tried) {
            Decision::Call(key) => tried.push(key),
            end => return (tried, end),
        }
    }
}

fn find(pool: &[Candidate], id: KeyId) -> &Candidate {
    pool.iter().find(|key| key.id == id).unwrap()
}

proptest! {
    #[test]
    fn a_round_is_short_and_tries_no_key_twice(pool in vec(candidate(), 0..12)) {
        let (tried, _) = round(&pool);
        prop_assert!(tried.len() <= MAX_CALLS);
        let mut distinct = tried.clone();
        distinct.sort_unstable();
        distinct.dedup();
        prop_assert_eq!(distinct.len(), tried.len());
    }

    #[test]
    fn no_key_serves_that_may_not(pool in vec(candidate(), 0..12)) {
        let alone = |key: &Candidate| key.owner.is_none() && key.provider != Provider::Demo && key.status != KeyStatus::Pending;
        let own_only = pool
            .iter()
            .any(|key| key.owner == Some(me()) && key.never_fall_back && key.status != KeyStatus::Pending);
        for id in round(&pool).0 {
            let key = find(&pool, id);
            prop_assert!(matches!(key.status, KeyStatus::Active | KeyStatus::Degraded));
            prop_assert!(key.owner.is_none_or(|owner| owner == me()));
            prop_assert!(key.feature.is_none_or(|feature| feature == Feature::Chat));
            prop_assert!(key.cooldown_until.is_none_or(|until| until <= now()));
            prop_assert!(!own_only || key.owner == Some(me()));
            prop_assert!(key.provider != Provider::Demo || !pool.iter().any(alone));
        }
    }

    #[test]
    fn degraded_keys_are_the_last_resort_and_own_keys_the_first(pool in vec(candidate(), 0..12)) {
        let tried = round(&pool).0;
        let order: Vec<_> = tried.iter().map(|id| {
            let key = find(&pool, *id);
            (key.status == KeyStatus::Degraded, key.owner.is_none())
        }).collect();
        prop_assert!(order.is_sorted());
    }

    #[test]
    fn within_a_provider_priority_decides(pool in vec(candidate(), 0..12)) {
        let tried = round(&pool).0;
        for pair in tried.windows(2) {
            let (first, second) = (find(&pool, pair[0]), find(&pool, pair[1]));
            let same = |key: &Candidate| (key.status, key.owner, key.provider);
            prop_assert!(same(first) != same(second) || first.priority >= second.priority);
        }
    }

    #[test]
    fn one_waits_only_for_a_key_that_comes_back_in_time(pool in vec(candidate(), 0..12)) {
        match round(&pool).1 {
            Decision::WaitUntil(until) => {
                prop_assert!(until > now() && until <= now() + TimeDelta::minutes(10));
                let cools = |key: &Candidate| key.cooldown_until == Some(until);
                let is_tried = |key: &Candidate| key.status == KeyStatus::Degraded && key.trial_until > Some(now());
                let soon = until == now() + TRIAL_WAIT;
                prop_assert!(pool.iter().any(|key| cools(key) || (soon && is_tried(key))));
            }
            Decision::GiveUp(back) => prop_assert!(back.is_none_or(|back| back > now())),
            Decision::Call(_) => unreachable!("a round has an end"),
        }
    }

    #[test]
    fn what_another_tries_is_left_alone_and_waited_for(pool in vec(candidate(), 0..12)) {
        let (tried, end) = round(&pool);
        for id in &tried {
            let key = find(&pool, *id);
            prop_assert!(key.status != KeyStatus::Degraded || key.trial_until.is_none_or(|until| until <= now()));
        }
        let serves = |key: &&Candidate| !tried.contains(&key.id) && matches!(decide(&[Candidate { trial_until: None, ..(*key).clone() }], &need(&CHAIN), &[]), Decision::Call(_));
        let on_trial = |key: &&Candidate| key.status == KeyStatus::Degraded && key.trial_until > Some(now());
        let fallback = pool.iter().all(|key| !key.never_fall_back && key.provider != Provider::Demo);
        if tried.len() < MAX_CALLS && fallback && pool.iter().filter(serves).any(|key| on_trial(&key)) {
            prop_assert!(matches!(end, Decision::WaitUntil(until) if until <= now() + TRIAL_WAIT));
        }
    }

    #[test]
    fn of_a_dead_feature_no_degraded_key_is_called(pool in vec(candidate(), 0..12)) {
        let (tried, _) = round_of(&pool, &Need { dead: true, ..need(&CHAIN) });
        for id in tried {
            let key = find(&pool, id);
            prop_assert!(key.status == KeyStatus::Active || key.owner.is_some());
        }
    }
}

#[test]
fn among_equals_the_least_recently_used_serves() {
    let key = |id, last_use| Candidate {
        id: KeyId(uuid::Uuid::from_u128(id)),
        owner: None,
        provider: Provider::Gemini,
        feature: None,
        priority: 0,
        status: KeyStatus::Active,
        cooldown_until: None,
        trial_until: None,
        last_use,
        never_fall_back: false,
    };
    let pool = [key(1, 9), key(2, 3), key(3, 7)];
    assert_eq!(round(&pool).0, [pool[1].id, pool[2].id, pool[0].id]);
}
