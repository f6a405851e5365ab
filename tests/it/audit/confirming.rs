//! What is hard to undo.

use chrono::TimeDelta;
use futures::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::support::{
    Platform, key,
    student::{Reply, Student},
};

use super::entries;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hard_to_undo_is_typed_and_limited() {
    let platform = Platform::start().await;
    let spec = key("good");
    let admin = platform.pool([spec.clone()]).await;
    let path = format!("/api/admin/keys/{}", platform.key(&admin, &spec).await["id"].as_str().unwrap());
    for (query, body) in [
        ("", None),
        ("?confirm=", None),
        ("?confirm=true", None),
        ("", Some(json!({}))),
        ("", Some(json!({ "confirm": "nope" }))),
        ("", Some(json!({ "confirm": 4 }))),
    ] {
        let request = admin.request(Method::DELETE, &format!("{path}{query}"));
        let request = if let Some(body) = &body { request.json(body) } else { request };
        let reply = Reply::read(request.send().await.unwrap()).await;
        assert_eq!((reply.status.as_u16(), reply.fields()), (422, vec!["confirm"]), "{query} {body:?}");
    }
    let last_four = &spec.value()[spec.value().len() - 4..];
    let request = admin.request(Method::DELETE, &path).json(&json!({ "confirm": last_four }));
    Reply::read(request.send().await.unwrap()).await.expect(204);
    admin.delete(&format!("{path}?confirm={last_four}")).await.expect(404);

    // One of the thirty of this minute is spent.
    let student = platform.student().await;
    let reset = format!("/api/admin/users/{}/reset-usage", student.id);
    let resets = join_all((0..35).map(|_| admin.post(&reset, json!({})))).await;
    assert_eq!(resets.iter().filter(|reply| reply.status == 200).count(), 29);
    let refused = resets.iter().find(|reply| reply.status != 200).unwrap();
    assert_eq!(refused.code(), "RATE_LIMITED");
    assert!(refused.header("retry-after").is_some());
    assert_eq!(entries(&admin, "?action=reset_user_usage").await.len(), 29);
    // Others, and what is easily undone, go on.
    platform.admin().await.post(&reset, json!({})).await.expect(200);
    let user: &Student = &student;
    admin.post(&format!("/api/admin/users/{}/enable", user.id), json!({})).await.expect(200);
    platform.sleep_until(platform.parts.clock.now() + TimeDelta::minutes(1));
    admin.post(&reset, json!({})).await.expect(200);
    platform.end().await;
}
