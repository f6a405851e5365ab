//! Accounts as admins see and change them.

use serde_json::{Value, json};

use crate::support::{
    Platform, key,
    student::{Admin, job_of},
};

async fn emails(admin: &Admin, query: &str) -> Vec<String> {
    let reply = admin.get(&format!("/api/admin/users{query}")).await.expect(200);
    assert_eq!(reply.body["next"], json!(null));
    let items = reply.body["items"].as_array().unwrap();
    items.iter().map(|item| item["email"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_narrowed_by_text_plan_and_status() {
    let platform = Platform::start().await;
    let (free, pro) = (platform.student().await, platform.student_on("pro").await);
    let (out, locked) = (platform.student().await, platform.student().await);
    let admin = platform.admin().await;
    let of = |id: &str| format!("where id = '{id}'");
    platform.sql(format!("update users set disabled_at = now() {}", of(&out.id))).await;
    platform
        .sql(format!(
            "insert into sign_in_tries (address, email, account, at)
             select '203.0.113.' || n, 'x', '{}', now() from generate_series(1, 10) n",
            locked.id
        ))
        .await;
    platform.sql(format!("update users set name = '50% Ödipus_x' {}", of(&free.id))).await;

    let all = [&admin.email, &locked.email, &out.email, &pro.email, &free.email].map(Clone::clone);
    assert_eq!(emails(&admin, "").await, all, "the newest first");
    assert_eq!(emails(&admin, "?plan=pro").await, [pro.email.as_str()]);
    assert_eq!(emails(&admin, "?plan=admin").await, [""; 0]);
    assert_eq!(emails(&admin, "?status=disabled").await, [out.email.as_str()]);
    assert_eq!(emails(&admin, "?status=locked").await, [locked.email.as_str()]);
    let active = emails(&admin, "?status=active").await;
    assert!(active.len() == 4 && !active.contains(&out.email));
    let number = pro.email.split('@').next().unwrap().to_uppercase();
    assert_eq!(emails(&admin, &format!("?q={number}@STORY")).await, [pro.email.as_str()]);
    for text in ["50%25", "%C3%96DIPUS", "ipus_X", "%2050%25%20"] {
        assert_eq!(emails(&admin, &format!("?q={text}")).await, [free.email.as_str()], "{text}");
    }
    for nobody in ["%25x%25", "'%20or%20true--", "_____", "%5C"] {
        assert_eq!(emails(&admin, &format!("?q={nobody}")).await, [""; 0], "{nobody}");
    }
    assert_eq!(emails(&admin, "?q=&plan=pro&status=active").await, [pro.email.as_str()]);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_hold_everybody_once() {
    let platform = Platform::start().await;
    let admin = platform.admin().await;
    for _ in 0..6 {
        platform.student().await;
    }
    let (mut seen, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let reply = admin.get(&format!("/api/admin/users?limit=3{cursor}")).await.expect(200);
        let items = reply.body["items"].as_array().unwrap();
        seen.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        pages += 1;
        if pages == 1 {
            // Whoever comes meanwhile is not on the pages that are left.
            platform.student().await;
        }
        let Some(next) = reply.body["next"].as_str() else { break };
        assert_eq!(items.len(), 3);
        cursor = format!("&cursor={next}");
    }
    assert_eq!((pages, seen.len()), (3, 7));
    assert!(seen.is_sorted_by(|newer, older| newer > older), "{seen:?}");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_holds_from_the_next_request_on() {
    let platform = Platform::start().await;
    let (admin, student) = (platform.admin().await, platform.student().await);
    let path = format!("/api/admin/users/{}", student.id);
    let shown = admin.get(&path).await.expect(200).body;
    assert_eq!(shown["plan"], "free");
    assert!(!shown.to_string().contains("argon2"), "{shown}");
    let changed = admin.patch(&path, json!({ "plan": "student", "name": " Ada " })).await.expect(200).body;
    assert_eq!((&changed["plan"], &changed["name"]), (&json!("student"), &json!("Ada")));
    assert_eq!(student.usage().await["requests"]["limit"], 100);
    assert_eq!(student.get("/api/auth/me").await.body["name"], "Ada");
    assert_eq!(admin.patch(&path, json!({})).await.expect(200).body, changed, "what is left out stays");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn resetting_usage_leaves_promises_alone() {
    let platform = Platform::setup().queues([]).start().await;
    let (admin, student) = (platform.admin().await, platform.student().await);
    let (first, second) = (student.session().await, student.session().await);
    let held = student.sends(&first, "/mcq 1 heart failure").await.expect(202);
    let before = student.usage().await;
    platform
        .sql(format!(
            "update usage_days set tokens_used = 900, requests_used = 9 where user_id = '{}'",
            student.id
        ))
        .await;
    platform.sql(format!("update usage_features set used = 3 where user_id = '{}'", student.id)).await;
    let path = format!("/api/admin/users/{}/reset-usage", student.id);
    let view = admin.post(&path, json!({})).await.expect(200).body;
    assert_eq!(view["usage"], json!({ "tokens": 0, "requests": 0 }));
    let after = student.usage().await;
    for (counter, what) in [(&after["tokens"], "tokens"), (&after["requests"], "requests")] {
        assert_eq!(counter["used"], 0, "{what}");
        assert_eq!(counter["held"], before[what]["held"]);
    }
    assert_eq!(after["features"]["mcq"], json!({ "used": 0, "held": 1, "limit": 5 }));
    student.sends(&second, "One more").await.expect(202);
    student.delete(&format!("/api/jobs/{}", job_of(&held))).await.expect(202);
    assert_eq!(student.usage().await["features"]["mcq"]["held"], 0);
    platform.end_with_jobs_left().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_pass_all_limits_and_are_counted_apart() {
    let platform = Platform::start().await;
    let admin = platform.pool([key("good")]).await;
    let people = [
        (admin.0.clone(), true),
        (platform.admin_with("admin").await.0, true),
        (platform.student_on("admin").await, true),
        // Other roles help and watch; they study on their plan.
        (platform.admin_with("ops").await.0, false),
    ];
    for (who, bypasses) in people {
        let answer = who.asks("/mcq 1 heart failure").await;
        let tokens = &answer.end_data()["usage"];
        let tokens =
            tokens["prompt_tokens"].as_i64().unwrap() + tokens["completion_tokens"].as_i64().unwrap();
        let usage = who.usage().await;
        let (plan, apart) = if bypasses { (0, 1) } else { (1, 0) };
        assert_eq!(usage["tokens"]["used"], tokens * plan, "{usage}");
        assert_eq!(usage["requests"]["used"], plan);
        assert_eq!(usage["features"]["mcq"]["used"], plan);
        let bypass = json!({ "tokens": tokens * apart, "requests": apart });
        assert_eq!(
            usage.get("bypass").unwrap_or(&Value::Null),
            if bypasses { &bypass } else { &Value::Null }
        );
        assert_eq!(usage["tokens"]["limit"], if bypasses { Value::Null } else { json!(10_000) });
        let history = usage["history"].as_array().unwrap();
        assert_eq!(history[6]["tokens"], tokens, "the history has both");
    }
    platform.end().await;
}
