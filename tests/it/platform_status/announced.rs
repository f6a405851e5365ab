//! The whole of a failure as admins live through it: every step is told by mail and webhook, each once.

use std::time::Duration;

use serde_json::json;
use simulator::Script;
use worker::notify::SmtpTls;

use super::time;
use crate::support::{
    Platform,
    hooks::Hooks,
    key,
    mail::{Encryption, MailServer},
};

/// What came by webhook in the end, each once.
const BY_HOOK: [&str; 6] =
    ["failover", "key_degraded", "key_degraded", "key_recovered", "maintenance_entered", "maintenance_left"];

/// What came by mail: also that a key failed, as the guide's table has it, and that keys were added.
const BY_MAIL: [&str; 11] = [
    "A question went over to another key (chat)",
    "An OpenAI key for MCQ failed",
    "An OpenAI key for MCQ is degraded",
    "An OpenAI key for MCQ works again",
    "An OpenAI key for chat failed",
    "An OpenAI key for chat is degraded",
    "An OpenAI key was added",
    "An OpenAI key was added",
    "An OpenAI key was added",
    "Soft maintenance of the MCQ feature began",
    "Soft maintenance of the MCQ feature is over",
];

/// Waits until so many messages came, and returns them in order.
async fn until(expected: usize, came: impl Fn() -> Vec<String>) -> Vec<String> {
    for _ in 0..400 {
        if came().len() >= expected {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mut came = came();
    came.sort();
    came
}

#[tokio::test(flavor = "multi_thread")]
async fn mcq_keys_die_and_come_back_within_a_probe_and_each_step_is_told_once() {
    let (mail, hooks) = (MailServer::start(Encryption::Never).await, Hooks::start().await);
    let port = mail.port;
    let setup = Platform::setup().probing_every(Duration::from_secs(2)).config(move |config| {
        config.notify.smtp_host = Some("127.0.0.1".to_owned());
        config.notify.smtp_port = Some(port);
        config.notify.smtp_tls = SmtpTls::None;
        config.notify.smtp_from = Some("medai <medai@story.example>".to_owned());
    });
    let platform = setup.start().await;
    let mcq = key("mcq").feature("mcq");
    let first = key("first").feature("chat").priority(9).answers(Script::answers("Stretch."));
    let second = key("second").feature("chat").priority(5).answers(Script::answers("Preload is stretch."));
    let admin = platform.pool([mcq.clone(), first.clone(), second]).await;
    platform.never_logged([admin.email.clone()]);
    let told =
        json!({ "webhooks": [{ "url": hooks.url("/hook") }], "thresholds": { "coalesce_seconds": 0 } });
    admin.put("/api/admin/notifications", told).await.expect(200);
    let student = platform.student().await;

    // A key that just served is not probed, so that it is a question that finds it dead.
    assert_eq!(student.asks("What is preload?").await.text(), "Stretch.");
    platform.simulator.script(&first.value(), Script::invalid_key());
    assert_eq!(student.asks("What is preload?").await.text(), "Preload is stretch.", "by the second key");
    assert_eq!(student.asks("/mcq 1 heart failure").await.items().len(), 1);
    platform.simulator.script(&mcq.value(), Script::invalid_key());
    let session = student.session().await;
    let failed = student.asks_in(&session, "/mcq 1 heart failure").await;
    assert_eq!(failed.end_data()["code"], "PROVIDERS_EXHAUSTED");
    let closed = student.sends(&session, "/mcq 1 heart failure").await.expect(503);
    assert_eq!(closed.body["error"]["message"], "MCQ generation temporarily unavailable");
    assert_eq!(student.asks("What is preload?").await.text(), "Preload is stretch.", "chat goes on");

    let revived = platform.parts.clock.now();
    platform.simulator.script(&mcq.value(), Script::healthy());
    platform.eventually("select exists (select from audit_log where action = 'exit_maintenance')").await;
    assert_eq!(student.asks("/mcq 1 heart failure").await.items().len(), 1, "nobody did anything");
    let left = admin.get("/api/admin/audit?action=exit_maintenance").await.expect(200);
    let after = time(&left.body["items"][0]["timestamp"]) - revived;
    assert!(after.num_seconds() < 30, "a probe's interval, and what a slow machine adds: {after}");

    let types = || {
        let taken = hooks.taken("/hook");
        taken.iter().map(|taken| taken.json()["type"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(until(BY_HOOK.len(), types).await, BY_HOOK);
    let subjects = || {
        let subjects = mail.subjects_to(&admin.email);
        // A letter says how often, where a probe came between the question and the new key.
        let of = |subject: &String| {
            let step = subject.trim_start_matches("[medai] ").split(':').next().unwrap();
            let often = step.strip_suffix(" times)").and_then(|step| step.rsplit_once(" ("));
            often.map_or(step, |(step, _)| step).to_owned()
        };
        subjects.iter().map(of).collect()
    };
    assert_eq!(until(BY_MAIL.len(), subjects).await, BY_MAIL);
    platform.end().await;
}
