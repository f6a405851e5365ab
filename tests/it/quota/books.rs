//! The books under random sequences, on the real database, beside a model of them that fits on a page.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use domain::{
    Db, Feature,
    ids::{JobId, UserId},
    platform_status::{Pass, Snapshot},
    quota::{
        Count, Payer, Taken, first_exceeded,
        store::{self, Hold, Settlement, Start},
    },
    users::Plan,
};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use crate::support::Platform;

const FEATURES: [Feature; 3] = [Feature::Chat, Feature::Mcq, Feature::Flashcard];
const PAYERS: [Payer; 6] = [Payer::Plan, Payer::Plan, Payer::Plan, Payer::Plan, Payer::Admin, Payer::OwnKey];

/// What the books should say.
#[derive(Debug, Default)]
struct Model {
    days: BTreeMap<(UserId, NaiveDate), (Count, Count)>,
    features: BTreeMap<(UserId, NaiveDate, Feature), Count>,
    bypass: BTreeMap<(UserId, NaiveDate), (i64, i64)>,
    held: Vec<Promise>,
    closed: Vec<Promise>,
}

/// A hold, and what it is of.
#[derive(Debug, Clone, Copy)]
struct Promise {
    hold: Hold,
    feature: Feature,
    /// The most that is charged for it.
    charged_at_most: i64,
}

/// A feature that anybody of the free plan may use.
fn pass(feature: Feature) -> Pass {
    Snapshot::default().pass(feature, Plan::Free, false).unwrap()
}

impl Model {
    fn taken(&self, &Promise { hold, feature, .. }: &Promise) -> Taken {
        let (tokens, requests) = self.days.get(&(hold.user, hold.day)).copied().unwrap_or_default();
        let feature = self.features.get(&(hold.user, hold.day, feature)).copied().unwrap_or_default();
        Taken { tokens, requests, feature }
    }

    /// Adds to what is held and used.
    fn add(&mut self, &Promise { hold, feature, .. }: &Promise, promised: (i64, i64), charged: (i64, i64)) {
        let (tokens, requests) = self.days.entry((hold.user, hold.day)).or_default();
        let feature = self.features.entry((hold.user, hold.day, feature)).or_default();
        (tokens.held, tokens.used) = (tokens.held + promised.0, tokens.used + charged.0);
        for count in [requests, feature] {
            (count.held, count.used) = (count.held + promised.1, count.used + charged.1);
        }
    }

    fn close(&mut self, at: usize, charged: Option<i64>) {
        let promise = self.held.swap_remove(at);
        let hold = promise.hold;
        match hold.payer {
            Payer::Plan => {
                self.add(&promise, (-hold.tokens, -1), charged.map_or((0, 0), |tokens| (tokens, 1)));
            }
            Payer::Admin => {
                let (tokens, requests) = self.bypass.entry((hold.user, hold.day)).or_default();
                *tokens += charged.unwrap_or(0);
                *requests += i64::from(charged.is_some());
            }
            Payer::OwnKey => {}
        }
        self.closed.push(promise);
    }

    fn reset(&mut self, user: UserId, day: NaiveDate) {
        let (tokens, requests) = self.days.entry((user, day)).or_default();
        (tokens.used, requests.used) = (0, 0);
        for ((of, on, _), count) in &mut self.features {
            if (*of, *on) == (user, day) {
                count.used = 0;
            }
        }
    }
}

/// One step on the books and in the model.
#[expect(clippy::too_many_lines, reason = "one arm for each step")]
async fn step(db: &Db, random: &mut StdRng, model: &mut Model, users: &[UserId], today: NaiveDate) {
    let user = users[random.random_range(0..users.len())];
    let day = today + TimeDelta::days(random.random_range(0..2));
    match random.random_range(0..10) {
        0..5 => {
            let feature = FEATURES[random.random_range(0..FEATURES.len())];
            let payer = PAYERS[random.random_range(0..PAYERS.len())];
            let tokens = random.random_range(0..2_500);
            let at_most = tokens + random.random_range(0..2_000);
            let hold = Hold { user, job: JobId::generate(), payer, items: 1, tokens, at_most, day };
            let mut promise = Promise { hold, feature, charged_at_most: i64::MAX };
            let mut tx = db.begin_as(user).await.unwrap();
            let passed = store::hold(&mut tx, &hold, &pass(feature)).await.unwrap();
            let at_once = matches!(passed, Ok(Start::Now));
            let taken = model.taken(&promise);
            let expected = first_exceeded(pass(feature).limits(), feature, tokens, taken, day);
            let expected = expected.filter(|_| payer == Payer::Plan);
            assert_eq!(passed.err(), expected, "{hold:?} on {taken:?}");
            if payer == Payer::Plan && at_once && at_most > 0 {
                promise.charged_at_most = at_most;
            }
            if expected.is_none() {
                tx.commit().await.unwrap();
                if payer == Payer::Plan {
                    model.add(&promise, (tokens, 1), (0, 0));
                }
                model.held.push(promise);
            }
        }
        5..8 if !model.held.is_empty() => {
            let at = random.random_range(0..model.held.len());
            let (job, of) = (model.held[at].hold.job, model.held[at].hold.user);
            // What was promised is an estimate: it may come to much more, or to nothing.
            let (prompt, completion) = (random.random_range(0..2_000), random.random_range(0..2_000));
            let with =
                Settlement { prompt_tokens: prompt, completion_tokens: completion, ..Settlement::default() };
            let charge = random.random_bool(0.7);
            let mut tx = db.begin_as(of).await.unwrap();
            let done = if charge {
                store::settle(&mut tx, job, &with).await.unwrap()
            } else {
                store::release(&mut tx, job, &with).await.unwrap()
            };
            // Sometimes the process dies before the commit.
            if random.random_bool(0.9) {
                tx.commit().await.unwrap();
                assert!(done);
                let charged = (prompt + completion).min(model.held[at].charged_at_most);
                model.close(at, charge.then_some(charged));
            }
        }
        8 if !model.closed.is_empty() => {
            let again = model.closed[random.random_range(0..model.closed.len())].hold;
            let mut tx = db.begin_as(again.user).await.unwrap();
            let with = Settlement { prompt_tokens: 5, ..Settlement::default() };
            assert!(!store::settle(&mut tx, again.job, &with).await.unwrap());
            assert!(!store::release(&mut tx, again.job, &with).await.unwrap());
            tx.commit().await.unwrap();
        }
        9 => {
            let mut tx = db.begin_platform().await.unwrap();
            store::reset(&mut tx, user, day).await.unwrap();
            tx.commit().await.unwrap();
            model.reset(user, day);
        }
        _ => {}
    }
}

/// What days and features hold is what the ledger holds.
const UNEVEN: &str = "
  with ledger as (
    select user_id, day, feature, held_tokens from usage_ledger where state = 'held' and payer = 'plan'
  )
  select (select count(*) from usage_days d where
            (d.tokens_held, d.requests_held) <>
            (select coalesce(sum(l.held_tokens), 0), count(*) from ledger l
             where l.user_id = d.user_id and l.day = d.day))
       + (select count(*) from usage_days d where d.tokens_at_most <>
            (select coalesce(sum(l.at_most_tokens), 0) from usage_ledger l
             where l.user_id = d.user_id and l.day = d.day and l.state = 'held'))
       + (select count(*) from usage_features f where f.held <>
            (select count(*) from ledger l
             where l.user_id = f.user_id and l.day = f.day and l.feature = f.feature))
       + (select count(*) from usage_days where least(tokens_used, tokens_held, requests_used, requests_held) < 0)
       + (select count(*) from usage_features where least(used, held) < 0)";

#[tokio::test(flavor = "multi_thread")]
async fn the_books_say_what_happened_after_any_sequence() {
    let platform = Platform::setup().queues([]).start().await;
    let today = platform.parts.clock.today();
    for seed in 0..8 {
        let mut random = StdRng::seed_from_u64(seed);
        let users: Vec<UserId> =
            [platform.student().await, platform.student().await].map(|who| who.id.parse().unwrap()).into();
        let mut model = Model::default();
        for _ in 0..120 {
            step(platform.db(), &mut random, &mut model, &users, today).await;
        }
        assert_eq!(platform.number(UNEVEN).await, 0, "seed {seed}");
        for (&(user, day), &(tokens, requests)) in &model.days {
            let mut tx = platform.db().begin_as(user).await.unwrap();
            let days = store::days(&mut tx, user, day).await.unwrap();
            let found = days.iter().find(|found| found.day == day);
            assert_eq!(found.map_or(Count::default(), |found| found.tokens), tokens, "seed {seed}");
            assert_eq!(found.map_or(Count::default(), |found| found.requests), requests, "seed {seed}");
            let bypass = model.bypass.get(&(user, day)).copied().unwrap_or_default();
            let counted = found.map_or((0, 0), |found| (found.bypass_tokens, found.bypass_requests));
            assert_eq!(counted, bypass, "seed {seed}");
            let features = store::features(&mut tx, user, day).await.unwrap();
            for feature in FEATURES {
                let found = features.iter().find(|(of, _)| *of == feature).map(|(_, count)| *count);
                let expected = model.features.get(&(user, day, feature)).copied();
                assert_eq!(found.unwrap_or_default(), expected.unwrap_or_default(), "seed {seed} {feature}");
            }
        }
    }
    platform.end_with_jobs_left().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_books_stay_even_with_many_writers_and_nobody_waits_in_a_circle() {
    let platform = Platform::setup().queues([]).start().await;
    let user: UserId = platform.student().await.id.parse().unwrap();
    let today = platform.parts.clock.today();
    let writers = (0..8_u64).map(|seed| {
        let db = platform.db().clone();
        async move {
            let mut random = StdRng::seed_from_u64(seed);
            let mut jobs = Vec::new();
            for _ in 0..40 {
                let feature = FEATURES[random.random_range(0..FEATURES.len())];
                let (job, tokens) = (JobId::generate(), random.random_range(0..900));
                let at_most = tokens + 500;
                let hold = Hold { user, job, payer: Payer::Plan, items: 1, tokens, at_most, day: today };
                let mut tx = db.begin_as(user).await.unwrap();
                if store::hold(&mut tx, &hold, &pass(feature)).await.unwrap().is_ok() {
                    tx.commit().await.unwrap();
                    jobs.push(job);
                } else {
                    drop(tx);
                }
                if random.random_bool(0.5)
                    && let Some(job) = jobs.pop()
                {
                    let with = Settlement { prompt_tokens: 90, ..Settlement::default() };
                    let mut tx = db.begin_as(user).await.unwrap();
                    assert!(store::release(&mut tx, job, &with).await.unwrap());
                    tx.commit().await.unwrap();
                }
                if random.random_bool(0.1) {
                    let mut tx = db.begin_platform().await.unwrap();
                    store::reset(&mut tx, user, today).await.unwrap();
                    tx.commit().await.unwrap();
                }
            }
        }
    });
    futures::future::join_all(writers).await;
    assert_eq!(platform.number(UNEVEN).await, 0);
    let most = "select max(requests_used + requests_held) from usage_days";
    assert!(platform.number(most).await <= 20);
    platform.end_with_jobs_left().await;
}
