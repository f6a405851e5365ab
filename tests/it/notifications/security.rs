//! Security alerts are not every admin's to switch off.

use serde_json::json;

use crate::support::{
    Platform,
    hooks::Hooks,
    mail::{Encryption, MailServer},
};

use super::{ALL_DELIVERED, at_once, put, start, with_mail};

#[tokio::test(flavor = "multi_thread")]
async fn a_plain_admin_cannot_switch_security_alerts_off_in_any_way() {
    let hooks = Hooks::start().await;
    let platform = Platform::start().await;
    let (root, admin) = (platform.admin().await, platform.admin_with("admin").await);
    put(&root, json!({ "webhooks": [{ "url": hooks.url("/hook") }] })).await.expect(200);
    let before = root.get("/api/admin/notifications").await.expect(200).body;
    let hook = before["webhooks"][0]["id"].clone();
    for body in [
        json!({ "types": { "security": { "enabled": false } } }),
        json!({ "types": { "security_critical": { "enabled": false } } }),
        json!({ "types": { "security": { "channels": [] } } }),
        json!({ "types": { "security_critical": { "channels": ["email", "sms"] } } }),
        // Nothing else is configured here, so that nobody would hear of them.
        json!({ "webhooks": [] }),
        json!({ "webhooks": [{ "id": hook, "enabled": false }] }),
    ] {
        let refused = put(&admin, body.clone()).await.expect(403);
        assert_eq!(refused.code(), "FORBIDDEN", "{body}");
    }
    let of_theirs = "select count(*) from audit_log where action = 'update_notifications' and actor_id = ";
    assert_eq!(platform.number(format!("{of_theirs}'{}'", admin.id)).await, 0);
    let refusals = "select count(*) from audit_log where action = 'authorization_refused'";
    assert_eq!(platform.number(refusals).await, 1, "once a minute");
    assert_eq!(root.get("/api/admin/notifications").await.body, before, "nothing changed");
    // Who switches them off is told in any case: that cannot be switched off by anybody.
    put(&root, json!({ "types": { "alerts_changed": { "enabled": false } } })).await.expect(422);
    // Everything else is theirs, and more of security as well.
    put(&admin, json!({ "types": { "key_added": { "enabled": false } } })).await.expect(200);
    put(&admin, json!({ "types": { "security": { "channels": ["email", "webhook"] } } })).await.expect(200);
    put(&admin, json!({ "webhooks": [{ "id": hook }, { "url": hooks.url("/more") }] })).await.expect(200);
    assert_eq!(platform.number("select count(*) from notices where event = 'alerts_changed'").await, 0);
    platform.end_with_jobs_left().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plain_admin_cannot_have_security_alerts_written_to_themselves_alone() {
    let mail = MailServer::start(Encryption::Never).await;
    let platform = start(with_mail(&mail)).await;
    let (root, admin) = (platform.admin().await, platform.admin_with("admin").await);
    put(&admin, json!({ "emails": [admin.email] })).await.expect(403);
    put(&root, json!({ "emails": [root.email] })).await.expect(200);
    put(&admin, json!({ "emails": [admin.email] })).await.expect(403);
    put(&admin, json!({ "emails": [admin.email, root.email] })).await.expect(200);
    put(&admin, json!({ "emails": [root.email] })).await.expect(403);
    platform.end_with_jobs_left().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_super_admin_can_and_everybody_is_told() {
    let mail = MailServer::start(Encryption::Never).await;
    let platform = start(with_mail(&mail)).await;
    let (root, admin) = (platform.admin().await, platform.admin_with("admin").await);
    platform.never_logged([root.email.clone(), admin.email.clone()]);
    put(&root, json!({ "emails": [root.email], "thresholds": at_once() })).await.expect(200);
    platform.eventually("select count(*) = 1 from alerts where event = 'alerts_changed'").await;
    let off = json!({ "types": {
        "security": { "enabled": false }, "security_critical": { "enabled": false },
    } });
    put(&root, off).await.expect(200);
    platform.eventually("select count(*) = 2 from alerts where event = 'alerts_changed'").await;
    platform.eventually(ALL_DELIVERED).await;
    for who in [&root.email, &admin.email] {
        let told = mail.subjects_to(who);
        assert_eq!(
            told.iter().filter(|told| told.contains("Fewer are told of security")).count(),
            2,
            "{told:?}"
        );
    }
    let log = root.get("/api/admin/audit?action=update_notifications").await.expect(200).body;
    assert_eq!(log["items"][0]["details"]["after"]["types"]["security"]["enabled"], false, "{log}");
    platform.end().await;
}
