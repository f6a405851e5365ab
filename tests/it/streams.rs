//! Reading the events of a job: replay, resumption, and what the database rebuilds.

use std::time::Duration;

use jobs::bus::MemoryBus;
use simulator::Script;

use crate::support::{
    Platform, key,
    sse::{Event, text_of},
    student::job_of,
};

fn slow() -> Script {
    Script::healthy().chunks(60).token_every(Duration::from_millis(20))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_reader_gets_the_same_end_as_an_early_one() {
    let platform = Platform::start().await;
    platform.pool([key("good").answers(Script::answers("Preload is stretch."))]).await;
    let student = platform.student().await;
    let session = student.session().await;
    let receipt = student.sends(&session, "What is preload?").await.expect(202);
    let early = student.events(&job_of(&receipt), None).await.finish().await;
    let late = student.events(&job_of(&receipt), None).await.finish().await;
    assert_eq!(late.text(), early.text());
    assert_eq!(late.events.last(), early.events.last());

    // After everything was seen there is nothing more to say, in a way that makes browsers stop.
    let path = format!("/api/jobs/{}/events", job_of(&receipt));
    let request = student.request(reqwest::Method::GET, &path);
    let request = request.header("last-event-id", early.events.last().unwrap().id);
    assert_eq!(request.send().await.unwrap().status(), 204);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_bus_forgot_the_database_tells_it_all() {
    let platform = Platform::setup().start().await;
    let api_elsewhere = Platform::setup().beside(&platform).queues([]).start().await;
    platform.pool([key("good").answers(Script::answers("Preload is stretch."))]).await;
    let student = platform.student().await;
    let session = student.session().await;
    let receipt = student.sends(&session, "What is preload?").await.expect(202);
    let early = student.events(&job_of(&receipt), None).await.finish().await;
    // The bus of the other process never heard of the job: as good as forgotten.
    let elsewhere = student.at(&api_elsewhere.base);
    let whole = elsewhere.events(&job_of(&receipt), None).await.finish().await;
    let kinds: Vec<_> = whole.events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["restart", "delta", "done"]);
    assert_eq!(whole.text(), "Preload is stretch.");
    assert_eq!(whole.events.last(), early.events.last());
    whole.assert_in_order();

    // Wherever a reader left off, it has the text once in the end.
    let all: Vec<Event> = early.events.iter().chain(&whole.events).cloned().collect();
    let mut all = all;
    all.sort_by_key(|event| event.id);
    all.dedup_by_key(|event| event.id);
    for seen in 0..all.len() - 1 {
        // A reader that has `restart` or `delta` of the rebuilt end, or some of the live events.
        let had: Vec<_> = if all[seen].id >= whole.events[0].id {
            early.events[..early.events.len() - 1]
                .iter()
                .chain(whole.events.iter().filter(|event| event.id <= all[seen].id))
                .cloned()
                .collect()
        } else {
            all[..=seen].to_vec()
        };
        let rest = elsewhere.events(&job_of(&receipt), Some(all[seen].id)).await.finish().await;
        rest.assert_in_order();
        assert!(rest.events.iter().all(|event| event.id > all[seen].id));
        let told: Vec<_> = had.into_iter().chain(rest.events).collect();
        assert_eq!(text_of(&told), "Preload is stretch.", "after {:?}", all[seen]);
        assert_eq!(told.last(), early.events.last());
    }
    api_elsewhere.end().await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_readers_come_and_go_and_each_has_every_delta_once() {
    let platform = Platform::start().await;
    platform.pool([key("slow").answers(slow())]).await;
    let student = platform.student().await;
    let session = student.session().await;
    let receipt = student.sends(&session, "What is preload?").await.expect(202);
    let job = job_of(&receipt);
    let readers = (0..20).map(|number| {
        let (student, job) = (student.clone(), job.clone());
        async move {
            let mut seen: Vec<Event> = Vec::new();
            loop {
                let last = seen.last().map(|event| event.id);
                let mut events = student.events(&job, last).await;
                // Hangs up after a while, each after its own.
                for _ in 0..=number % 7 {
                    let Some(event) = events.next().await else { return seen };
                    assert!(last.is_none_or(|last| event.id > last));
                    seen.push(event);
                }
                if seen.last().is_some_and(|event| event.kind == "done") {
                    return seen;
                }
            }
        }
    });
    let all = futures::future::join_all(readers).await;
    let stored = student.messages(&session).await[1]["content"].as_str().unwrap().to_owned();
    for seen in all {
        assert_eq!(text_of(&seen), stored);
        assert_eq!(seen.iter().filter(|event| event.kind == "restart").count(), 0);
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bus_that_forgets_in_mid_answer_is_healed() {
    let bus = MemoryBus::new();
    let platform = Platform::setup().bus(bus.clone()).start().await;
    platform.pool([key("slow").answers(slow())]).await;
    let student = platform.student().await;
    let session = student.session().await;
    let receipt = student.sends(&session, "What is preload?").await.expect(202);
    let mut events = student.events(&job_of(&receipt), None).await;
    events.until("delta").await;
    bus.forget();
    let late = student.events(&job_of(&receipt), None).await;
    let (early, late) = tokio::join!(events.finish(), late.finish());
    let stored = student.messages(&session).await[1]["content"].as_str().unwrap().to_owned();
    assert_eq!(early.text(), stored);
    assert_eq!(late.text(), stored);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_that_no_event_has_are_refused() {
    let platform = Platform::start().await;
    platform.pool([key("good")]).await;
    let student = platform.student().await;
    let session = student.session().await;
    let receipt = student.sends(&session, "What is preload?").await.expect(202);
    student.events(&job_of(&receipt), None).await.finish().await;
    let path = format!("/api/jobs/{}/events", job_of(&receipt));
    for absurd in ["-1", "abc", "1e9", "99999999999999999999", "9223372036854775807", "4611686018427387904"] {
        let request = student.request(reqwest::Method::GET, &path).header("last-event-id", absurd);
        let reply = crate::support::student::Reply::read(request.send().await.unwrap()).await;
        assert_eq!((reply.status.as_u16(), reply.code()), (400, "BAD_REQUEST"), "{absurd}");
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_job_can_be_cancelled_and_says_so() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    let session = student.session().await;
    let receipt = student.sends(&session, "What is preload?").await.expect(202);
    let mut events = student.events(&job_of(&receipt), None).await;
    assert_eq!(events.next().await.unwrap().kind, "queued");
    student.delete(&format!("/api/jobs/{}", job_of(&receipt))).await.expect(202);
    assert_eq!(events.finish().await.end(), "cancelled");
    assert_eq!(student.messages(&session).await[1]["status"], "cancelled");
    assert_eq!(student.usage().await["requests"]["used"], 0, "nothing was delivered");
    student.sends(&session, "Once more").await.expect(202);
    platform.end_with_jobs_left().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_does_not_read_slows_nobody() {
    let platform = Platform::start().await;
    let long = Script::healthy().chunks(20_000);
    platform.pool([key("long").answers(long)]).await;
    let student = platform.student_on("pro").await;
    let session = student.session().await;
    let receipt = student.sends(&session, "Everything").await.expect(202);
    // Opened, and never read from.
    let job = job_of(&receipt);
    let idle: Vec<_> = futures::future::join_all((0..50).map(|_| student.events(&job, None))).await;
    let answer = student.events(&job_of(&receipt), None).await.finish().await;
    assert_eq!(answer.end(), "done");
    assert_eq!(answer.text(), student.messages(&session).await[1]["content"]);
    for events in idle {
        assert_eq!(events.finish().await.text(), answer.text(), "a slow one has it all, too, in the end");
    }
    platform.end().await;
}
