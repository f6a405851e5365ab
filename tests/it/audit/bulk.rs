//! What is done to many jobs at once is written job by job.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{
    Platform,
    process::medai,
    servers,
    student::{Admin, job_of},
};

use super::entries;

/// Makes chores that wait, and returns their number.
async fn that_wait(platform: &Platform, count: i32) {
    platform
        .sql(format!(
            "insert into jobs (id, queue, name, payload, max_attempts)
             select gen_random_uuid(), 'command', 'a_chore', '{{}}', 3 from generate_series(1, {count})"
        ))
        .await;
}

/// Jobs that were cancelled, without an entry that names them; and the other way round.
const APART: &str = "
    select count(*) from
      (select id::text from jobs where name = 'a_chore' and state = 'cancelled') j
      full join (select target_id from audit_log where action = 'cancel_jobs' and target_id is not null) e
        on e.target_id = j.id
    where j.id is null or e.target_id is null";

#[tokio::test(flavor = "multi_thread")]
async fn each_job_of_a_bulk_action_has_its_entry() {
    let platform = Platform::setup().queues([]).start().await;
    let admin = platform.admin().await;
    let student = platform.student().await;
    let waiting = job_of(&student.sends(&student.session().await, "What is preload?").await.expect(202));
    let ended = uuid::Uuid::nil().to_string();
    let both = json!({ "ids": [waiting, ended] });
    let done = admin.post("/api/admin/jobs/cancel", both).await.expect(200).body;
    assert_eq!((&done["matched"], &done["done"]), (&json!(2), &json!(1)));
    let found = entries(&admin, "?action=cancel_jobs").await;
    assert_eq!((found.len(), &found[0]["target_id"]), (1, &json!(waiting)));
    assert_eq!(found[0]["details"], json!({ "was": "waiting", "of": 2 }));
    assert_eq!(entries(&admin, &format!("?target={waiting}")).await.len(), 1, "found by the job");

    let again = admin.post("/api/admin/jobs/retry", json!({ "ids": [waiting] })).await.expect(200).body;
    assert_eq!(again["done"], 1, "{again}");
    let found = entries(&admin, "?action=retry_jobs").await;
    let next = found[0]["details"]["retried_as"].as_str().unwrap();
    let shown = admin.get(&format!("/api/admin/jobs/{waiting}")).await.expect(200).body;
    assert_eq!(shown["retried_as"], json!(next));
    // What cannot be done changes nothing, and is written as a try.
    admin.post("/api/admin/jobs/retry", json!({ "ids": [waiting] })).await.expect(200);
    let found = entries(&admin, "?action=retry_jobs").await;
    assert_eq!((found.len(), &found[0]["target_id"]), (2, &Value::Null));
    student.delete(&format!("/api/jobs/{next}")).await.expect(202);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_is_killed_in_the_middle_leaves_no_change_without_its_entry() {
    let platform = Platform::setup().queues([]).start().await;
    let mut api = medai(&["api"], &platform.database, servers::redis_url(), &[]);
    api.ready().await;
    let admin = platform.admin().await;
    that_wait(&platform, 1_000).await;
    let there = Admin(admin.at(&api.base));
    let all = json!({ "filter": { "name": "a_chore" }, "confirm": 1_000 });
    let request = there.request(reqwest::Method::POST, "/api/admin/jobs/cancel").json(&all);
    let asked = tokio::spawn(request.timeout(Duration::from_mins(1)).send());
    platform.eventually("select count(*) > 20 from jobs where state = 'cancelled'").await;
    api.kill();
    assert!(asked.await.unwrap().is_err(), "it was killed in the middle");
    let cancelled = platform.number("select count(*) from jobs where state = 'cancelled'").await;
    assert!((21..1_000).contains(&cancelled), "{cancelled}");
    assert_eq!(platform.number(APART).await, 0, "of {cancelled}");

    // The rest is done by whoever asks again.
    let rest = json!({ "filter": { "name": "a_chore", "state": "ready" }, "confirm": 1_000 - cancelled });
    admin.post("/api/admin/jobs/cancel", rest).await.expect(200);
    assert_eq!(platform.number("select count(*) from jobs where state = 'cancelled'").await, 1_000);
    assert_eq!(platform.number(APART).await, 0);
    platform.end().await;
}
