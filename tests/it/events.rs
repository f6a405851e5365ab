//! All that a browser watches, over one stream.

use std::{collections::BTreeMap, time::Duration};

use reqwest::Method;
use serde_json::json;
use simulator::Script;

use crate::support::{
    Platform, key,
    sse::{Event, Events, text_of},
    student::{Student, job_of},
};

impl Student {
    async fn watches(&self, jobs: &str) -> Events {
        let response = self.request(Method::GET, &format!("/api/events?jobs={jobs}")).send().await.unwrap();
        assert_eq!(response.status(), 200);
        Events::new(response)
    }
}

fn of<'a>(job: &'a str, events: &'a [Event]) -> Vec<Event> {
    events.iter().filter(|event| event.job == job).cloned().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn several_jobs_are_read_over_one_stream_and_each_goes_on_after_what_was_seen() {
    let platform = Platform::start().await;
    let script = Script::answers("Preload is the stretch of the heart before it contracts.");
    platform.pool([key("good").answers(script.token_every(Duration::from_millis(20)))]).await;
    let student = platform.student_on("pro").await;
    let mut jobs = Vec::new();
    for _ in 0..3 {
        let session = student.session().await;
        jobs.push(job_of(&student.sends(&session, "What is preload?").await.expect(202)));
    }
    let mut first = student.watches(&jobs[..2].join(",")).await;
    while of(&jobs[0], &first.seen).len() < 4 {
        first.next().await.unwrap();
    }
    // As a page does that comes to watch one more: the rest of those, and the whole of the new one.
    let seen =
        |job: &str| of(job, &first.seen).last().map_or(String::new(), |event| format!(":{}", event.id));
    let after: Vec<_> = jobs.iter().map(|job| format!("{job}{}", seen(job))).collect();
    let mut rest = student.watches(&after.join(",")).await;
    let ended = |events: &[Event]| events.iter().filter(|event| event.kind == "done").count();
    while ended(&rest.seen) < 3 {
        rest.next().await.unwrap();
    }
    for job in &jobs {
        let all: Vec<_> = [of(job, &first.seen), of(job, &rest.seen)].concat();
        assert!(all.windows(2).all(|pair| pair[0].id < pair[1].id), "{all:?}");
        assert_eq!(text_of(&all), "Preload is the stretch of the heart before it contracts.");
    }

    // What ended and was seen, what is not there, and what is somebody else's are over, and end nothing else.
    let stranger = platform.student().await;
    let others = job_of(&stranger.sends(&stranger.session().await, "Whose?").await.expect(202));
    stranger.events(&others, None).await.finish().await;
    let last = of(&jobs[0], &rest.seen).last().unwrap().id;
    let asked = [format!("{}:{last}", jobs[0]), uuid::Uuid::nil().to_string(), others, jobs[1].clone()];
    let mut again = student.watches(&asked.join(",")).await;
    again.until("done").await;
    let kinds: BTreeMap<_, Vec<_>> = asked
        .iter()
        .map(|job| job.split(':').next().unwrap())
        .map(|job| (job, of(job, &again.seen).into_iter().map(|event| event.kind).collect()))
        .collect();
    for job in [&*jobs[0], &*asked[1], &*asked[2]] {
        assert_eq!(kinds[job], ["over"], "{job}");
    }
    assert_eq!(
        text_of(&of(&jobs[1], &again.seen)),
        "Preload is the stretch of the heart before it contracts."
    );
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_works_is_told_at_the_beginning_and_when_it_changes_in_every_process() {
    let platform = Platform::start().await;
    platform.pool([key("good")]).await;
    let elsewhere = Platform::setup().beside(&platform).queues([]).start().await;
    let student = platform.student().await;
    let mut watching = student.at(&elsewhere.base).watches("").await;
    assert_eq!(watching.until("status").await.data["maintenance"]["level"], "none");
    let admin = platform.admin_with("ops").await;
    admin
        .put("/api/admin/maintenance", json!({ "level": "soft", "reason": "few keys are left" }))
        .await
        .expect(200);
    let told = watching.until("status").await.data;
    assert_eq!(told["maintenance"]["level"], "soft");
    assert_eq!(told, student.get("/api/status").await.expect(200).body);
    elsewhere.end().await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stream_ends_with_the_sign_in_and_counts_as_one() {
    let platform = Platform::setup().config(|config| config.server.streams_per_account = 2).start().await;
    let student = platform.student().await;
    let mut one = student.watches("").await;
    let _two = student.watches("").await;
    one.until("status").await;
    let third = student.request(Method::GET, "/api/events").send().await.unwrap();
    assert_eq!(third.status(), 429);
    assert!(third.headers().contains_key("retry-after"));
    student.post("/api/auth/logout-all", json!({})).await;
    assert!(one.next().await.is_none(), "the sign-in ended");

    let bad = platform.student().await;
    for jobs in ["x", "00000000-0000-7000-8000-000000000001:x"] {
        bad.get(&format!("/api/events?jobs={jobs}")).await.expect(400);
    }
    platform.end().await;
}
