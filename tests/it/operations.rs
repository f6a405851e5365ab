//! Queues and jobs as admins see and steer them.

use serde_json::{Value, json};
use simulator::Script;

use crate::support::{Platform, key, student::job_of};

async fn queue(admin: &crate::support::student::Admin, name: &str) -> Value {
    let list = admin.get("/api/admin/queues").await.expect(200);
    let queues = list.body["items"].as_array().unwrap().clone();
    queues.into_iter().find(|queue| queue["name"] == name).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ran_is_counted_and_shown_without_looking_at_the_jobs() {
    let platform = Platform::start().await;
    let admin = platform.pool([key("good")]).await;
    for _ in 0..3 {
        platform.student().await.asks("What is preload?").await;
    }
    platform
        .eventually(
            "select coalesce(sum(jobs), 0) = 3 from job_minutes where name = 'answer_message' and outcome = 'done'",
        )
        .await;
    let chat = queue(&admin, "chat").await;
    assert_eq!(chat["depth"], 0);
    assert_eq!(chat["running"], 0);
    assert!((chat["rate"].as_f64().unwrap() - 0.6).abs() < 1e-9, "three in five minutes: {chat}");
    assert!(chat["wait_p50_ms"].as_f64().is_some() && chat["run_p95_ms"].as_f64().is_some(), "{chat}");
    let done: i64 =
        chat["history"].as_array().unwrap().iter().map(|minute| minute["done"].as_i64().unwrap()).sum();
    assert_eq!(done, 3);
    assert_eq!(chat["alarm"], Value::Null);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_queue_keeps_what_is_asked_and_goes_on_when_it_is_let() {
    let platform = Platform::start().await;
    let admin = platform.pool([key("good")]).await;
    let paused = admin.post("/api/admin/queues/chat/pause", json!({})).await.expect(200);
    assert!(paused.body["paused_at"].is_string());
    let student = platform.student().await;
    let session = student.session().await;
    let job = job_of(&student.sends(&session, "What is preload?").await.expect(202));
    assert_eq!(queue(&admin, "chat").await["ready"], 1);
    let listed = admin.get("/api/admin/jobs?queue=chat&state=ready").await.expect(200);
    assert_eq!(listed.body["items"][0]["id"], json!(job));
    assert_eq!(listed.body["items"][0]["user"], json!(student.id));
    admin.post("/api/admin/queues/chat/resume", json!({})).await.expect(200);
    assert_eq!(student.events(&job, None).await.finish().await.end(), "done");
    admin.post("/api/admin/queues/none/pause", json!({})).await.expect(404);
    platform
        .eventually("select count(*) = 2 from audit_log where target_type = 'queue' and target_id = 'chat'")
        .await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_questions_are_found_and_done_again_in_bulk() {
    let platform = Platform::start().await;
    let dead = key("dead").answers(Script::invalid_key());
    let admin = platform.pool([dead.clone()]).await;
    let students = [platform.student().await, platform.student().await];
    // Both are asked before the first has failed, since that closes the platform.
    admin.post("/api/admin/queues/chat/pause", json!({})).await.expect(200);
    let mut asked = Vec::new();
    for student in &students {
        let session = student.session().await;
        student.sends(&session, "What is preload?").await.expect(202);
        asked.push(session);
    }
    admin.post("/api/admin/queues/chat/resume", json!({})).await.expect(200);
    platform.eventually("select count(*) = 2 from messages where status = 'failed'").await;
    let listed = admin.get("/api/admin/jobs?name=answer_message&queue=chat").await.expect(200);
    let jobs = listed.body["items"].as_array().unwrap().clone();
    assert_eq!(jobs.len(), 2);
    assert!(
        jobs.iter().all(|job| job["retryable"] == true && job["error_code"] == "PROVIDERS_EXHAUSTED"),
        "{jobs:?}"
    );
    assert!(jobs.iter().all(|job| job.get("arguments").is_none() && job.get("payload").is_none()));

    let id = platform.key(&admin, &dead).await["id"].clone();
    let over = json!({ "reason": "a key is on its way" });
    let leave = admin.request(reqwest::Method::DELETE, "/api/admin/maintenance").json(&over);
    assert_eq!(leave.send().await.unwrap().status(), 200);
    platform.pool([key("good")]).await;
    admin
        .patch(&format!("/api/admin/keys/{}", id.as_str().unwrap()), json!({ "status": "disabled" }))
        .await
        .expect(200);
    let used = students[0].usage().await["requests"]["used"].clone();
    let filter = json!({ "filter": { "name": "answer_message" } });
    let unsure = admin.post("/api/admin/jobs/retry", filter).await.expect(422);
    assert!(unsure.body.to_string().contains("must be 2"), "{}", unsure.body);
    let sure = json!({ "filter": { "name": "answer_message" }, "confirm": 2 });
    let done = admin.post("/api/admin/jobs/retry", sure).await.expect(200);
    assert_eq!(done.body, json!({ "matched": 2, "done": 2, "skipped": [] }));
    for (student, session) in students.iter().zip(&asked) {
        platform.eventually("select count(*) = 0 from messages where status = 'pending'").await;
        let messages = student.messages(session).await;
        assert_eq!(messages[1]["status"], "complete", "{messages:?}");
    }
    assert_eq!(students[0].usage().await["requests"]["used"], used, "it is on the house");

    let ids = json!({ "ids": jobs.iter().map(|job| job["id"].clone()).collect::<Vec<_>>() });
    let again = admin.post("/api/admin/jobs/retry", ids).await.expect(200);
    assert_eq!((again.body["done"].clone(), again.body["skipped"].as_array().unwrap().len()), (json!(0), 2));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn arguments_are_hidden_until_they_are_asked_for_and_asking_is_audited() {
    let platform = Platform::start().await;
    let admin = platform.pool([key("good")]).await;
    let student = platform.student().await;
    student.asks("What is preload?").await;
    let job = admin.get("/api/admin/jobs?name=answer_message").await.expect(200).body["items"][0].clone();
    let path = format!("/api/admin/jobs/{}", job["id"].as_str().unwrap());
    let hidden = admin.get(&path).await.expect(200);
    assert!(hidden.body.get("arguments").is_none() && hidden.body["history"].is_array(), "{}", hidden.body);
    let told = hidden.body["events"].as_array().unwrap();
    let kinds: Vec<_> = told.iter().map(|events| events["kind"].as_str().unwrap()).collect();
    assert!(kinds.starts_with(&["started", "delta"]) && kinds.ends_with(&["done"]), "{told:?}");
    assert!(told[1]["count"].as_u64().unwrap() >= 1 && !hidden.body.to_string().contains("measured answer"));
    assert_eq!(hidden.body["trace_id"], Value::Null, "nobody collects traces here");
    let traced = "update jobs set trace_context = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'";
    platform.sql(traced).await;
    assert_eq!(admin.get(&path).await.expect(200).body["trace_id"], "0af7651916cd43dd8448eb211c80319c");
    let shown = admin.get(&format!("{path}?arguments=true")).await.expect(200);
    assert_eq!(shown.body["arguments"]["user"], json!(student.id));
    platform.eventually("select count(*) = 1 from audit_log where action = 'view_job_arguments'").await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_cancelled_by_selection_and_bad_input_is_refused() {
    let platform = Platform::start().await;
    let admin = platform.pool([key("good")]).await;
    admin.post("/api/admin/queues/chat/pause", json!({})).await.expect(200);
    let student = platform.student().await;
    let session = student.session().await;
    let job = job_of(&student.sends(&session, "What is preload?").await.expect(202));
    let done = admin.post("/api/admin/jobs/cancel", json!({ "ids": [job] })).await.expect(200);
    assert_eq!(done.body["done"], 1);
    assert_eq!(student.messages(&session).await[1]["status"], "cancelled");
    let nothing =
        admin.post("/api/admin/jobs/cancel", json!({ "ids": [job, uuid::Uuid::nil()] })).await.expect(200);
    assert_eq!(nothing.body["skipped"].as_array().unwrap().len(), 2);
    for body in [
        json!({}),
        json!({ "ids": [] }),
        json!({ "ids": ["x"] }),
        json!({ "filter": { "state": "odd" } }),
        json!({ "ids": [job], "filter": {} }),
    ] {
        admin.post("/api/admin/jobs/cancel", body).await.expect(422);
    }
    admin.get("/api/admin/jobs?state=odd").await.expect(422);
    admin.get("/api/admin/jobs?cursor=odd").await.expect(422);
    admin.get("/api/admin/jobs/not-an-id").await.expect(404);
    admin.post("/api/admin/queues/chat/resume", json!({})).await.expect(200);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ended_in_error_is_listed_as_failed_and_housekeeping_only_where_it_is_asked_for() {
    let platform = Platform::start().await;
    let admin = platform.pool([key("dead").answers(Script::overloaded())]).await;
    let student = platform.student().await;
    assert_eq!(student.asks("What is preload?").await.end(), "error");
    platform.enqueue(&jobs::catalogue::Sweep {}).await;
    platform.enqueue(&jobs::catalogue::ReadAnew {}).await;
    platform.eventually("select exists (select from jobs where name = 'read_anew' and state = 'done')").await;
    platform.eventually("select exists (select from jobs where name = 'sweep' and state = 'done')").await;
    let names = async |query: &str| -> Vec<String> {
        let listed = admin.get(&format!("/api/admin/jobs?{query}")).await.expect(200).body;
        let items = listed["items"].as_array().unwrap();
        items.iter().map(|job| job["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("failed=true").await, ["answer_message"]);
    assert!(names("").await.contains(&"sweep".to_owned()));
    assert_eq!(names("asked_for=true").await, ["answer_message"]);
    // A filter with a field that nobody knows would concern more than was meant.
    let meant = json!({ "filter": { "name": "sweep", "status": "failed" } });
    admin.post("/api/admin/jobs/retry", meant).await.expect(422);
    platform.end().await;
}
