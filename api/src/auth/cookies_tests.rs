use axum::{http::HeaderName, response::IntoResponse as _};

use super::*;

fn settings(production: bool) -> ApiSettings {
    ApiSettings {
        production,
        cors_origins: vec!["https://app.example".to_owned()],
        trusted_hosts: Vec::new(),
        trusted_proxies: Vec::new(),
        super_admin_email: None,
        provider_chain: Vec::new(),
        max_wait: chrono::TimeDelta::minutes(10),
        trial_patience: std::time::Duration::from_mins(1),
        defaults: domain::keys::endpoints::Defaults::default(),
        max_upload_bytes: 0,
        max_image_bytes: 0,
        failed_uploads_per_day: 20,
        clamd_addr: None,
        registrations_per_hour: 100,
        login_tries_per_address: 5,
        own_key_answers_per_hour: 60,
        available_channels: jobs::admin_events::recipients::AvailableChannels::default(),
    }
}

fn headers(of: &[(&'static str, &str)]) -> HeaderMap {
    of.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
}

fn set_cookies(jar: CookieJar) -> Vec<String> {
    let response = jar.into_response();
    let mut lines: Vec<_> = response
        .headers()
        .get_all("set-cookie")
        .iter()
        .map(|value| value.to_str().unwrap().to_owned())
        .collect();
    lines.sort();
    lines
}

fn values(device: Option<&str>) -> Values {
    let [access, refresh, csrf] = ["a", "r", "c"].map(ToOwned::to_owned);
    Values { access, refresh, csrf, device: device.map(ToOwned::to_owned) }
}

#[test]
fn cookies_are_out_of_reach_of_scripts_and_other_sites() {
    let lines = set_cookies(signed_in(&settings(true), values(Some("d"))));
    assert_eq!(
        lines,
        [
            "__Host-medai_csrf=c; SameSite=Strict; Secure; Path=/; Max-Age=2592000",
            "__Host-medai_device=d; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=34560000",
            "medai_access=a; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=900",
            "medai_refresh=r; HttpOnly; SameSite=Strict; Secure; Path=/api/auth; Max-Age=2592000",
        ]
    );
    let lines = set_cookies(signed_in(&settings(false), values(None)));
    assert_eq!(lines.len(), 3);
    // Browsers refuse that prefix over plain HTTP.
    assert!(!lines.concat().contains("Secure") && !lines.concat().contains("__Host-"), "{lines:?}");
}

#[test]
fn signing_out_takes_the_same_cookies_back_and_the_device_stays_known() {
    for (production, names) in [
        (false, vec!["medai_access", "medai_csrf", "medai_refresh"]),
        // Also what an earlier release set.
        (true, vec!["__Host-medai_csrf", "medai_access", "medai_csrf", "medai_refresh"]),
    ] {
        let lines = set_cookies(signed_out(&settings(production)));
        let found: Vec<_> = lines.iter().map(|line| line.split_once('=').unwrap().0).collect();
        assert_eq!(found, names);
        assert!(lines.iter().all(|line| line.contains("=;") && line.contains("Max-Age=0")), "{lines:?}");
        assert!(lines.last().unwrap().contains("Path=/api/auth"));
    }
}

#[test]
fn a_change_by_cookie_shows_where_it_comes_from() {
    let allowed = |production, of: &[(&'static str, &str)]| {
        let is_proof = |text: &str| text == "the token of this sign-in";
        refuse_without_proof(&headers(of), &settings(production), is_proof).is_ok()
    };
    let proof = ("x-csrf-token", "the token of this sign-in");
    assert!(allowed(true, &[proof]));
    assert!(allowed(true, &[proof, ("origin", "https://evil.example")]));
    assert!(allowed(true, &[("origin", "https://app.example")]));
    assert!(allowed(true, &[("origin", "https://api.example"), ("host", "api.example")]));
    assert!(allowed(false, &[("origin", "http://localhost:8000"), ("host", "localhost:8000")]));

    assert!(!allowed(false, &[]));
    // A page beside ours can set a cookie, and send the same.
    assert!(!allowed(false, &[("cookie", "medai_csrf=xyz"), ("x-csrf-token", "xyz")]));
    assert!(!allowed(false, &[("cookie", "medai_csrf="), ("x-csrf-token", "")]), "nothing is no proof");
    assert!(!allowed(false, &[("origin", "https://evil.example"), ("host", "api.example")]));
    assert!(!allowed(false, &[("origin", "null"), ("host", "null")]));
    assert!(!allowed(false, &[("origin", "http://localhost:9000"), ("host", "localhost:8000")]));
    assert!(!allowed(false, &[("origin", "https://app.example.evil"), ("host", "api.example")]));
    assert!(
        !allowed(true, &[("origin", "http://api.example"), ("host", "api.example")]),
        "not over plain HTTP"
    );
}

#[test]
fn a_refresh_is_refused_to_pages_of_other_sites_only() {
    let refused = |of: &[(&'static str, &str)]| refuse_other_sites(&headers(of), &settings(true)).is_err();
    assert!(!refused(&[]));
    assert!(!refused(&[("origin", "https://app.example")]));
    assert!(refused(&[("origin", "https://evil.example"), ("host", "api.example")]));
    assert!(refused(&[("origin", "null")]));
}
