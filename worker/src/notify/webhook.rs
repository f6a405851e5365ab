//! Webhooks after the Standard Webhooks specification, and messages for Slack.

use std::{sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use domain::{keys::Secret, reachable::is_public};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jobs::admin_events::{deliveries::Delivery, webhooks::Opened};
use reqwest::{Url, header::CONTENT_TYPE, redirect};
use sha2::Sha256;
use url::Host;

use super::{Failure, result_of, template};
use crate::providers::public_only::PublicOnly;

/// How long a call may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Where Slack takes messages, in a shape of its own.
const SLACK: &str = "hooks.slack.com";

/// Posts to webhooks.
#[derive(Debug)]
pub(super) struct Poster {
    http: reqwest::Client,
    public_only: bool,
}

impl Poster {
    /// With `public_only`, nothing but public addresses is called, and those by HTTPS.
    pub(super) fn new(public_only: bool) -> anyhow::Result<Self> {
        Ok(Self { http: client(public_only)?, public_only })
    }

    pub(super) async fn post(
        &self,
        delivery: &Delivery,
        to: &Opened,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let url = Url::parse(to.url.expose())
            .map_err(|_malformed| Failure::for_good("its address is not a URL"))?;
        if self.public_only && !may_be_called(&url) {
            return Err(Failure::for_good("its address is not a public one, by HTTPS"));
        }
        let is_slack = url.host_str() == Some(SLACK);
        let body = if is_slack { template::slack(&delivery.alert) } else { template::json(&delivery.alert) };
        let body = body.to_string();
        let mut request = self.http.post(url).header(CONTENT_TYPE, "application/json");
        if !is_slack {
            // The id is the same in each try, the time is not.
            let (id, time) = (format!("msg_{}", delivery.id), now.timestamp());
            let signature = sign(&to.secret, &id, time, &body)
                .ok_or_else(|| Failure::for_good("its secret is damaged"))?;
            request = request
                .header("webhook-id", id)
                .header("webhook-timestamp", time)
                .header("webhook-signature", signature);
        }
        result_of(request.body(body).send().await)
    }
}

/// A client that follows no redirects and goes through no proxy; with `public_only`, one that finds only public
/// addresses. It looks when it connects, so that a name that is rebound after it was checked gains nothing.
pub(super) fn client(public_only: bool) -> reqwest::Result<reqwest::Client> {
    crate::providers::use_ring();
    let mut builder = reqwest::Client::builder()
        .timeout(TIMEOUT)
        .connect_timeout(TIMEOUT)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .user_agent("medai");
    if public_only {
        builder = builder.https_only(true).dns_resolver(Arc::new(PublicOnly));
    }
    builder.build()
}

/// An address in the URL itself is not looked up, so the resolver does not see it.
fn may_be_called(url: &Url) -> bool {
    let public_host = match url.host() {
        Some(Host::Ipv4(ip)) => is_public(ip.into()),
        Some(Host::Ipv6(ip)) => is_public(ip.into()),
        Some(Host::Domain(_)) => true,
        None => false,
    };
    public_host && url.scheme() == "https"
}

/// The signature of a message; none where the secret is not one.
fn sign(secret: &Secret, id: &str, time: i64, body: &str) -> Option<String> {
    let key = STANDARD.decode(secret.expose().strip_prefix("whsec_")?).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{id}.{time}.{body}").as_bytes());
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_specification() {
        // The test vector of the specification's own libraries.
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature =
            sign(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        assert_eq!(sign(&Secret::parse("not-a-secret").unwrap(), "", 0, ""), None);
    }

    #[test]
    fn only_public_addresses_by_https_may_be_called() {
        for (url, may) in [
            ("https://hooks.example.org/x", true),
            ("https://1.1.1.1/", true),
            ("http://hooks.example.org/x", false),
            ("https://127.0.0.1/", false),
            ("https://2130706433/", false), // 127.0.0.1 in another spelling
            ("https://0x7f.1/", false),
            ("https://[::1]/", false),
            ("https://[::ffff:10.0.0.1]/", false),
            ("https://169.254.169.254/latest/meta-data", false),
        ] {
            assert_eq!(may_be_called(&url.parse().unwrap()), may, "{url}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_to_a_private_address_is_not_called() {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("https://localhost:{}/", listener.local_addr().unwrap().port());
        let called = client(true).unwrap().post(&url).send();
        let failure = tokio::select! {
            called = called => result_of(called).unwrap_err(),
            _ = listener.accept() => panic!("it was called"),
        };
        assert_eq!(failure, Failure::passing("it cannot be reached"));
    }
}
