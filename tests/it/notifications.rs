//! What admins are told: each thing once, through its channels, to whom it concerns.

use std::time::Duration;

use chrono::TimeDelta;
use jobs::notices::{Event, Notice, raise};
use medai::notify::SmtpEncryption;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Platform,
    hooks::{Hooks, Taken},
    key,
    mail::{Encryption, MAIL_PASSWORD, MailServer, USER},
    platform::Setup,
    process::medai,
    servers,
    student::{Admin, Reply},
};

/// Nothing waits any more, neither to be folded nor to be delivered.
const ALL_TOLD: &str =
    "select not exists (select from notices) and not exists (select from deliveries where state = 'waiting')
   and not exists (select from jobs where queue = 'notify' and finished_at is null)";

fn with_mail(mail: &MailServer) -> Setup {
    let port = mail.port;
    Platform::setup().config(|config| {
        config.smtp_host = Some("127.0.0.1".to_owned());
        config.smtp_port = Some(port);
        config.smtp_tls = SmtpEncryption::None;
        config.smtp_from = Some("medai <medai@story.example>".to_owned());
    })
}

/// A platform with a scheduler, which is what looks into the outbox.
async fn start(setup: Setup) -> Platform {
    let platform = setup.start().await;
    let parts = platform.parts.clone();
    platform.parts.tasks.spawn(async move { parts.run_scheduler().await });
    platform
}

async fn put(admin: &Admin, body: Value) -> Reply {
    let request = admin.request(Method::PUT, "/api/admin/notifications").json(&body);
    Reply::read(request.send().await.unwrap()).await
}

/// Folding that does not make a story wait.
fn at_once() -> Value {
    json!({ "coalesce_seconds": 0 })
}

fn notice(event: Event, about: &str) -> Notice<'_> {
    let facts = json!({ "feature": about, "reason": "it <broke> & fell" });
    Notice { event, about, subject: event.title(), facts, except: None }
}

async fn raises(platform: &Platform, notices: &[Notice<'_>]) {
    let mut tx = platform.db().begin_platform().await.unwrap();
    for notice in notices {
        raise(&mut tx, notice).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn deliveries(admin: &Admin, query: &str) -> Vec<Value> {
    let reply = admin.get(&format!("/api/admin/notifications/deliveries{query}")).await.expect(200);
    reply.body["items"].as_array().unwrap().clone()
}

fn types(taken: &[Taken]) -> Vec<String> {
    let mut types: Vec<_> =
        taken.iter().map(|taken| taken.json()["type"].as_str().unwrap().to_owned()).collect();
    types.sort();
    types
}

#[tokio::test(flavor = "multi_thread")]
async fn each_event_goes_once_through_its_channels_to_whom_it_concerns() {
    let (mail, hooks) = (MailServer::start(Encryption::Never).await, Hooks::start().await);
    let gateway = hooks.url("/sms");
    let setup = with_mail(&mail).config(|config| {
        config.sms_gateway_url = Some(gateway.into());
        config.sms_gateway_token = Some("the-token-of-the-gateway".into());
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
    raises(&platform, &events.iter().map(|event| notice(*event, "mcq")).collect::<Vec<_>>()).await;
    platform.eventually(ALL_TOLD).await;

    let by_mail_only = [Event::KeyFailed, Event::KeyAdded, Event::KeyDeleted];
    let mut posted: Vec<_> = events.iter().filter(|event| !by_mail_only.contains(event)).collect();
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
    assert_eq!(texts, ["[medai] Critical security events", "[medai] Maintenance began"]);
    assert_eq!(hooks.taken("/sms")[0].header("authorization"), "Bearer the-token-of-the-gateway");
    assert_eq!(hooks.taken("/sms")[0].json()["to"], "+4915112345678");

    assert_eq!(mail.subjects_to("oncall@story.example").len(), events.len(), "each once");
    let mut to_admins = mail.subjects_to(&other.email);
    to_admins.sort();
    let expected =
        ["An admin stepped in", "Critical security events", "Maintenance began", "Maintenance ended"];
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
                raise(&mut tx, &notice(event, "the same key")).await.unwrap();
            }
            tx.commit().await.unwrap();
        })
    });
    futures::future::try_join_all(transactions).await.unwrap();
    let mut tx = platform.db().begin_platform().await.unwrap();
    let rolled_back = [notice(Event::KeyFailed, "the same key")];
    raise(&mut tx, &rolled_back[0]).await.unwrap();
    drop(tx);
    platform.eventually(ALL_TOLD).await;
    let mut subjects = mail.subjects_to(&admin.email);
    subjects.sort();
    let expected =
        ["[medai] Provider keys failed (500 times)", "[medai] Provider keys were degraded (500 times)"];
    assert_eq!(subjects, expected);
    let counts: Vec<_> = deliveries(&admin, "").await.iter().map(|row| row["count"].clone()).collect();
    assert_eq!(counts, [500, 500]);

    // Another failure right after is kept for later, and told then.
    raises(&platform, &[notice(Event::KeyFailed, "the same key")]).await;
    platform
        .eventually("select exists (select from notices where look_at > now() + interval '9 minutes')")
        .await;
    platform.sleep_until(platform.parts.clock.now() + TimeDelta::minutes(10));
    platform.eventually(ALL_TOLD).await;
    assert_eq!(mail.subjects_to(&admin.email).len(), 3);
    platform.end().await;
}

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
    raises(&platform, &[notice(Event::KeyDegraded, "k")]).await;
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
    platform.eventually(ALL_TOLD).await;
    assert_eq!(deliveries(&admin, "?state=failed").await.len(), 2);
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
    raises(&platform, &[notice(Event::Failover, "k"), notice(Event::KeyDegraded, "k")]).await;
    raises(&platform, &[notice(Event::KeyFailed, "twice"), notice(Event::KeyFailed, "twice")]).await;
    platform
        .eventually("select count(*) = 2 from notices where look_at > now() + interval '59 minutes'")
        .await;
    platform.eventually("select count(*) = 1 from deliveries where state = 'delivered'").await;
    assert_eq!(types(&hooks.taken("/hook")), ["key_degraded"]);
    assert!(mail.letters().is_empty());
    raises(&platform, &[notice(Event::KeyFailed, "twice")]).await;
    platform.eventually(ALL_TOLD).await;
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
    raises(&platform, &[Notice { except, ..notice(Event::AdminOverride, "chat") }]).await;
    platform.eventually("select exists (select from alerts)").await;
    platform.eventually(ALL_TOLD).await;
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
    platform.eventually(ALL_TOLD).await;
    let mut told = mail.subjects_to(&other.email);
    told.sort();
    let (added, deleted) = ("[medai] An OpenAI key was added", "[medai] An OpenAI key was deleted");
    assert_eq!(told, [added, deleted]);
    assert_eq!(mail.subjects_to(&admin.email), [added], "whoever deleted it knows");
    assert!(mail.letters().iter().all(|letter| !letter.text.contains(&spec.value())));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_busy_gets_the_letter_again_and_once() {
    let mail = MailServer::start(Encryption::Never).await;
    mail.refuse("451 later");
    let platform = start(with_mail(&mail)).await;
    let admin = platform.admin().await;
    raises(&platform, &[notice(Event::MaintenanceLeft, "chat")]).await;
    platform
        .eventually("select exists (select from deliveries where error = 'the mail server answered 451')")
        .await;
    platform.eventually(ALL_TOLD).await;
    assert_eq!(mail.subjects_to(&admin.email), ["[medai] Maintenance ended"]);
    let row = &deliveries(&admin, "").await[0];
    assert_eq!(
        (&row["state"], &row["tries"], &row["target"]),
        (&json!("delivered"), &json!(2), &json!(admin.email))
    );

    mail.refuse("550 no such person");
    raises(&platform, &[notice(Event::MaintenanceLeft, "mcq")]).await;
    platform.eventually("select exists (select from deliveries where state = 'failed' and tries = 1)").await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn e_mail_is_encrypted_and_a_test_says_what_is_wrong() {
    for encryption in [Encryption::AfterStarttls, Encryption::Always] {
        let (mail, hooks) = (MailServer::start(encryption).await, Hooks::start().await);
        let certificate = servers::scratch("mail").join("certificate.pem");
        std::fs::write(&certificate, &mail.certificate).unwrap();
        let configured = |password: &str, trusted: bool| {
            let (port, password, certificate) = (mail.port, password.to_owned(), certificate.clone());
            Platform::setup().config(move |config| {
                config.smtp_host = Some("localhost".to_owned());
                config.smtp_port = Some(port);
                config.smtp_tls = if encryption == Encryption::Always {
                    SmtpEncryption::Tls
                } else {
                    SmtpEncryption::Starttls
                };
                config.smtp_user = Some(USER.to_owned());
                config.smtp_password = Some(password.into());
                config.smtp_ca_file = trusted.then_some(certificate);
            })
        };
        let platform = configured(MAIL_PASSWORD, true).start().await;
        platform.never_logged([MAIL_PASSWORD.to_owned()]);
        let admin = platform.admin().await;
        let urls = ["/hook", "/dead"].map(|path| json!({ "url": hooks.url(path) }));
        put(&admin, json!({ "webhooks": urls })).await.expect(200);
        let test = admin.post("/api/admin/notifications/test", json!({})).await.expect(200);
        let mut items = test.body["items"].as_array().unwrap().clone();
        items.sort_by_key(|item| (item["channel"].to_string(), item["ok"] != json!(true)));
        let shown = hooks.url("/…");
        let expected = json!([
            { "channel": "email", "target": admin.email, "ok": true },
            { "channel": "webhook", "target": shown, "ok": true },
            { "channel": "webhook", "target": shown, "ok": false, "error": "it answered 500" },
        ]);
        assert_eq!(json!(items), expected, "{encryption:?}");
        assert_eq!(mail.subjects_to(&admin.email), ["[medai] A test of the notifications"]);

        for (password, trusted, problem) in [
            (MAIL_PASSWORD, false, "the conversation with the mail server could not be encrypted"),
            ("not-the-password-of-the-post", true, "the mail server answered 535"),
        ] {
            let wrong = configured(password, trusted).start().await;
            let admin = wrong.admin().await;
            let test = admin.post("/api/admin/notifications/test", json!({})).await.expect(200);
            assert_eq!(test.body["items"][0]["error"], problem, "{encryption:?}");
            wrong.end().await;
        }
        platform.end().await;
    }
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
    raises(&platform, &[notice(Event::MaintenanceEntered, "chat")]).await;
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
    platform.eventually(ALL_TOLD).await;
    assert_eq!(mail.subjects_to(&admin.email), ["[medai] Maintenance began"]);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_mail_server_a_newcomer_finds_letters_in_a_folder() {
    let folder = servers::scratch("outbox").join("made-when-needed");
    let outbox = folder.clone();
    let platform = start(Platform::setup().config(|config| config.outbox = Some(outbox))).await;
    let admin = platform.admin().await;
    raises(&platform, &[notice(Event::MaintenanceEntered, "chat")]).await;
    platform.eventually("select exists (select from deliveries where state = 'delivered')").await;
    let letters: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let [letter] = &*letters else { panic!("{letters:?}") };
    assert_eq!(letter.extension().unwrap(), "eml");
    let text = std::fs::read_to_string(letter).unwrap();
    assert!(text.contains("Subject: [medai] Maintenance began") && text.contains(&admin.email), "{text}");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_any_channel_nothing_waits() {
    let platform = start(Platform::setup()).await;
    let admin = platform.admin().await;
    raises(&platform, &[notice(Event::MaintenanceEntered, "chat")]).await;
    platform.eventually("select exists (select from alerts)").await;
    platform.eventually(ALL_TOLD).await;
    let shown = admin.get("/api/admin/notifications").await.expect(200).body;
    let unset = json!({ "configured": false });
    assert_eq!(shown["channels"], json!({ "email": unset, "webhook": unset, "sms": unset }));
    assert!(deliveries(&admin, "").await.is_empty());
    platform.end().await;
}

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
