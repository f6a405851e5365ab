//! Webhooks: a dead one, and one that leads where it must not.

use jobs::admin_events::Event;
use serde_json::json;

use crate::support::{
    Platform,
    hooks::Hooks,
    mail::{Encryption, MailServer},
    student::Admin,
};

use super::{ALL_DELIVERED, at_once, deliveries, emits, notice, put, start, with_mail};

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_webhook_is_retried_and_shown_and_holds_up_nobody() {
    let (mail, hooks) = (MailServer::start(Encryption::Never).await, Hooks::start().await);
    let platform = start(with_mail(&mail)).await;
    let admin = platform.admin().await;
    let urls = ["/dead", "/moved", "/alive", "/later"];
    let set = json!({
        "webhooks": urls.map(|path| json!({ "url": hooks.url(path) })),
        "thresholds": at_once(),
    });
    put(&admin, set).await.expect(200);
    emits(&platform, &[notice(Event::KeyDegraded, "k")]).await;
    platform.eventually("select count(*) = 2 from deliveries where tries >= 2 and state = 'waiting'").await;
    assert_eq!((hooks.taken("/alive").len(), mail.subjects_to(&admin.email).len()), (1, 1));
    assert!(hooks.taken("/elsewhere").is_empty(), "redirects are not followed");
    let dead = hooks.taken("/dead");
    assert_eq!(
        dead[0].header("webhook-id"),
        dead[1].header("webhook-id"),
        "a receiver can tell a repetition"
    );

    let mut errors: Vec<_> = deliveries(&admin, "?state=waiting").await;
    errors.sort_by_key(|row| row["error"].as_str().map(str::to_owned));
    assert_eq!(errors[0]["error"], "it answered 307, and redirects are not followed");
    assert_eq!(errors[1]["error"], "it answered 500");
    assert_eq!(errors[1]["target"], hooks.url("/…"));
    assert_eq!(deliveries(&admin, "?state=delivered").await.len(), 3);
    // After a day without success it is given up, which is shown, too.
    platform.sql("update deliveries set tries = 13 where state = 'waiting'").await;
    platform.sql("update jobs set run_at = now() where state = 'scheduled' and name = 'deliver_alert'").await;
    platform.eventually(ALL_DELIVERED).await;
    assert_eq!(deliveries(&admin, "?state=failed").await.len(), 2);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_production_a_webhook_leads_to_no_private_address() {
    let platform = Platform::start().await;
    let production = Platform::setup()
        .config(|config| config.environment = medai::config::Environment::Production)
        .queues([])
        .beside(&platform)
        .start()
        .await;
    let admin = platform.admin().await;
    let admin = Admin(admin.at(&production.base));
    for url in [
        "https://localhost/x",
        "https://127.0.0.1/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:10.0.0.1]/x",
        "https://0x7f.1/x",
        "http://1.1.1.1/x",
    ] {
        let reply = put(&admin, json!({ "webhooks": [{ "url": url }] })).await.expect(422);
        assert_eq!(reply.body["error"]["details"][0]["field"], "webhooks[0].url", "{url}");
    }
    put(&admin, json!({ "webhooks": [{ "url": "https://1.1.1.1/x" }] })).await.expect(200);
    production.end().await;
    platform.end().await;
}
