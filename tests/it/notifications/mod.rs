//! What admins are told: each thing once, through its channels, to whom it concerns.

use jobs::admin_events::{AdminEvent, Event, emit};
use reqwest::Method;
use serde_json::{Value, json};
use worker::notify::SmtpTls;

use crate::support::{
    Platform,
    hooks::Taken,
    mail::MailServer,
    platform::Setup,
    student::{Admin, Reply},
};

mod delivery;
mod mail;
mod security;
mod settings;
mod webhooks;

/// Nothing waits any more, neither to be folded nor to be delivered.
const ALL_DELIVERED: &str =
    "select not exists (select from notices) and not exists (select from deliveries where state = 'waiting')
   and not exists (select from jobs where queue = 'notify' and finished_at is null)";

fn with_mail(mail: &MailServer) -> Setup {
    let port = mail.port;
    Platform::setup().config(|config| {
        config.notify.smtp_host = Some("127.0.0.1".to_owned());
        config.notify.smtp_port = Some(port);
        config.notify.smtp_tls = SmtpTls::None;
        config.notify.smtp_from = Some("medai <medai@story.example>".to_owned());
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

fn notice(event: Event, about: &str) -> AdminEvent<'_> {
    let facts = json!({ "feature": about, "reason": "it <broke> & fell" });
    AdminEvent { event, about, subject: event.title(), facts, except: None }
}

async fn emits(platform: &Platform, admin_events: &[AdminEvent<'_>]) {
    let mut tx = platform.db().begin_platform().await.unwrap();
    for notice in admin_events {
        emit(&mut tx, notice).await.unwrap();
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
