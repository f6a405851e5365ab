//! An alert in words, and as JSON.

use chrono::{DateTime, SecondsFormat, Utc};
use jobs::admin_events::{Policy, coalesce::Alert};
use serde_json::{Value, json};

/// The longest line that is made of a fact.
const MAX_FACT: usize = 500;

/// The longest text message.
const MAX_SMS: usize = 300;

/// One line that says all, for a subject.
pub(super) fn headline(alert: &Alert) -> String {
    let times = if alert.count > 1 { format!(" ({} times)", alert.count) } else { String::new() };
    format!("[medai] {}{times}", line(&alert.subject, MAX_FACT))
}

/// The whole story.
pub(super) fn text(alert: &Alert) -> String {
    let mut text = format!("{}\n\n", line(&alert.subject, MAX_FACT));
    let mut say = |name: &str, value: &str| {
        text.extend([name, ": ", value, "\n"]);
    };
    say("event", alert.event.as_str());
    if alert.count > 1 {
        say("count", &alert.count.to_string());
        say("first", &time(alert.first_at));
        say("last", &time(alert.last_at));
    } else {
        say("at", &time(alert.last_at));
    }
    for (name, value) in alert.facts.as_object().into_iter().flatten() {
        match value {
            Value::Null => {}
            Value::String(value) => say(&line(name, MAX_FACT), &line(value, MAX_FACT)),
            Value::Array(items) => {
                let items: Vec<_> = items.iter().map(plain).collect();
                say(&line(name, MAX_FACT), &format!("\n  - {}", items.join("\n  - ")));
            }
            other => say(&line(name, MAX_FACT), &line(&other.to_string(), MAX_FACT)),
        }
    }
    text.push_str("\nSent by medai. Admins choose who is told what under /api/admin/notifications.\n");
    text
}

/// For a phone.
pub(super) fn short(alert: &Alert) -> String {
    line(&headline(alert), MAX_SMS)
}

/// For programs, in the shape of the Standard Webhooks specification.
pub(super) fn json(alert: &Alert) -> Value {
    json!({
        "type": alert.event.as_str(),
        "timestamp": time(alert.last_at),
        "data": {
            "subject": alert.subject,
            "urgency": Policy::of(alert.event).urgency,
            "about": alert.about,
            "count": alert.count,
            "first_at": time(alert.first_at),
            "last_at": time(alert.last_at),
            "facts": alert.facts,
        },
    })
}

/// For Slack, where `&`, `<` and `>` would act.
pub(super) fn slack(alert: &Alert) -> Value {
    let text = text(alert).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    json!({ "text": text })
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| line(&value.to_string(), MAX_FACT), |text| line(text, MAX_FACT))
}

/// A text as one line: no character in it acts.
fn line(text: &str, most: usize) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(most).collect()
}

#[cfg(test)]
mod tests {
    use jobs::admin_events::Event;

    use super::*;

    fn alert(count: usize, subject: &str) -> Alert {
        let at = "2026-11-24T12:00:00Z".parse().unwrap();
        Alert {
            event: Event::KeyFailed,
            about: "key".to_owned(),
            subject: subject.to_owned(),
            facts: json!({ "provider": "gemini", "tries": 3, "names": ["a", "b"], "nothing": null }),
            except: None,
            count,
            first_at: at,
            last_at: at + chrono::TimeDelta::seconds(9),
        }
    }

    #[test]
    fn a_letter_says_what_how_often_and_the_facts() {
        let text = text(&alert(1000, "A key failed"));
        for expected in
            ["count: 1000\n", "provider: gemini\n", "tries: 3\n", "names: \n  - a\n  - b\n", "12:00:09Z"]
        {
            assert!(text.contains(expected), "{expected:?} is not in {text}");
        }
        assert!(!text.contains("nothing"));
        assert_eq!(headline(&alert(1000, "A key failed")), "[medai] A key failed (1000 times)");
        assert_eq!(headline(&alert(1, "A key failed")), "[medai] A key failed");
    }

    #[test]
    fn nothing_in_a_subject_acts() {
        let evil = alert(1, "hello\r\nBcc: all@example.org");
        assert_eq!(headline(&evil), "[medai] hello  Bcc: all@example.org");
        let slack = slack(&alert(1, "<!channel> & co"));
        assert!(slack["text"].as_str().unwrap().starts_with("&lt;!channel&gt; &amp; co\n"));
        assert_eq!(short(&alert(1, &"x".repeat(1000))).chars().count(), MAX_SMS);
    }
}
