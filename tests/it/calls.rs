//! Which keys were tried for a question, as admins see it: how each call came out and what it took, never what was said.

use chrono::TimeDelta;
use serde_json::{Value, json};
use simulator::Script;

use crate::support::{
    Platform, key,
    student::{Admin, Reply, Student},
};

/// Asks under a request id, and reads the answer to its end. Returns the job's id.
async fn asks(student: &Student, request: &str, content: &str) -> String {
    let session = student.session().await;
    let path = format!("/api/chat/sessions/{session}/messages");
    let asked = student.request(reqwest::Method::POST, &path).header("x-request-id", request);
    let receipt =
        Reply::read(asked.json(&json!({ "content": content })).send().await.unwrap()).await.expect(202);
    let job = crate::support::student::job_of(&receipt);
    student.events(&job, None).await.finish().await;
    job
}

async fn shown(admin: &Admin, job: &str) -> Value {
    admin.get(&format!("/api/admin/jobs/{job}")).await.expect(200).body
}

#[tokio::test(flavor = "multi_thread")]
async fn each_call_for_a_question_is_shown_with_its_key_and_how_it_came_out() {
    let platform = Platform::start().await;
    let dead = key("dead").priority(9).answers(Script::invalid_key());
    let good = key("good").answers(Script::answers("It is the stretch."));
    let admin = platform.pool([dead.clone(), good.clone()]).await;
    let id = platform.key(&admin, &good).await["id"].as_str().unwrap().to_owned();
    let change = json!({ "name": "Ours", "price_per_million": { "prompt": 1.0, "completion": 2.0 } });
    admin.patch(&format!("/api/admin/keys/{id}"), change).await.expect(200);
    platform.pool_is_read().await;
    let student = platform.student().await;
    let job = asks(&student, "story-calls-1", "What is a secret-word preload?").await;
    platform.eventually("select count(*) = 2 from provider_calls").await;

    let details = shown(&admin, &job).await;
    let calls = details["calls"].as_array().unwrap();
    let masked =
        |spec: &crate::support::keys::KeySpec| format!("…{}", &spec.value()[spec.value().len() - 4..]);
    let (first, second) = (&calls[0], &calls[1]);
    assert_eq!(
        (&first["outcome"], &first["key"]["key_masked"]),
        (&json!("credential"), &json!(masked(&dead)))
    );
    assert_eq!((&first["http_status"], &first["code"]), (&json!(401), &json!("invalid_api_key")), "{first}");
    assert!(first["reason"].is_string() && first["first_token_ms"].is_null());
    assert_eq!((&first["prompt_tokens"], &first["completion_tokens"]), (&json!(0), &json!(0)));
    assert_eq!((&second["outcome"], &second["key"]["key_masked"]), (&json!("ok"), &json!(masked(&good))));
    assert_eq!((&second["key"]["name"], &second["provider"]), (&json!("Ours"), &json!("openai")));
    assert_eq!((&second["model"], &second["reason"]), (&json!("gpt-4o-mini"), &Value::Null));
    let [prompt, completion] =
        ["prompt_tokens", "completion_tokens"].map(|field| second[field].as_f64().unwrap());
    assert!(prompt > 0.0 && completion > 0.0 && second["tokens_exact"] == true, "{second}");
    let cost = second["cost"].as_f64().unwrap();
    assert!((cost - (prompt + 2.0 * completion) / 1e6).abs() < 1e-12, "{second}");
    assert!(second["duration_ms"].as_i64() >= second["first_token_ms"].as_i64());
    assert!(second["began_at"].as_str() >= first["began_at"].as_str());
    let of_the_day = &details["charge"];
    assert_eq!(
        (&of_the_day["payer"], &of_the_day["state"]),
        (&json!("plan"), &json!("settled")),
        "{of_the_day}"
    );
    assert!((of_the_day["tokens"].as_f64().unwrap() - prompt - completion).abs() < 0.5, "{of_the_day}");
    assert_eq!(of_the_day["abandoned_calls"], 1);
    assert!(of_the_day["day_ends_at"].as_str().unwrap().ends_with("T00:00:00Z"));

    let by_request = admin.get("/api/admin/calls?request=story-calls-1").await.expect(200).body;
    assert_eq!(by_request["items"], details["calls"]);
    let none = admin.get("/api/admin/calls?request=another").await.expect(200).body;
    assert_eq!(none["items"], json!([]));
    admin.get("/api/admin/calls").await.expect(422);
    admin.get("/api/admin/calls?request=%00").await.expect(422);
    let stored = "select count(*) from provider_calls c where c::text ~ 'secret-word|stretch|sk-story'";
    assert_eq!(platform.number(stored).await, 0, "neither content nor a key");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_own_key_is_only_said_to_be_the_students_own() {
    let platform = Platform::start().await;
    let own = key("own").answers(Script::answers("By an own key."));
    let admin = platform.pool([key("good")]).await;
    let student = platform.student().await;
    platform.simulator.script(&own.value(), own.script.clone());
    platform.never_logged([own.value()]);
    let body = json!({ "provider": "openai", "key": own.value(), "base_url": platform.simulator.url() });
    student.post("/api/profile/keys", body).await.expect(201);
    platform.pool_is_read().await;
    let job = asks(&student, "story-calls-2", "What is preload?").await;
    platform.eventually("select count(*) = 1 from provider_calls").await;
    let details = shown(&admin, &job).await;
    let call = &details["calls"][0];
    assert_eq!((&call["key"], &call["cost"], &call["outcome"]), (&Value::Null, &Value::Null, &json!("ok")));
    let last_four = &own.value()[own.value().len() - 4..];
    assert!(!details.to_string().contains(last_four), "{details}");
    assert_eq!(platform.number("select count(*) from provider_calls where key_id is null").await, 1);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_bounded_and_end_with_their_job_or_their_student() {
    let platform = Platform::start().await;
    let admin = platform.pool([key("good")]).await;
    let (student, other) = (platform.student().await, platform.student().await);
    let job = asks(&student, "story-calls-3", "What is preload?").await;
    asks(&other, "story-calls-4", "What is afterload?").await;
    platform.eventually("select count(*) = 2 from provider_calls").await;

    // A question that met many keys for hours.
    let id: domain::ids::JobId = job.parse().unwrap();
    let many = (0..60).map(|at| domain::keys::calls::Call {
        job_id: id,
        user_id: student.id.parse().unwrap(),
        request_id: None,
        key_id: None,
        provider: domain::keys::Provider::OpenAi,
        model: format!("model {at}"),
        outcome: "rate",
        http_status: Some(429),
        code: None,
        reason: None,
        began_at: platform.parts.clock.now() + TimeDelta::seconds(at),
        first_token_ms: None,
        duration_ms: 1,
        prompt_tokens: 0,
        completion_tokens: 0,
        tokens_exact: false,
    });
    let mut tx = platform.db().begin_platform().await.unwrap();
    domain::keys::calls::add(&mut tx, &many.collect::<Vec<_>>()).await.unwrap();
    tx.commit().await.unwrap();
    let calls = shown(&admin, &job).await["calls"].as_array().unwrap().clone();
    assert_eq!((calls.len(), &calls[49]["model"]), (50, &json!("model 59")), "the last ones");

    // With the account.
    platform.sql(format!("delete from users where id = '{}'", other.id)).await;
    assert_eq!(platform.number("select count(distinct job_id) from provider_calls").await, 1);

    // With the job, after a week.
    platform.sleep_until(platform.parts.clock.now() + TimeDelta::days(8));
    platform.enqueue(&jobs::catalogue::Sweep {}).await;
    platform.eventually("select not exists (select from provider_calls)").await;
    platform.end().await;
}
