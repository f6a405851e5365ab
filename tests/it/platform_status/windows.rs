//! Windows: maintenance that is announced, and begins and ends by itself.

use chrono::TimeDelta;
use serde_json::json;

use super::time;
use crate::support::{Platform, key};

#[tokio::test(flavor = "multi_thread")]
async fn a_window_is_announced_and_opens_and_closes_by_itself() {
    let platform = Platform::start().await;
    platform.schedules();
    let admin = platform.pool([key("good")]).await;
    let student = platform.student().await;
    let now = platform.parts.clock.now();
    let (from, until) = (now + TimeDelta::minutes(3), now + TimeDelta::minutes(6));
    let body = json!({ "level": "hard", "message": "We update the database.", "from": from, "until": until });
    let window = admin.post("/api/admin/maintenance/windows", body).await.expect(201).body;
    let announced = platform.status().await["scheduled"][0].clone();
    assert_eq!((&announced["level"], &announced["feature"]), (&json!("hard"), &json!(null)));
    assert_eq!(announced["message"], "We update the database.");
    let listed = admin.get("/api/admin/maintenance/windows").await.expect(200).body["items"].clone();
    assert_eq!(listed[0]["id"], window["id"]);
    student.get("/api/usage").await.expect(200);

    platform.sleep_until(from);
    platform.is_at("hard").await;
    let locked = student.get("/api/usage").await.expect(503);
    assert_eq!(locked.body["error"]["message"], "We update the database.");
    assert!(
        (time(&locked.body["error"]["details"]["estimated_restoration"]) - until).num_seconds().abs() < 1
    );
    assert_eq!(admin.maintenance().await["source"], "window");

    platform.sleep_until(until);
    platform.is_at("none").await;
    student.get("/api/usage").await.expect(200);
    assert_eq!(admin.get("/api/admin/maintenance/windows").await.body["items"], json!([]));
    for action in ["schedule_maintenance", "enter_maintenance", "exit_maintenance"] {
        assert_eq!(platform.audited(action).await, 1, "{action}");
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_can_be_taken_back_and_overridden() {
    let platform = Platform::start().await;
    let admin = platform.pool([key("good")]).await;
    let student = platform.student().await;
    let now = platform.parts.clock.now();
    let open =
        json!({ "level": "hard", "from": now - TimeDelta::minutes(1), "until": now + TimeDelta::hours(1) });
    let window = admin.post("/api/admin/maintenance/windows", open.clone()).await.expect(201).body;
    student.get("/api/usage").await.expect(503);
    let path = format!("/api/admin/maintenance/windows/{}", window["id"].as_str().unwrap());
    admin.delete(&path).await.expect(204);
    student.get("/api/usage").await.expect(200);
    admin.delete(&path).await.expect(404);

    // An admin's own state stays when the window ends; an override ends both, and it does not open again.
    admin.post("/api/admin/maintenance/windows", open).await.expect(201);
    admin.put("/api/admin/maintenance", json!({ "level": "soft", "reason": "careful" })).await.expect(200);
    student.get("/api/usage").await.expect(503);
    assert_eq!(admin.maintenance().await["states"].as_array().unwrap().len(), 2);
    admin.overrides(json!({ "reason": "done early" })).await.expect(200);
    jobs::platform_status::evaluate(platform.db(), platform.parts.clock.now(), None).await.unwrap();
    student.get("/api/usage").await.expect(200);
    assert_eq!(platform.status().await["scheduled"], json!([]));
    platform.end().await;
}
