//! The pool of keys as admins keep it.

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
