//! The settings of channels and types.

use serde_json::{Value, json};

use crate::support::Platform;

use super::put;

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_checked_kept_and_audited_without_secrets() {
    let platform = Platform::start().await;
    let admin = platform.admin().await;
    let shown = admin.get("/api/admin/notifications").await.expect(200).body;
    assert_eq!(shown["emails"], json!(null), "all admins");
    let expected = json!({ "enabled": true, "channels": ["email", "webhook", "sms"], "urgency": "high" });
    assert_eq!(shown["types"]["maintenance_entered"], expected);

    let nowhere = uuid::Uuid::nil();
    for (body, field) in [
        (json!({ "emails": ["nobody"] }), "emails[0]"),
        (json!({ "phones": ["0151"] }), "phones[0]"),
        (json!({ "webhooks": [{ "url": "ftp://example.org" }] }), "webhooks[0].url"),
        (json!({ "webhooks": [{}] }), "webhooks[0].url"),
        (json!({ "webhooks": [{ "id": nowhere }] }), "webhooks[0].id"),
        (json!({ "thresholds": { "key_failures": 0 } }), "thresholds.key_failures"),
        (json!({ "thresholds": { "quiet_seconds": 86_401 } }), "thresholds.quiet_seconds"),
        (json!({ "types": { "key_failed": { "channels": ["sms"] } } }), "types.key_failed.channels"),
        (json!({ "types": { "test": { "enabled": false } } }), "types.test"),
        (json!({ "nothing": 1 }), "nothing"),
    ] {
        let reply = put(&admin, body.clone()).await.expect(422);
        assert_eq!(reply.body["error"]["details"][0]["field"], field, "{body}: {}", reply.body);
    }
    assert_eq!(admin.get("/api/admin/notifications").await.body, shown, "nothing changed");

    let secret_url = "https://hooks.slack.com/services/T00/B00/very-secret-WXYZ";
    platform.never_logged([secret_url.to_owned()]);
    let set =
        json!({ "emails": ["b@story.example", "A@story.example"], "webhooks": [{ "url": secret_url }] });
    let first = put(&admin, set).await.expect(200).body;
    assert_eq!(first["emails"], json!(["a@story.example", "b@story.example"]));
    let hook = &first["webhooks"][0];
    assert_eq!(hook["url"], "https://hooks.slack.com/…WXYZ");
    let secret = hook["secret"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("whsec_"));
    platform.never_logged([secret.clone()]);

    // What is shown can be sent back; the secret is not shown again.
    let kept = json!({ "webhooks": [{ "id": hook["id"], "url": hook["url"], "enabled": false }] });
    let second = put(&admin, kept).await.expect(200).body;
    assert_eq!(second["webhooks"][0]["enabled"], false);
    assert_eq!(second["webhooks"][0]["secret"], json!(null));
    assert_eq!(second["emails"], first["emails"], "what is left out stays");
    let moved = json!({ "webhooks": [{ "id": hook["id"], "url": "https://example.org" }] });
    put(&admin, moved).await.expect(422);
    put(&admin, json!({ "webhooks": [], "emails": null })).await.expect(200);

    let mut tx = platform.db().begin_platform().await.unwrap();
    let audited: Vec<String> = sqlx::query_scalar(
        "select details::text from audit_log where action = 'update_notifications' order by id",
    )
    .fetch_all(&mut *tx)
    .await
    .unwrap();
    drop(tx);
    assert_eq!(audited.len(), 3);
    assert!(audited[1].contains("…WXYZ") && audited[0].contains("a@story.example"));
    assert!(audited.iter().all(|entry| !entry.contains(&secret) && !entry.contains("very-secret")));
    let stored: Vec<Value> = {
        let mut tx = platform.db().begin_platform().await.unwrap();
        sqlx::query_scalar("select to_jsonb(w) from webhooks w").fetch_all(&mut *tx).await.unwrap()
    };
    assert!(stored.is_empty(), "what is left out of the list is removed");
    platform.end().await;
}
