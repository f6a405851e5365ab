//! Letters: a real conversation by SMTP, or a folder.

use jobs::admin_events::Event;
use serde_json::json;
use worker::notify::SmtpTls;

use crate::support::{
    Platform,
    hooks::Hooks,
    mail::{Encryption, MAIL_PASSWORD, MailServer, USER},
    servers,
};

use super::{ALL_DELIVERED, deliveries, emits, notice, put, start, with_mail};

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_busy_gets_the_letter_again_and_once() {
    let mail = MailServer::start(Encryption::Never).await;
    mail.refuse("451 later");
    let platform = start(with_mail(&mail)).await;
    let admin = platform.admin().await;
    emits(&platform, &[notice(Event::MaintenanceLeft, "chat")]).await;
    platform
        .eventually("select exists (select from deliveries where error = 'the mail server answered 451')")
        .await;
    platform.eventually(ALL_DELIVERED).await;
    assert_eq!(mail.subjects_to(&admin.email), ["[medai] Maintenance ended"]);
    let row = &deliveries(&admin, "").await[0];
    assert_eq!(
        (&row["state"], &row["tries"], &row["target"]),
        (&json!("delivered"), &json!(2), &json!(admin.email))
    );

    mail.refuse("550 no such person");
    emits(&platform, &[notice(Event::MaintenanceLeft, "mcq")]).await;
    platform.eventually("select exists (select from deliveries where state = 'failed' and tries = 1)").await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_that_passes_is_tried_again_and_one_for_good_is_not() {
    let mail = MailServer::start(Encryption::Never).await;
    let platform = start(with_mail(&mail)).await;
    let admin = platform.admin().await;
    for refusal in [
        "550-5.4.5 Daily user sending limit exceeded. For more information\r\n550 5.4.5 go to x - gsmtp",
        "554 5.7.0 Too many messages. Try again later.",
        "552 5.2.2 The account is over quota.",
    ] {
        mail.refuse(refusal);
    }
    let events = [Event::MaintenanceEntered, Event::MaintenanceLeft, Event::AdminOverride];
    emits(&platform, &events.map(|event| notice(event, "chat"))).await;
    platform
        .eventually(
            "select exists (select from deliveries where error = 'the mail server answered 550 5.4.5')",
        )
        .await;
    platform.eventually("select count(*) = 3 from deliveries where state = 'delivered' and tries = 2").await;
    assert_eq!(mail.letters().len(), 3, "each once");

    mail.refuse("550-5.1.1 The account that you tried to reach\r\n550 5.1.1 does not exist.");
    emits(&platform, &[notice(Event::MaintenanceLeft, "mcq")]).await;
    platform.eventually("select exists (select from deliveries where state = 'failed' and tries = 1)").await;
    let row = &deliveries(&admin, "?state=failed").await[0];
    assert_eq!(row["error"], "the mail server answered 550 5.1.1");
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
                config.notify.smtp_host = Some("localhost".to_owned());
                config.notify.smtp_port = Some(port);
                config.notify.smtp_tls =
                    if encryption == Encryption::Always { SmtpTls::Implicit } else { SmtpTls::Starttls };
                config.notify.smtp_user = Some(USER.to_owned());
                config.notify.smtp_password = Some(password.into());
                config.notify.smtp_ca_file = trusted.then_some(certificate);
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
async fn without_a_mail_server_a_newcomer_finds_letters_in_a_folder() {
    let folder = servers::scratch("outbox").join("made-when-needed");
    let outbox = folder.clone();
    let platform = start(Platform::setup().config(|config| config.notify.outbox = Some(outbox))).await;
    let admin = platform.admin().await;
    emits(&platform, &[notice(Event::MaintenanceEntered, "chat")]).await;
    platform.eventually("select exists (select from deliveries where state = 'delivered')").await;
    let letters: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let [letter] = &*letters else { panic!("{letters:?}") };
    assert_eq!(letter.extension().unwrap(), "eml");
    let text = std::fs::read_to_string(letter).unwrap();
    assert!(text.contains("Subject: [medai] Maintenance began") && text.contains(&admin.email), "{text}");
    platform.end().await;
}
