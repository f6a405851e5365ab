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
    let place = (provider, prop::sample::select(vec!["small", "large"]), 0..3_u8, prop::bool::weighted(0.6));
    (any::<u64>(), owner, place, feature, status, times, -3..3_i32, 0..5_u64, prop::bool::weighted(0.2))
        .prop_map(|(id, owner, place, feature, status, times, priority, last_use, never_fall_back)| {
            let (provider, model, address, sees) = place;
            let at = |seconds| now() + TimeDelta::seconds(seconds);
            Candidate {
                id: KeyId(uuid::Uuid::from_u128(u128::from(id))),
                owner,
                provider,
                endpoint: endpoint(provider, address, model),
                sees,
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

fn endpoint(provider: Provider, address: u8, model: &str) -> Arc<EndpointId> {
    let base_url = format!("https://{address}.example");
    Arc::new(EndpointId { own_key: None, provider, base_url, model: model.to_owned() })
}

fn need(chain: &[Provider]) -> Need<'_> {
    Need {
        user: Some(me()),
        feature: Feature::Chat,
        only: None,
        chain,
        now: now(),
        wait_until: now() + TimeDelta::minutes(10),
        pictured: false,
        unavailable: false,
    }
}

const CHAIN: [Provider; 3] = [Provider::Gemini, Provider::OpenAi, Provider::Ollama];

/// Plays a whole round in which every call fails without telling anything about its key.
fn round(pool: &[Candidate]) -> (Vec<KeyId>, Decision) {
    round_of(pool, &need(&CHAIN))
}

fn round_of(pool: &[Candidate], need: &Need<'_>) -> (Vec<KeyId>, Decision) {
    round_in_which(pool, need, |_, _, _| {})
}

/// Plays a round in which something follows from each call.
fn round_in_which(
    pool: &[Candidate],
    need: &Need<'_>,
    mut follows: impl FnMut(usize, &Candidate, &mut Tried),
) -> (Vec<KeyId>, Decision) {
    let mut tried = Tried::default();
    loop {
        match decide(pool, need, &tried) {
            Decision::Call(key) => {
                tried.keys.push(key);
                follows(tried.keys.len() - 1, find(pool, key), &mut tried);
            }
            end => return (tried.keys, end),
        }
    }
}

fn find(pool: &[Candidate], id: KeyId) -> &Candidate {
    pool.iter().find(|key| key.id == id).unwrap()
}

/// As many refusals as there are keys, of an endpoint that is nobody's.
fn all_refused(pool: &[Candidate]) -> Tried {
    let nobodys = endpoint(Provider::Gemini, 99, "none");
    Tried { refused: pool.iter().map(|_| Arc::clone(&nobodys)).collect(), ..Tried::default() }
}

proptest! {
    #[test]
    fn a_round_is_short_and_tries_no_key_twice(pool in vec(candidate(), 0..12)) {
        let (tried, end) = round(&pool);
        prop_assert!(tried.len() <= MOST_KEYS);
        // Nobody who could have been asked is left.
        let left = |key: &&Candidate| !tried.contains(&key.id) && matches!(decide(&pool, &need(&CHAIN), &Tried { keys: tried.clone(), ..Tried::default() }), Decision::Call(_));
        prop_assert!(!matches!(end, Decision::Call(_)) && pool.iter().filter(left).count() == 0);
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
        let serves = |key: &&Candidate| !tried.contains(&key.id) && matches!(decide(&[Candidate { trial_until: None, ..(*key).clone() }], &need(&CHAIN), &Tried::default()), Decision::Call(_));
        let on_trial = |key: &&Candidate| key.status == KeyStatus::Degraded && key.trial_until > Some(now());
        let fallback = pool.iter().all(|key| !key.never_fall_back && key.provider != Provider::Demo);
        if fallback && pool.iter().filter(serves).any(|key| on_trial(&key)) {
            prop_assert!(matches!(end, Decision::WaitUntil(until) if until <= now() + TRIAL_WAIT));
        }
    }

    #[test]
    fn of_a_closed_feature_no_degraded_key_is_called(pool in vec(candidate(), 0..12)) {
        let (tried, _) = round_of(&pool, &Need { unavailable: true, ..need(&CHAIN) });
        for id in tried {
            let key = find(&pool, id);
            prop_assert!(key.status == KeyStatus::Active || key.owner.is_some());
        }
    }

    #[test]
    fn who_cannot_see_is_never_shown_a_picture(pool in vec(candidate(), 0..12)) {
        let (tried, _) = round_of(&pool, &Need { pictured: true, ..need(&CHAIN) });
        prop_assert!(tried.iter().all(|id| find(&pool, *id).sees));
    }

    #[test]
    fn whoever_refused_is_not_asked_again_and_everybody_else_is(pool in vec(candidate(), 0..20), refuses in vec(0..4_u8, MOST_KEYS)) {
        let mut before = Vec::<(u8, Candidate)>::new();
        let (tried, _) = round_in_which(&pool, &need(&CHAIN), |n, key, tried| {
            match refuses[n] {
                0 => tried.refused.push(Arc::clone(&key.endpoint)),
                1 => tried.models.push(Arc::clone(&key.endpoint)),
                2 => {
                    tried.models.push(Arc::clone(&key.endpoint));
                    tried.withheld.push(key.provider);
                }
                _ => {}
            }
        });
        prop_assert!(tried.len() <= MOST_KEYS);
        for (n, id) in tried.iter().enumerate() {
            let key = find(&pool, *id);
            for (how, earlier) in &before {
                let same_model = earlier.provider == key.provider && earlier.endpoint.model == key.endpoint.model;
                prop_assert!(*how != 0 || earlier.endpoint != key.endpoint, "an endpoint is asked twice");
                prop_assert!(!matches!(how, 1 | 2) || !same_model, "a model is asked twice");
            }
            before.push((refuses[n], key.clone()));
        }
    }

    #[test]
    fn a_question_gives_up_only_when_every_endpoint_has_refused(pool in vec(candidate(), 0..MOST_KEYS)) {
        let serves = |key: &&Candidate| {
            matches!(decide(&pool, &need(&CHAIN), &Tried { keys: pool.iter().map(|key| key.id).filter(|id| *id != key.id).collect(), ..all_refused(&pool) }), Decision::Call(_))
        };
        let mut left: Vec<_> = pool.iter().filter(serves).map(|key| key.endpoint.clone()).collect();
        let (tried, _) = round_in_which(&pool, &need(&CHAIN), |_, key, tried| tried.refused.push(key.endpoint.clone()));
        let asked: Vec<_> = tried.iter().map(|id| find(&pool, *id).endpoint.clone()).collect();
        left.retain(|endpoint| !asked.contains(endpoint));
        prop_assert_eq!(left, Vec::<Arc<EndpointId>>::new());
    }

    #[test]
    fn another_provider_goes_before_one_that_withheld(pool in vec(candidate(), 0..12)) {
        let mut withheld = None;
        let (tried, _) = round_in_which(&pool, &need(&CHAIN), |n, key, tried| {
            if n == 0 {
                withheld = Some(key.provider);
                tried.withheld.push(key.provider);
            }
        });
        let rest: Vec<_> = tried.iter().skip(1).map(|id| {
            let key = find(&pool, *id);
            (key.status == KeyStatus::Degraded, key.owner.is_none(), Some(key.provider) == withheld)
        }).collect();
        prop_assert!(rest.is_sorted());
    }

    #[test]
    fn nobody_waits_longer_than_from_when_it_was_asked(pool in vec(candidate(), 0..12), left in -60_i64..600) {
        let wait_until = now() + TimeDelta::seconds(left);
        let (_, end) = round_of(&pool, &Need { wait_until, ..need(&CHAIN) });
        prop_assert!(!matches!(end, Decision::WaitUntil(until) if until > wait_until));
    }
}

#[test]
fn among_equals_the_least_recently_used_serves() {
    let key = |id, last_use| Candidate {
        id: KeyId(uuid::Uuid::from_u128(id)),
        owner: None,
        provider: Provider::Gemini,
        endpoint: endpoint(Provider::Gemini, 1, "large"),
        sees: true,
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
