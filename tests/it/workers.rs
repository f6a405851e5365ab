//! Which processes there are, and draining one: it takes nothing new, and finishes what it has.

use std::time::Duration;

use serde_json::{Value, json};
use simulator::Script;

use crate::support::{
    Platform, key,
    process::medai,
    servers,
    student::{Admin, job_of},
};

async fn processes(admin: &Admin) -> Vec<Value> {
    admin.get("/api/admin/workers").await.expect(200).body["items"].as_array().unwrap().clone()
}

/// The process with this id on its machine, once it shows.
async fn process(admin: &Admin, pid: i32) -> Value {
    for _ in 0..600 {
        if let Some(found) = processes(admin).await.into_iter().find(|process| process["pid"] == pid) {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("process {pid} never showed")
}

/// Waits until a process is in a state.
async fn until(admin: &Admin, pid: i32, state: &str) -> Value {
    for _ in 0..600 {
        let found = process(admin, pid).await;
        if found["state"] == state {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("process {pid} was never {state}")
}

async fn steer(admin: &Admin, process: &Value, how: &str) -> Value {
    let name = process["name"].as_str().unwrap();
    admin.post(&format!("/api/admin/workers/{name}/{how}"), json!({})).await.expect(200).body
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drained_worker_finishes_what_it_has_and_takes_nothing_while_another_does() {
    let platform = Platform::setup().redis().queues([]).start().await;
    let slow = Script::healthy().chunks(60).token_every(Duration::from_millis(50));
    let admin = platform.pool([key("slow").answers(slow)]).await;
    let env = [("OPENAI_BASE_URL", &*platform.simulator.url()), ("JOB_LEASE", "3s")];
    let start = || medai(&["worker"], &platform.database, servers::redis_url(), &env);
    let first = start();
    let one = process(&admin, first.pid()).await;
    assert_eq!(
        (&one["roles"], &one["state"], &one["running"]),
        (&json!(["worker"]), &json!("up"), &json!(0))
    );
    let all = processes(&admin).await;
    let api = all.iter().find(|process| process["roles"] == json!(["api"])).unwrap();
    assert!(api["queues"] == json!([]) && api["version"].is_string() && api["host"].is_string(), "{api}");

    // A question that it has when the drain begins.
    let student = platform.student().await;
    let session = student.session().await;
    let mut events = student.streams(&session, "What is preload?").await;
    events.until("delta").await;
    let second = start();
    let two = process(&admin, second.pid()).await;
    let draining = steer(&admin, &one, "drain").await;
    assert_eq!((&draining["state"], &draining["running"]), (&json!("draining"), &json!(1)), "{draining}");
    assert!(draining["draining_since"].is_string());
    let chat = draining["queues"].as_array().unwrap().iter().find(|share| share["queue"] == "chat").unwrap();
    assert_eq!((&chat["slots"], &chat["running"]), (&json!(256), &json!(1)));
    assert_eq!(draining["longest"][0]["name"], "answer_message");

    // What comes now is the other's.
    platform.simulator.script(&key("slow").value(), Script::answers("By the other."));
    let other = platform.student().await;
    for _ in 0..5 {
        let session = other.session().await;
        let receipt = other.sends(&session, "And afterload?").await.expect(202);
        other.events(&job_of(&receipt), None).await.finish().await;
    }
    let theirs =
        format!("select count(*) from jobs where tenant = '{}' and worker = '{}'", other.id, text(&two));
    assert_eq!(platform.number(theirs).await, 5);
    let answer = events.finish().await;
    assert_eq!((answer.end(), answer.count("restart")), ("done", 0), "it finished what it had");
    until(&admin, first.pid(), "drained").await;

    // With nobody to take them, questions wait; and begin at once when the drain is undone.
    steer(&admin, &two, "drain").await;
    let session = other.session().await;
    let waits = job_of(&other.sends(&session, "And compliance?").await.expect(202));
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(
        platform.number("select count(*) from jobs where queue = 'chat' and state = 'ready'").await,
        1
    );
    let back = steer(&admin, &one, "resume").await;
    assert_eq!((&back["state"], &back["draining_since"]), (&json!("up"), &Value::Null));
    assert_eq!(other.events(&waits, None).await.finish().await.end(), "done");
    let whose = format!("select count(*) from jobs where id = '{waits}' and worker = '{}'", text(&one));
    assert_eq!(platform.number(whose).await, 1);
    let audited = "select count(*) from audit_log where target_type = 'worker' and action in ('drain_worker', 'resume_worker')";
    assert_eq!(platform.number(audited).await, 3);
    platform.end().await;
}

fn text(process: &Value) -> &str {
    process["name"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_dies_shows_as_lost_and_one_that_is_stopped_is_gone() {
    let platform = Platform::setup().redis().queues([]).start().await;
    let admin = platform.admin().await;
    let env = [("JOB_LEASE", "3s")];
    let start = |role: &str| medai(&[role], &platform.database, servers::redis_url(), &env);
    let (mut doomed, mut stopped) = (start("worker"), start("scheduler"));
    let lost = process(&admin, doomed.pid()).await;
    assert_eq!(process(&admin, stopped.pid()).await["roles"], json!(["scheduler"]));
    doomed.kill();
    until(&admin, doomed.pid(), "lost").await;
    for how in ["drain", "resume"] {
        admin.post(&format!("/api/admin/workers/{}/{how}", text(&lost)), json!({})).await.expect(404);
        admin.post(&format!("/api/admin/workers/nobody/{how}"), json!({})).await.expect(404);
        admin.post(&format!("/api/admin/workers/%00/{how}"), json!({})).await.expect(404);
    }
    // What takes no jobs is not drained.
    let api = processes(&admin).await.into_iter().find(|process| process["roles"] == json!(["api"])).unwrap();
    admin.post(&format!("/api/admin/workers/{}/drain", text(&api)), json!({})).await.expect(404);
    stopped.signal(nix::sys::signal::Signal::SIGTERM);
    stopped.ended().await;
    assert!(processes(&admin).await.iter().all(|process| process["pid"] != stopped.pid()));

    // After an hour the lost one is shown no more.
    platform
        .sql(
            "update processes set alive_until = alive_until - interval '1 hour' where 'worker' = any (roles)",
        )
        .await;
    assert!(processes(&admin).await.iter().all(|process| process["pid"] != doomed.pid()));
    platform.end_with_jobs_left().await;
}
