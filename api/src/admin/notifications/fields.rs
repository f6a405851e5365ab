//! What the settings may hold.

use domain::reachable::{self, is_public};
use jobs::admin_events::webhooks::MAX_URL;
use url::{Host, Url};

/// The address of a webhook. In production it is one of the public internet, as far as can be seen without a
/// look-up; [`leads_outside`] looks.
pub(super) fn webhook_url(text: &str, production: bool) -> Result<Url, &'static str> {
    let url = reachable::parse(text.trim())?;
    if url.as_str().len() > MAX_URL {
        return Err("must have at most 400 characters");
    }
    if production {
        if url.scheme() != "https" {
            return Err("must begin with https://");
        }
        let private = reachable::number_of(&url).is_some_and(|ip| !is_public(ip));
        if private {
            return Err(PRIVATE);
        }
    }
    Ok(url)
}

const PRIVATE: &str = "must not lead to a private address";

/// Looks up where an address leads. It is looked up again whenever something is posted to it.
pub(super) async fn leads_outside(url: &Url) -> Result<(), &'static str> {
    let Some(Host::Domain(name)) = url.host() else { return Ok(()) };
    let found =
        tokio::net::lookup_host((name, 0)).await.map_err(|_unknown| "names a host that is not found")?;
    let mut addresses = found.map(|address| address.ip());
    if addresses.all(is_public) { Ok(()) } else { Err(PRIVATE) }
}

/// A phone in the international form of E.164.
pub(super) fn phone<C>(text: &str, _: &C) -> garde::Result {
    let digits = text.strip_prefix('+').unwrap_or_default();
    let fits = (7..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0');
    if fits { Ok(()) } else { Err(garde::Error::new("must be + and 7 to 15 digits, such as +4915112345678")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_production_only_public_addresses_by_https_are_taken() {
        for (text, anywhere, production) in [
            ("https://hooks.slack.com/services/T0/B0/x", true, true),
            (" https://hooks.example.org ", true, true),
            ("http://hooks.example.org", true, false),
            ("https://127.0.0.1/x", true, false),
            ("https://[::ffff:192.168.0.1]/x", true, false),
            ("https://0x7f000001/", true, false),
            ("https://user:secret@example.org", false, false),
            ("ftp://example.org", false, false),
            ("example.org", false, false),
        ] {
            assert_eq!(webhook_url(text, false).is_ok(), anywhere, "{text}");
            assert_eq!(webhook_url(text, true).is_ok(), production, "{text}");
        }
        assert!(webhook_url(&format!("https://example.org/{}", "a".repeat(400)), false).is_err());
    }

    #[tokio::test]
    async fn a_name_of_this_machine_leads_inside() {
        let url = "https://localhost/x".parse().unwrap();
        assert_eq!(leads_outside(&url).await, Err(PRIVATE));
    }

    #[test]
    fn phones_are_international() {
        for (text, fits) in
            [("+4915112345678", true), ("4915112345678", false), ("+0151123456", false), ("+49 151", false)]
        {
            assert_eq!(phone(text, &()).is_ok(), fits, "{text}");
        }
    }
}
