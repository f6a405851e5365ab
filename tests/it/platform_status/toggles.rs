//! Feature toggles: what is switched off, and limits in place of the plans'.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Platform, key, student::Admin};

async fn feature(admin: &Admin, name: &str) -> Value {
    let features = admin.get("/api/admin/features").await.expect(200).body["items"].clone();
    let found = features.as_array().unwrap().iter().find(|feature| feature["feature"] == name);
    found.unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feature_that_is_switched_off_says_so_in_every_process() {
    let platform = Platform::start().await;
    let other = Platform::setup().beside(&platform).queues([]).start().await;
    let admin = platform.pool([key("good")]).await;
    let student = platform.student().await;
    let session = student.session().await;
    let elsewhere = student.at(&other.base);
    elsewhere.asks("/mcq 1 heart failure").await;

    let features = admin.get("/api/admin/features").await.expect(200).body["items"].clone();
    assert_eq!(features.as_array().unwrap().len(), 11);
    assert!(features.as_array().unwrap().iter().all(|feature| feature["status"] == "available"));
    let off = admin.put("/api/admin/features/mcq", json!({ "enabled": false })).await.expect(200).body;
    assert_eq!(
        (&off["enabled"], &off["status"], &off["updated_by"]),
        (&json!(false), &json!("disabled"), &json!(admin.id))
    );
    let refused = student.sends(&session, "/mcq 1 heart failure").await.expect(503);
    assert_eq!(refused.code(), "FEATURE_DISABLED");
    assert_eq!(refused.body["error"]["message"], "The MCQ feature is switched off at the moment.");
    assert_eq!(refused.body["error"]["details"], json!({ "feature": "mcq" }));
    let began = Instant::now();
    while elsewhere.sends(&session, "/mcq 1 heart failure").await.status != 503 {
        // By the notification, that is: what is only read anew every so often comes later than this.
        assert!(began.elapsed() < Duration::from_secs(5), "the other process does not obey");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let of_admin = admin.session().await;
    admin.sends(&of_admin, "/mcq 1 heart failure").await.expect(503);
    assert_eq!(student.asks("What is preload?").await.end(), "done", "the rest goes on");
    assert_eq!(platform.status().await["features"]["mcq"], json!({ "enabled": false, "level": "none" }));

    admin.put("/api/admin/features/mcq", json!({ "enabled": true })).await.expect(200);
    assert_eq!(student.asks("/mcq 1 heart failure").await.end(), "done");
    let changes = "select count(*) from audit_log where action = 'toggle_feature' and target_id = 'mcq'
        and details #>> '{before,enabled}' <> details #>> '{after,enabled}'";
    assert_eq!(platform.number(changes).await, 2);
    other.end().await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_that_an_admin_sets_replace_those_of_the_plans() {
    let platform = Platform::start().await;
    let admin = platform.pool([key("good")]).await;
    let student = platform.student().await;
    let limits = json!({ "free": 1, "pro": 0 });
    let set = admin
        .put("/api/admin/features/mcq", json!({ "enabled": true, "limits": limits }))
        .await
        .expect(200)
        .body;
    assert_eq!(set["limits"], limits);
    assert_eq!(set["effective_limits"], json!({ "free": 1, "student": 50, "pro": 0 }));
    // Everybody can read what holds now, also before they sign in.
    let plans = platform.browser().get("/api/plans").await.expect(200).body;
    let of = |field: &str| [0, 1, 2].map(|at| plans["items"][at].pointer(field).unwrap().clone());
    assert_eq!(of("/plan"), ["free", "student", "pro"]);
    assert_eq!(of("/features/mcq"), [1, 50, 0]);
    assert_eq!(of("/tokens"), [10_000, 50_000, 200_000]);
    assert_eq!(of("/features/chat"), [json!(null), json!(null), json!(null)]);
    // Left out, they stay.
    admin.put("/api/admin/features/mcq", json!({ "enabled": true })).await.expect(200);
    assert_eq!(feature(&admin, "mcq").await["limits"], limits);

    student.asks("/mcq 1 heart failure").await;
    assert_eq!(student.usage().await["features"]["mcq"], json!({ "used": 1, "held": 0, "limit": 1 }));
    let session = student.session().await;
    let full = student.sends(&session, "/mcq 1 again").await.expect(429);
    assert_eq!(full.code(), "MCQ_LIMIT_EXCEEDED");
    assert_eq!(full.body["error"]["message"], "You've reached your daily MCQ limit of 1.");
    let pro = platform.student_on("pro").await;
    let of_pro = pro.session().await;
    pro.sends(&of_pro, "/mcq 1 heart failure").await.expect(429);

    // Also what has no limit of its own can have one; null goes back to the plans.
    admin.put("/api/admin/features/explain", json!({ "enabled": true, "limits": 0 })).await.expect(200);
    let refused = student.sends(&session, "/explain preload").await.expect(429);
    assert_eq!(refused.body["error"]["details"]["limit"], 0);
    admin.put("/api/admin/features/explain", json!({ "enabled": true, "limits": null })).await.expect(200);
    admin.put("/api/admin/features/mcq", json!({ "enabled": true, "limits": null })).await.expect(200);
    assert_eq!(student.usage().await["features"]["mcq"]["limit"], 5);
    assert_eq!(student.asks("/mcq 1 again").await.end(), "done");
    assert_eq!(student.asks("/explain preload").await.end(), "done");
    platform.end().await;
}
