//! Settings: one that is set to nothing is not set, whichever it is, and a bad one is refused by its name.

use std::collections::BTreeSet;

use clap::CommandFactory as _;
use medai::config::Config;

use crate::support::home::Home;

#[derive(clap::Parser)]
struct OnlyConfig {
    #[command(flatten)]
    _config: Config,
}

/// The variables of all settings.
fn names() -> BTreeSet<String> {
    let command = OnlyConfig::command();
    let names =
        command.get_arguments().filter_map(|argument| argument.get_env()?.to_str().map(str::to_owned));
    names.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_variable_that_is_set_to_nothing_is_a_setting_that_is_not_set() {
    let home = Home::new().await;
    let names = names();
    assert!(names.len() > 70, "{names:?}");
    for nothing in ["", "  "] {
        let mut env: Vec<_> = names.iter().map(|name| (name.as_str(), nothing)).collect();
        env.retain(|(name, _)| *name != "ENVIRONMENT");
        env.push(("ENVIRONMENT", "production"));
        let ran = home.run(&["api"], &env, "");
        assert_eq!(ran.code, Some(1), "{}", ran.stderr);
        for name in ["DATABASE_URL", "REDIS_URL", "ENCRYPTION_KEY", "JWT_SECRET", "CORS_ORIGINS"] {
            assert!(ran.stderr.contains(&format!("{name} is missing")), "{}", ran.stderr);
        }
        assert_eq!(ran.stderr.matches("\n  - ").count(), 5, "{}", ran.stderr);
        // The help shows what each variable says. Not those of secrets, of which it shows the names only.
        let help = home.run(&["--help"], &env, "").stdout;
        let said: Vec<_> =
            names.iter().filter(|name| help.contains(&format!("[env: {name}={nothing}]"))).collect();
        assert!(said.is_empty() && help.contains("[env: ENVIRONMENT=production]"), "{said:?}");
    }
    let list = [("ENVIRONMENT", "production"), ("CORS_ORIGINS", "https://a.example,,")];
    let ran = home.run(&["api"], &list, "");
    assert!(!ran.stderr.contains("CORS_ORIGINS"), "a comma too many is none: {}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_setting_is_refused_by_its_name() {
    let home = Home::new().await;
    for (name, value, reason) in [
        ("PROVIDER_CHAIN", "gemini,demo", "is none of gemini, openai, anthropic, ollama"),
        ("PROBE_CALL", "guess", "[possible values: answer, models]"),
        ("SMTP_TLS", "implicit", "[possible values: starttls, tls, none]"),
        ("THINKING_TIMEOUT", "1h", "must be 10 minutes or less"),
        ("AUDIT_RETENTION", "1d", "must be 90 days or more"),
        ("SCHEDULE_SWEEP", "61 * * * *", "is no cron expression"),
        ("SCHEDULE_PROBE_KEYS", "0 0 30 2 *", "never comes"),
        ("SCHEDULE_PRUNE_AUDIT", "CRON_TZ=Europe/Bielefeld 0 3 * * *", "there is no time zone"),
        ("SCHEDULE_TIMEZONE", "Berlin", "there is no time zone"),
    ] {
        let ran = home.run(&["api"], &[(name, value)], "");
        assert_eq!(ran.code, Some(2), "{name}");
        assert!(ran.stderr.contains(&format!("<{name}>")) && ran.stderr.contains(reason), "{}", ran.stderr);
    }
}
