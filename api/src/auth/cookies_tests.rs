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
        max_upload_bytes: 0,
        max_image_bytes: 0,
        failed_uploads_per_day: 20,
        clamd_addr: None,
        registrations_per_hour: 100,
        reach: jobs::notices::recipients::Reach::default(),
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

#[test]
fn cookies_are_out_of_reach_of_scripts_and_other_sites() {
    let lines = set_cookies(signed_in(&settings(true), "a".to_owned(), "r".to_owned()));
    assert_eq!(lines[0], "medai_access=a; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=900");
    assert_eq!(
        lines[2],
        "medai_refresh=r; HttpOnly; SameSite=Strict; Secure; Path=/api/auth; Max-Age=2592000"
    );
    assert!(
        lines[1].starts_with("medai_csrf=")
            && lines[1].ends_with("; SameSite=Strict; Secure; Path=/; Max-Age=2592000")
    );
    assert!(
        !set_cookies(signed_in(&settings(false), String::new(), String::new())).concat().contains("Secure")
    );
}

#[test]
fn signing_out_takes_the_same_cookies_back() {
    let lines = set_cookies(signed_out(&settings(false)));
    assert_eq!(lines.len(), 3);
    assert!(lines.iter().all(|line| line.contains("=;") && line.contains("Max-Age=0")), "{lines:?}");
    assert!(lines[2].contains("Path=/api/auth"));
}

#[test]
fn a_change_by_cookie_shows_where_it_comes_from() {
    let allowed = |production, of: &[(&'static str, &str)]| {
        let headers = headers(of);
        require_same_site(&headers, &CookieJar::from_headers(&headers), &settings(production)).is_ok()
    };
    let cookie = ("cookie", "medai_csrf=xyz");
    assert!(allowed(true, &[cookie, ("x-csrf-token", "xyz")]));
    assert!(allowed(true, &[cookie, ("x-csrf-token", "xyz"), ("origin", "https://evil.example")]));
    assert!(allowed(true, &[("origin", "https://app.example")]));
    assert!(allowed(true, &[("origin", "https://api.example"), ("host", "api.example")]));
    assert!(allowed(false, &[("origin", "http://localhost:8000"), ("host", "localhost:8000")]));

    assert!(!allowed(false, &[cookie]));
    assert!(!allowed(false, &[cookie, ("x-csrf-token", "abc")]));
    assert!(!allowed(false, &[("x-csrf-token", "xyz")]), "nothing to compare with");
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
