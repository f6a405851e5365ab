//! What the platform's usage comes to.

use chrono::{Days, NaiveTime};
use jobs::catalogue::RollUpUsage;
use serde_json::{Value, json};
use simulator::Script;

use crate::support::{
    Platform, key,
    platform::PASSWORD,
    student::{Admin, Student},
};

async fn analytics(admin: &Student, days: u32) -> Value {
    admin.get(&format!("/api/admin/analytics?days={days}")).await.expect(200).body
}

/// A line of a list.
fn of<'a>(report: &'a Value, list: &str, name: &str, is: &str) -> &'a Value {
    report[list].as_array().unwrap().iter().find(|line| line[name] == is).unwrap_or(&Value::Null)
}

/// The only key of the pool.
async fn only_key(admin: &Admin) -> String {
    admin.get("/api/admin/keys").await.expect(200).body["items"][0]["id"].as_str().unwrap().to_owned()
}

/// Of a day: requests, users, tokens.
fn day(line: &Value) -> (&Value, &Value, &Value) {
    (&line["requests"], &line["users"], &line["tokens"])
}

/// Of four requests by two students, one of whom pays, with a key at ten and twenty dollars a million.
fn assert_adds_up(report: &Value) {
    let totals = &report["totals"];
    assert_eq!((&totals["requests"], &totals["active_users"]), (&json!(4), &json!(2)));
    let (prompt, completion) =
        (totals["prompt_tokens"].as_f64().unwrap(), totals["completion_tokens"].as_f64().unwrap());
    assert!(prompt > 0.0 && completion > 0.0);
    let cost = (prompt * 10.0 + completion * 20.0) / 1e6;
    assert!((totals["cost"].as_f64().unwrap() - cost).abs() < 1e-3, "{totals} is not {cost}");
    assert_eq!(report["days"].as_array().unwrap().len(), 30);
    assert_eq!(report["days"][28]["requests"], 0);
    let of_pro = of(report, "by_plan", "plan", "pro");
    assert_eq!(
        (&of_pro["users"], &of_pro["active_users"], &of_pro["requests"]),
        (&json!(1), &json!(1), &json!(2))
    );
    let chat = of(report, "by_feature", "feature", "chat");
    assert_eq!((&chat["requests"], &chat["share"]), (&json!(3), &json!(0.75)));
    assert_eq!(report["top_users"].as_array().unwrap().len(), 2);
    assert_eq!(report["averages"]["requests_per_user"], json!(2.0));
    assert_eq!(report["burn"][0]["requests_per_hour"], json!(4.0));
    let month = &report["cost"];
    assert!(month["projected_this_month"].as_f64().unwrap() >= month["so_far_this_month"].as_f64().unwrap());
    let conversion = &report["conversion"];
    assert_eq!((&conversion["registered"], &conversion["paid"]), (&json!(3), &json!(1)));
    assert_eq!(conversion["by_week"][0]["registered"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn today_counts_at_once_and_stays_the_same_when_it_is_rolled_up() {
    let platform = Platform::start().await;
    let admin = platform.pool([key("good")]).await;
    let price = json!({ "price_per_million": { "prompt": 10.0, "completion": 20.0 } });
    let id = only_key(&admin).await;
    let priced = admin.patch(&format!("/api/admin/keys/{id}"), price.clone()).await.expect(200);
    assert_eq!(priced.body["price_per_million"], price["price_per_million"]);
    let (free, pro) = (platform.student().await, platform.student_on("pro").await);
    for student in [&free, &pro, &pro] {
        student.asks("What is preload?").await;
    }
    free.asks("/mcq preload").await;
    platform.eventually("select coalesce(sum(calls), 0) = 4 from key_days").await;

    let report = analytics(&admin, 30).await;
    let totals = &report["totals"];
    let tokens = totals["prompt_tokens"].as_i64().unwrap() + totals["completion_tokens"].as_i64().unwrap();
    assert_eq!(day(&report["days"][29]), (&json!(4), &json!(2), &json!(tokens)));
    let of_pro = of(&report, "by_plan", "plan", "pro");
    let month = &report["cost"];
    assert_eq!((&month["by_key"][0]["key_id"], &month["by_key"][0]["priced"]), (&json!(id), &json!(true)));
    assert_eq!(of(&report, "top_users", "user_id", &pro.id)["requests"], 2);
    assert_adds_up(&report);

    // What an admin gives back, and a key that is gone, change nothing of what was.
    admin.post(&format!("/api/admin/users/{}/reset-usage", pro.id), json!({})).await.expect(200);
    let masked = month["by_key"][0]["key_masked"].as_str().unwrap().trim_start_matches('…').to_owned();
    let delete = admin.request(reqwest::Method::DELETE, &format!("/api/admin/keys/{id}"));
    assert!(delete.json(&json!({ "confirm": masked })).send().await.unwrap().status().is_success());
    let tomorrow = platform.parts.clock.today() + Days::new(1);
    platform.sleep_until(tomorrow.and_time(NaiveTime::MIN).and_utc());
    let mut admin = admin.0.clone();
    let back = platform.browser().login(&admin.email, PASSWORD).await.expect(200);
    admin.token = back.body["access_token"].as_str().unwrap().to_owned();
    for rolled_up in [false, true] {
        if rolled_up {
            platform.enqueue(&RollUpUsage {}).await;
            platform.eventually("select not exists (select from jobs where finished_at is null)").await;
            assert!(platform.number("select count(*) from usage_rollups").await > 0);
        }
        let later = analytics(&admin, 2).await;
        assert_eq!(&later["totals"], totals, "rolled up: {rolled_up}");
        assert_eq!(day(&later["days"][0]), day(&report["days"][29]));
        assert_eq!(later["by_feature"], report["by_feature"]);
        assert_eq!(later["top_users"], report["top_users"]);
        assert_eq!(later["cost"]["by_key"], report["cost"]["by_key"]);
        assert_eq!(of(&later, "by_plan", "plan", "pro"), of_pro);
    }
    assert_eq!(analytics(&admin, 1).await["totals"]["requests"], 0, "today is another day");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_or_cost_nothing_is_told_apart() {
    let platform = Platform::start().await;
    let admin = platform.pool([key("refuses").answers(Script::overloaded())]).await;
    platform.student().await.asks("What is preload?").await;
    let report = analytics(&admin, 7).await;
    assert_eq!((&report["totals"]["requests"], &report["totals"]["failed"]), (&json!(0), &json!(1)));
    assert_eq!(report["totals"]["active_users"], 0);
    assert_eq!(report["averages"], json!({ "tokens_per_user": 0.0, "requests_per_user": 0.0 }));
    assert_eq!((&report["cost"]["by_key"], &report["totals"]["cost"]), (&json!([]), &json!(0.0)));
    assert_eq!(of(&report, "by_feature", "feature", "chat")["share"], json!(0.0));
    for odd in ["0", "367", "-1", "x", "1.5"] {
        let reply = admin.get(&format!("/api/admin/analytics?days={odd}")).await.expect(422);
        assert_eq!(reply.code(), "VALIDATION_FAILED");
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_is_set_changed_and_taken_away() {
    let platform = Platform::start().await;
    let admin = platform.admin().await;
    let body = |price: Value| json!({ "provider": "openai", "key": "sk-priced-12345678", "skip_test": true, "price_per_million": price });
    for odd in [
        json!(1),
        json!({ "prompt": 1 }),
        json!({ "prompt": -1, "completion": 1 }),
        json!({ "prompt": 1e9, "completion": 1 }),
    ] {
        admin.post("/api/admin/keys", body(odd)).await.expect(422);
    }
    let added =
        admin.post("/api/admin/keys", body(json!({ "prompt": 0.3, "completion": 2.5 }))).await.expect(201);
    assert_eq!(added.body["price_per_million"], json!({ "prompt": 0.3, "completion": 2.5 }));
    let path = format!("/api/admin/keys/{}", added.body["id"].as_str().unwrap());
    let same = admin.patch(&path, json!({ "priority": 1 })).await.expect(200);
    assert_eq!(same.body["price_per_million"]["completion"], 2.5);
    let other = json!({ "price_per_million": { "prompt": 0.000_001, "completion": 0 } });
    let changed = admin.patch(&path, other).await.expect(200);
    assert_eq!(changed.body["price_per_million"], json!({ "prompt": 0.000_001, "completion": 0.0 }));
    let gone = admin.patch(&path, json!({ "price_per_million": null })).await.expect(200);
    assert_eq!(gone.body["price_per_million"], Value::Null);
    platform.eventually("select count(*) = 3 from audit_log where action = 'update_api_key'").await;
    platform.end().await;
}
