//! What is told, to whom, and how often.

use std::time::Duration;

use chrono::TimeDelta;
use jobs::admin_events::{AdminEvent, Event, emit};
use serde_json::json;

use crate::support::{
    Platform,
    hooks::Hooks,
    key,
    mail::{Encryption, MailServer},
    process::medai,
    servers,
};

use super::{ALL_DELIVERED, at_once, deliveries, emits, notice, put, start, types, with_mail};

#[tokio::test(flavor = "multi_thread")]
async fn each_event_goes_once_through_its_channels_to_whom_it_concerns() {
    let (mail, hooks) = (MailServer::start(Encryption::Never).await, Hooks::start().await);
    let gateway = hooks.url("/sms");
    let setup = with_mail(&mail).config(|config| {
        config.notify.sms_gateway_url = Some(gateway.into());
        config.notify.sms_gateway_token = Some("the-token-of-the-gateway".into());
    });
    let platform = start(setup).await;
    let (admin, other) = (platform.admin().await, platform.admin_with("ops").await);
    platform.never_logged(
        ["the-token-of-the-gateway", "+4915112345678", "oncall@story.example"].map(str::to_owned),
    );
    platform.never_logged([admin.email.clone(), other.email.clone()]);
    let set = json!({
        "emails": [" OnCall@story.example"],
        "phones": ["+4915112345678"],
        "webhooks": [{ "url": hooks.url("/hook") }, { "url": hooks.url("/off"), "enabled": false }],
        "thresholds": at_once(),
    });
    let secret =
        put(&admin, set).await.expect(200).body["webhooks"][0]["secret"].as_str().unwrap().to_owned();
    platform.never_logged([secret.clone()]);

    let events: Vec<_> = Event::settable().collect();
    emits(&platform, &events.iter().map(|event| notice(*event, "mcq")).collect::<Vec<_>>()).await;
    platform.eventually(ALL_DELIVERED).await;

    let by_mail_only = [Event::KeyFailed, Event::KeyAdded, Event::KeyDeleted];
    // That other people than before hear of security is told, too.
    let mut posted: Vec<_> =
        events.iter().chain([&Event::AlertsChanged]).filter(|event| !by_mail_only.contains(event)).collect();
    posted.sort_by_key(|event| event.as_str());
    let hook = hooks.taken("/hook");
    assert_eq!(types(&hook), posted.iter().map(|event| event.as_str()).collect::<Vec<_>>());
    let receiver = standardwebhooks::Webhook::new(&secret).unwrap();
    for taken in &hook {
        receiver.verify(taken.body.as_bytes(), &taken.headers).unwrap();
    }
    assert!(hooks.taken("/off").is_empty());

    let mut texts: Vec<_> =
        hooks.taken("/sms").iter().map(|sms| sms.json()["text"].as_str().unwrap().to_owned()).collect();
    texts.sort();
    let critical = ["Critical security events", "Fewer are told of security events", "Maintenance began"];
    assert_eq!(texts, critical.map(|what| format!("[medai] {what}")));
    assert_eq!(hooks.taken("/sms")[0].header("authorization"), "Bearer the-token-of-the-gateway");
    assert_eq!(hooks.taken("/sms")[0].json()["to"], "+4915112345678");

    assert_eq!(mail.subjects_to("oncall@story.example").len(), events.len() + 1, "each once");
    let mut to_admins = mail.subjects_to(&other.email);
    to_admins.sort();
    let expected = [
        "An admin stepped in",
        "Critical security events",
        "Fewer are told of security events",
        "Maintenance began",
        "Maintenance ended",
    ];
    assert_eq!(to_admins, expected.map(|title| format!("[medai] {title}")), "what concerns all admins");
    assert_eq!(mail.letters()[0].header("Auto-Submitted"), "auto-generated");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_a_thousand_failures_is_one_message_with_a_count() {
    let mail = MailServer::start(Encryption::Never).await;
    let platform = start(with_mail(&mail)).await;
    let admin = platform.admin().await;
    put(&admin, json!({ "thresholds": { "coalesce_seconds": 3 } })).await.expect(200);
    // Transactions that raise two things in either order, and stay open for a moment.
    let transactions = (0..100).map(|n| {
        let db = platform.db().clone();
        tokio::spawn(async move {
            let mut tx = db.begin_platform().await.unwrap();
            for m in 0..10 {
                let event = if (n + m) % 2 == 0 { Event::KeyFailed } else { Event::KeyDegraded };
                emit(&mut tx, &notice(event, "the same key")).await.unwrap();
            }
            tx.commit().await.unwrap();
        })
    });
    futures::future::try_join_all(transactions).await.unwrap();
    let mut tx = platform.db().begin_platform().await.unwrap();
    let rolled_back = [notice(Event::KeyFailed, "the same key")];
    emit(&mut tx, &rolled_back[0]).await.unwrap();
    drop(tx);
    platform.eventually(ALL_DELIVERED).await;
    let mut subjects = mail.subjects_to(&admin.email);
    subjects.sort();
    let expected =
        ["[medai] Provider keys failed (500 times)", "[medai] Provider keys were degraded (500 times)"];
    assert_eq!(subjects, expected);
    let counts: Vec<_> = deliveries(&admin, "").await.iter().map(|row| row["count"].clone()).collect();
    assert_eq!(counts, [500, 500]);

    // Another failure right after is kept for later, and told then.
    emits(&platform, &[notice(Event::KeyFailed, "the same key")]).await;
    platform
        .eventually("select exists (select from notices where look_at > now() + interval '9 minutes')")
        .await;
    platform.sleep_until(platform.parts.clock.now() + TimeDelta::minutes(10));
    platform.eventually(ALL_DELIVERED).await;
    assert_eq!(mail.subjects_to(&admin.email).len(), 3);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_switched_off_is_not_sent_and_channels_can_be_chosen() {
    let (mail, hooks) = (MailServer::start(Encryption::Never).await, Hooks::start().await);
    let platform = start(with_mail(&mail)).await;
    let admin = platform.admin().await;
    let set = json!({
        "webhooks": [{ "url": hooks.url("/hook") }],
        "thresholds": { "coalesce_seconds": 0, "key_failures": 3 },
        "types": { "failover": { "enabled": false }, "key_degraded": { "channels": ["webhook"] } },
    });
    put(&admin, set).await.expect(200);
    emits(&platform, &[notice(Event::Failover, "k"), notice(Event::KeyDegraded, "k")]).await;
    emits(&platform, &[notice(Event::KeyFailed, "twice"), notice(Event::KeyFailed, "twice")]).await;
    platform
        .eventually("select count(*) = 2 from notices where look_at > now() + interval '59 minutes'")
        .await;
    platform.eventually("select count(*) = 1 from deliveries where state = 'delivered'").await;
    assert_eq!(types(&hooks.taken("/hook")), ["key_degraded"]);
    assert!(mail.letters().is_empty());
    emits(&platform, &[notice(Event::KeyFailed, "twice")]).await;
    platform.eventually(ALL_DELIVERED).await;
    assert_eq!(mail.subjects_to(&admin.email), ["[medai] Provider keys failed (3 times)"]);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_did_it_is_not_told_and_neither_are_disabled_admins() {
    let mail = MailServer::start(Encryption::Never).await;
    let platform = start(with_mail(&mail)).await;
    let (actor, other, gone) = (platform.admin().await, platform.admin().await, platform.admin().await);
    actor.post(&format!("/api/admin/users/{}/disable", gone.id), json!({})).await.expect(200);
    let except = Some(actor.id.parse().unwrap());
    emits(&platform, &[AdminEvent { except, ..notice(Event::AdminOverride, "chat") }]).await;
    platform.eventually("select exists (select from alerts)").await;
    platform.eventually(ALL_DELIVERED).await;
    let told: Vec<_> = mail.letters().into_iter().map(|letter| letter.to).collect();
    assert_eq!(told, [&*other.email]);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_come_and_go_are_told() {
    let mail = MailServer::start(Encryption::Never).await;
    let platform = start(with_mail(&mail)).await;
    let spec = key("new");
    let admin = platform.pool([spec.clone()]).await;
    let other = platform.admin().await;
    put(&admin, json!({ "thresholds": at_once() })).await.expect(200);
    let id = platform.key(&admin, &spec).await["id"].as_str().unwrap().to_owned();
    let value = spec.value();
    let four = &value[value.len() - 4..];
    admin.delete(&format!("/api/admin/keys/{id}?confirm={four}")).await.expect(204);
    platform.eventually("select count(*) = 2 from alerts").await;
    platform.eventually(ALL_DELIVERED).await;
    let mut told = mail.subjects_to(&other.email);
    told.sort();
    let (added, deleted) = ("[medai] An OpenAI key was added", "[medai] An OpenAI key was deleted");
    assert_eq!(told, [added, deleted]);
    assert_eq!(mail.subjects_to(&admin.email), [added], "whoever deleted it knows");
    assert!(mail.letters().iter().all(|letter| !letter.text.contains(&spec.value())));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_is_killed_while_it_delivers_loses_nothing() {
    let mail = MailServer::start(Encryption::Never).await;
    mail.hang();
    let platform = start(with_mail(&mail).redis().queues([])).await;
    let admin = platform.admin().await;
    let port = mail.port.to_string();
    let env = [
        ("SMTP_HOST", "127.0.0.1"),
        ("SMTP_PORT", &*port),
        ("SMTP_TLS", "none"),
        ("SMTP_FROM", "medai@story.example"),
        ("JOB_LEASE", "3s"),
    ];
    let start = || medai(&["worker"], &platform.database, servers::redis_url(), &env);
    let mut doomed = start();
    emits(&platform, &[notice(Event::MaintenanceEntered, "chat")]).await;
    for _ in 0..600 {
        if mail.has_refused() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(mail.has_refused(), "the letter was on its way");
    doomed.kill();
    let _survivor = start();
    platform.eventually("select exists (select from deliveries where state = 'delivered')").await;
    platform.eventually(ALL_DELIVERED).await;
    assert_eq!(mail.subjects_to(&admin.email), ["[medai] Maintenance began"]);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_any_channel_nothing_waits() {
    let platform = start(Platform::setup()).await;
    let admin = platform.admin().await;
    emits(&platform, &[notice(Event::MaintenanceEntered, "chat")]).await;
    platform.eventually("select exists (select from alerts)").await;
    platform.eventually(ALL_DELIVERED).await;
    let shown = admin.get("/api/admin/notifications").await.expect(200).body;
    let unset = json!({ "configured": false });
    assert_eq!(shown["channels"], json!({ "email": unset, "webhook": unset, "sms": unset }));
    assert!(deliveries(&admin, "").await.is_empty());
    platform.end().await;
}
