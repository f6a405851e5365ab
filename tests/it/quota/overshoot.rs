//! Answers that take more than was expected: a day overshoots by one of them at most.

use std::time::Duration;

use domain::{
    Db, Feature,
    ids::{JobId, UserId},
    platform_status::{Pass, Snapshot},
    quota::{
        Payer,
        store::{self, Hold, Settlement, Start},
    },
    users::Plan,
};
use futures::future::join_all;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::{Value, json};
use simulator::{Rule, Script, say};

use super::{at_once, split};
use crate::support::{Platform, key, student::job_of};

/// The free plan's tokens of a day.
const LIMIT: i64 = 10_000;

/// The most that an answer takes here.
const MOST: i64 = 3_000;

fn pass() -> Pass {
    Snapshot::default().pass(Feature::Chat, Plan::Free, false).unwrap()
}

async fn asks(db: &Db, user: UserId, job: JobId, tokens: i64, day: chrono::NaiveDate) -> Option<Start> {
    let hold = Hold { user, job, payer: Payer::Plan, items: 1, tokens, at_most: MOST, day };
    let mut tx = db.begin_as(user).await.unwrap();
    let start = store::hold(&mut tx, &hold, &pass()).await.unwrap().ok();
    if start.is_some() {
        tx.commit().await.unwrap();
    }
    start
}

/// `None` where it never will.
async fn begins(db: &Db, user: UserId, job: JobId) -> Option<Start> {
    let mut tx = db.begin_as(user).await.unwrap();
    let start = store::start(&mut tx, job, MOST, pass().limits()).await.unwrap().ok();
    tx.commit().await.unwrap();
    start
}

async fn ends(db: &Db, user: UserId, job: JobId, took: Option<i64>) {
    let mut tx = db.begin_as(user).await.unwrap();
    let with = Settlement { completion_tokens: took.unwrap_or(0), ..Settlement::default() };
    let done = if took.is_some() {
        store::settle(&mut tx, job, &with).await.unwrap()
    } else {
        store::release(&mut tx, job, &with).await.unwrap()
    };
    assert!(done);
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_order_of_asking_and_ending_a_day_overshoots_by_one_answer_at_most() {
    let platform = Platform::setup().queues([]).start().await;
    let (db, today) = (platform.db(), platform.parts.clock.today());
    for seed in 0..12 {
        let mut random = StdRng::seed_from_u64(seed);
        let user: UserId = platform.student().await.id.parse().unwrap();
        let (mut runs, mut waits) = (Vec::new(), Vec::new());
        let mut taken = 0;
        for _ in 0..60 {
            match random.random_range(0..4) {
                0..2 => {
                    let job = JobId::generate();
                    match asks(db, user, job, random.random_range(1..600), today).await {
                        Some(Start::Now) => runs.push(job),
                        Some(Start::Later) => waits.push(job),
                        None => {}
                    }
                }
                2 if !runs.is_empty() => {
                    let job = runs.swap_remove(random.random_range(0..runs.len()));
                    // Mostly as much as there can be.
                    let took = if random.random_bool(0.7) { MOST } else { random.random_range(0..MOST) };
                    let took = random.random_bool(0.9).then_some(took);
                    ends(db, user, job, took).await;
                    taken += took.unwrap_or(0);
                }
                _ if !waits.is_empty() => {
                    let job = waits.swap_remove(random.random_range(0..waits.len()));
                    match begins(db, user, job).await {
                        Some(Start::Now) => runs.push(job),
                        Some(Start::Later) => {
                            assert!(!runs.is_empty(), "seed {seed}: one that is alone never waits");
                            waits.push(job);
                        }
                        None => {
                            assert!(taken >= LIMIT, "seed {seed}: refused although something is left");
                            ends(db, user, job, None).await;
                        }
                    }
                }
                _ => {}
            }
            assert!(taken <= LIMIT + MOST, "seed {seed}: {taken}");
        }
    }
    platform.end_with_jobs_left().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_of_jobs_that_all_take_the_most_overshoots_by_one() {
    let platform = Platform::setup().queues([]).start().await;
    let user: UserId = platform.student().await.id.parse().unwrap();
    let today = platform.parts.clock.today();
    let jobs = (0..20).map(|_| {
        let db = platform.db().clone();
        async move {
            let job = JobId::generate();
            let Some(mut start) = asks(&db, user, job, 400, today).await else { return };
            while start == Start::Later {
                tokio::time::sleep(Duration::from_millis(5)).await;
                match begins(&db, user, job).await {
                    Some(again) => start = again,
                    None => return ends(&db, user, job, None).await,
                }
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
            ends(&db, user, job, Some(MOST)).await;
        }
    });
    join_all(jobs).await;
    let taken = platform.number("select tokens_used from usage_days").await;
    assert!((LIMIT..=LIMIT + MOST).contains(&taken), "{taken}");
    platform.end().await;
}

/// All tokens of an answer.
fn took(usage: &Value) -> i64 {
    usage["prompt_tokens"].as_i64().unwrap() + usage["completion_tokens"].as_i64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_long_answers_at_once_overshoot_by_one_of_them_and_the_rest_is_told() {
    for thoughts in [0, 2_000] {
        let platform = Platform::start().await;
        let long = Script::healthy().chunks(2_048).thinking(thoughts);
        platform.pool([key("long").answers(long)]).await;
        // They were short before, so that many are let in.
        platform.answers_took("chat", 300).await;
        let student = platform.student().await;
        let (passed, refused) = split(at_once(&student, 20, "What is preload?").await);
        assert!(passed.len() >= 4, "{}", passed.len());
        assert!(refused.iter().all(|reply| reply.code() == "TOKEN_LIMIT_EXCEEDED"));
        let mut one = 0;
        for receipt in &passed {
            let answer = student.events(&job_of(receipt), None).await.finish().await;
            if answer.end() == "done" {
                one = one.max(took(&answer.end_data()["usage"]));
            } else {
                assert_eq!(answer.end_data()["code"], "TOKEN_LIMIT_EXCEEDED");
                assert_eq!(answer.end_data()["details"]["limit"], 10_000);
            }
        }
        let used = student.usage().await["tokens"]["used"].as_i64().unwrap();
        assert!(used >= LIMIT, "what is there is used: {used}");
        assert!(used <= LIMIT + one, "{used}, of which one took {one}");
        platform.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_ignores_the_limit_it_is_sent_is_cut_off_and_a_day_overshoots_by_one_answer() {
    for remembered in [false, true] {
        let platform = Platform::start().await;
        let endless = Script::healthy().ignoring_the_limit().chunks(9_100);
        platform.pool([key("endless").answers(endless)]).await;
        if remembered {
            platform.answers_took("chat", 300).await;
        }
        let student = platform.student().await;
        let (passed, _) = split(at_once(&student, 20, "What is preload?").await);
        assert!(passed.len() >= 4, "{}", passed.len());
        let mut one = 0;
        for receipt in &passed {
            let answer = student.events(&job_of(receipt), None).await.finish().await;
            if answer.end() == "done" {
                assert_eq!(answer.end_data()["finish_reason"], "length");
                let said = answer.text().len();
                assert!((24_576..25_500).contains(&said), "{said}");
                one = one.max(took(&answer.end_data()["usage"]));
            } else {
                assert_eq!(answer.end_data()["code"], "TOKEN_LIMIT_EXCEEDED");
            }
        }
        let used = student.usage().await["tokens"]["used"].as_i64().unwrap();
        assert!((LIMIT..=LIMIT + one).contains(&used), "{used}, of which one took {one}");
        platform.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_free_student_asks_four_things_at_a_time_of_a_model_that_nothing_is_known_of() {
    for thoughts in [0, 1_000] {
        let platform = Platform::start().await;
        platform.pool([key("long").answers(Script::healthy().chunks(1_200).thinking(thoughts))]).await;
        let student = platform.student().await;
        let (passed, refused) = split(at_once(&student, 4, "What is preload?").await);
        assert_eq!((passed.len(), refused.len()), (4, 0));
        for receipt in &passed {
            assert_eq!(student.events(&job_of(receipt), None).await.finish().await.end(), "done");
        }
        platform.end().await;

        // Twenty are too many: nothing is known, so few begin at a time.
        let platform = Platform::start().await;
        platform.pool([key("long").answers(Script::healthy().chunks(2_048).thinking(thoughts))]).await;
        let student = platform.student().await;
        let (passed, _) = split(at_once(&student, 20, "What is preload?").await);
        // Some may have ended before the last was asked.
        assert!((3..=5).contains(&passed.len()), "{}", passed.len());
        let mut one = 0;
        for receipt in &passed {
            let answer = student.events(&job_of(receipt), None).await.finish().await;
            if answer.end() == "done" {
                one = one.max(took(&answer.end_data()["usage"]));
            }
        }
        let used = student.usage().await["tokens"]["used"].as_i64().unwrap();
        assert!(used <= LIMIT + one, "{used}, and one takes {one}");
        platform.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_answers_take_is_learnt_and_a_question_that_will_not_fit_is_told_before() {
    let platform = Platform::start().await;
    platform.pool([key("thinks").answers(Script::healthy().chunks(1_000).thinking(1_500))]).await;
    let teacher = platform.student_on("pro").await;
    for _ in 0..4 {
        assert_eq!(teacher.asks("What is preload?").await.end(), "done");
    }
    platform
        .eventually(
            "select exists (select from answer_costs where feature = 'chat' and cardinality(tokens) = 4)",
        )
        .await;
    let took = "select min(t)::bigint from answer_costs, unnest(tokens) t";
    assert_eq!(platform.number(took).await, 2_500, "thoughts included");

    let student = platform.student().await;
    let full = format!(
        "insert into usage_days (user_id, day, tokens_used) values ('{}', '{}', 7900)",
        student.id,
        platform.parts.clock.today()
    );
    platform.sql(full).await;
    let session = student.session().await;
    let reply = student.sends(&session, "What is preload?").await.expect(429);
    assert_eq!(reply.code(), "TOKEN_LIMIT_EXCEEDED");
    let error = reply.error();
    let details = &error["details"];
    assert_eq!(
        (&details["limit"], &details["used"], &details["left"]),
        (&json!(10_000), &json!(7_900), &json!(2_100))
    );
    assert!((2_500..2_800).contains(&details["needed"].as_i64().unwrap()), "{details}");
    // Of another feature nothing is known, and it may still fit.
    assert_eq!(student.asks("/mcq 1 heart failure").await.end(), "done");

    // Another process knows it, too: it is in the database.
    let other = Platform::setup().queues([]).beside(&platform).start().await;
    let reply = student.at(&other.base).sends(&session, "What is preload?").await.expect(429);
    assert!(reply.error()["details"]["needed"].as_i64().unwrap() >= 2_500);
    other.end_with_jobs_left().await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_counts_more_than_there_can_be_is_not_believed() {
    let platform = Platform::start().await;
    let counts = r#"data: {"choices": [], "usage": {"prompt_tokens": 20, "completion_tokens": 2000000000}}"#
        .to_owned()
        + "\n\n";
    let answers =
        Rule::events([say::text("Preload is stretch."), say::finish("stop"), counts, say::DONE.to_owned()]);
    platform.pool([key("boasts").answers(Script::rules([answers]))]).await;
    for _ in 0..5 {
        // Each is somebody else, on the smallest plan.
        let student = platform.student().await;
        let answer = student.asks("What is preload?").await;
        assert_eq!((answer.text().as_str(), answer.end()), ("Preload is stretch.", "done"));
        assert_eq!(answer.end_data()["usage"]["exact"], false);
        let used = student.usage().await["tokens"]["used"].as_i64().unwrap();
        assert!((1..1_000).contains(&used), "{used}");
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn however_dear_answers_are_a_fresh_day_has_room_for_one() {
    let platform = Platform::start().await;
    platform.pool([key("good")]).await;
    platform.answers_took("chat", 40_000).await;
    let student = platform.student().await;
    assert_eq!(student.asks("What is preload?").await.end(), "done");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_waits_for_the_students_other_answers_says_so() {
    let platform = Platform::setup().config(|config| config.jobs.tenant_concurrency = 64).start().await;
    // Little is held for each, and each might take two thousand.
    platform.answers_took("chat", 40).await;
    let slow = Script::answers("Short.").first_token_after(Duration::from_secs(2));
    platform.pool([key("good").answers(slow)]).await;
    let student = platform.student().await;
    let asked = (0..8).map(|_| {
        let student = student.clone();
        tokio::spawn(async move { student.asks("What is preload?").await })
    });
    let mut told = 0;
    for answer in asked.collect::<Vec<_>>() {
        let answer = answer.await.unwrap();
        assert_eq!(answer.end(), "done");
        let waiting = answer.events.iter().filter(|event| event.kind == "waiting");
        told += waiting.filter(|event| event.data["reason"] == "own_answers").count();
    }
    assert!(told > 0, "together they might take more than a day has, and some have to wait");
    platform.end().await;
}
