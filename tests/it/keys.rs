//! The pool of keys as admins keep it.

use domain::keys::Provider;
use serde_json::json;

use crate::support::{Platform, key};

#[tokio::test(flavor = "multi_thread")]
async fn a_key_has_a_name_and_a_note_that_the_audit_log_keeps() {
    let platform = Platform::start().await;
    let spec = key("good");
    let admin = platform.pool([spec.clone()]).await;
    let added = platform.key(&admin, &spec).await;
    assert_eq!((&added["name"], &added["note"]), (&json!(null), &json!(null)));
    let path = format!("/api/admin/keys/{}", added["id"].as_str().unwrap());
    let named = json!({ "name": "Ada's account", "note": "Ends in June." });
    let changed = admin.patch(&path, named).await.expect(200).body;
    assert_eq!((&changed["name"], &changed["note"]), (&json!("Ada's account"), &json!("Ends in June.")));
    let listed = admin.get("/api/admin/keys").await.expect(200).body;
    assert!(listed.to_string().contains("Ada's account"));
    let log = admin.get("/api/admin/audit?action=update_api_key").await.expect(200).body;
    assert!(log.to_string().contains("Ends in June."), "{log}");
    let cleared = admin.patch(&path, json!({ "name": null, "note": "  " })).await.expect(200).body;
    assert_eq!((&cleared["name"], &cleared["note"]), (&json!(null), &json!(null)));
    for bad in
        [json!({ "name": "x".repeat(61) }), json!({ "note": "x".repeat(501) }), json!({ "name": "a\u{7}" })]
    {
        admin.patch(&path, bad).await.expect(422);
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_provider_is_in_the_database_and_only_fitting_keys_are_taken() {
    let platform = Platform::start().await;
    let listed = "select array_agg(name::text) from unnest(enum_range(null::provider)) as name";
    let stored: Vec<String> = sqlx::query_scalar(listed).fetch_one(platform.db().pool()).await.unwrap();
    assert_eq!(stored, Provider::ALL.map(Provider::as_str));
    let admin = platform.admin().await;
    let new = |provider: &str, feature: &str| json!({ "provider": provider, "feature": feature, "key": "sk-story-of-providers", "skip_test": true });
    for refused in [new("demo", "chat"), new("anthropic", "embedding")] {
        admin.post("/api/admin/keys", refused).await.expect(422);
    }
    let kept = admin.post("/api/admin/keys", new("anthropic", "chat")).await.expect(201).body;
    let path = format!("/api/admin/keys/{}", kept["id"].as_str().unwrap());
    let refused = admin.patch(&path, json!({ "feature": "embedding" })).await.expect(422).body;
    assert!(refused.to_string().contains("Anthropic"), "{refused}");
    platform.end().await;
}
