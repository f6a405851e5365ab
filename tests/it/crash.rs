//! Real processes that are killed.

use std::time::Duration;

use nix::sys::signal::Signal;
use simulator::Script;

use crate::support::{Platform, key, process::medai, servers, sse::text_of, student::job_of};

/// An answer that takes two seconds.
fn slow() -> Script {
    Script::healthy().chunks(100).token_every(Duration::from_millis(20))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_worker_costs_a_restart_and_nothing_else() {
    let platform = Platform::setup().redis().queues([]).start().await;
    platform.pool([key("slow").answers(slow())]).await;
    let env = [("OPENAI_BASE_URL", &*platform.simulator.url()), ("JOB_LEASE", "3s")];
    let start = || medai(&["worker"], &platform.database, servers::redis_url(), &env);
    let mut doomed = start();
    let student = platform.student().await;
    let session = student.session().await;
    let mut events = student.streams(&session, "What is preload?").await;
    events.until("delta").await;
    events.until("delta").await;
    let _survivor = start();
    doomed.kill();

    let answer = events.finish().await;
    answer.assert_in_order();
    assert_eq!(answer.count("restart"), 1);
    assert_eq!(answer.end(), "done");
    let whole: Vec<_> = (0..100).map(|n| format!("word{n}")).collect();
    assert_eq!(answer.text().split_whitespace().collect::<Vec<_>>(), whole);

    let messages = student.messages(&session).await;
    assert_eq!(messages.len(), 2, "stored once");
    assert_eq!(messages[1]["content"], answer.text());
    let usage = &answer.end_data()["usage"];
    let tokens = usage["prompt_tokens"].as_i64().unwrap() + usage["completion_tokens"].as_i64().unwrap();
    assert_eq!(student.usage().await["tokens"]["used"], tokens, "counted once");
    let mut conn = platform.db().pool().acquire().await.unwrap();
    let job: (i16, i64) = sqlx::query_as("select attempt, epoch from jobs where name = 'answer_message'")
        .fetch_one(&mut *conn)
        .await
        .unwrap();
    assert_eq!(job, (2, 2), "the attempt is counted");
    drop(conn);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_goes_on_at_another_api_with_every_delta_once() {
    let platform = Platform::setup().redis().start().await;
    platform.pool([key("slow").answers(slow())]).await;
    let other = medai(&["api"], &platform.database, servers::redis_url(), &[]);
    other.ready().await;
    let student = platform.student().await;
    let session = student.session().await;
    let receipt = student.sends(&session, "What is preload?").await.expect(202);
    let mut first = student.events(&job_of(&receipt), None).await;
    for _ in 0..5 {
        first.until("delta").await;
    }
    let mut seen = std::mem::take(&mut first.seen);
    drop(first);
    let last = seen.last().unwrap().id;
    let rest = student.at(&other.base).events(&job_of(&receipt), Some(last)).await.finish().await;
    seen.extend(rest.events.clone());
    rest.assert_in_order();
    assert!(rest.events[0].id > last);
    assert_eq!(rest.count("restart"), 0, "nothing was lost, so nothing is told again");
    assert_eq!(text_of(&seen), student.messages(&session).await[1]["content"]);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drained_worker_hands_over_without_using_an_attempt() {
    let platform = Platform::setup().redis().queues([]).start().await;
    platform.pool([key("slow").answers(slow())]).await;
    let simulator = platform.simulator.url();
    let env = [("OPENAI_BASE_URL", &*simulator), ("SHUTDOWN_GRACE", "200ms")];
    let mut leaving = medai(&["worker"], &platform.database, servers::redis_url(), &env);
    let student = platform.student().await;
    let session = student.session().await;
    let mut events = student.streams(&session, "What is preload?").await;
    events.until("delta").await;
    let _staying = medai(&["worker"], &platform.database, servers::redis_url(), &env);
    leaving.signal(Signal::SIGTERM);
    assert_eq!(leaving.ended().await, Some(0));
    let answer = events.finish().await;
    assert_eq!((answer.end(), answer.count("restart")), ("done", 1));
    let mut conn = platform.db().pool().acquire().await.unwrap();
    let job: (i16, i64) = sqlx::query_as("select attempt, epoch from jobs where name = 'answer_message'")
        .fetch_one(&mut *conn)
        .await
        .unwrap();
    assert_eq!(job, (1, 2));
    drop(conn);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stop_reaches_a_worker_in_another_process() {
    let platform = Platform::setup().redis().queues([]).start().await;
    platform.pool([key("slow").answers(slow())]).await;
    let simulator = platform.simulator.url();
    let env = [("OPENAI_BASE_URL", &*simulator)];
    let _worker = medai(&["worker"], &platform.database, servers::redis_url(), &env);
    let student = platform.student().await;
    let session = student.session().await;
    let receipt = student.sends(&session, "What is preload?").await.expect(202);
    let mut events = student.events(&job_of(&receipt), None).await;
    events.until("delta").await;
    student.delete(&format!("/api/jobs/{}", job_of(&receipt))).await.expect(202);
    assert_eq!(events.finish().await.end(), "cancelled");
    for _ in 0..100 {
        if platform.simulator.calls().iter().any(|call| call.aborted) {
            return platform.end().await;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the upstream call goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_survives_a_redis_that_forgets_everything() {
    let mut redis = servers::Valkey::start();
    let url = redis.url.clone();
    let platform =
        Platform::setup().config(|config| config.database.redis_url = Some(url.into())).start().await;
    platform.pool([key("slow").answers(slow())]).await;
    let student = platform.student().await;
    let session = student.session().await;
    let mut events = student.streams(&session, "What is preload?").await;
    events.until("delta").await;
    redis.stop();
    tokio::time::sleep(Duration::from_millis(300)).await;
    redis.restart();
    let answer = events.finish().await;
    assert_eq!(answer.end(), "done");
    assert_eq!(answer.text(), student.messages(&session).await[1]["content"]);
    assert!(answer.count("restart") >= 1, "what was lost is told again");
    platform.end().await;
}
