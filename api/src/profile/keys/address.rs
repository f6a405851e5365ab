//! Where a student's key may lead: in production, into the public internet and nowhere else. Workers
//! look again at each call, since names change what they stand for.

use domain::reachable::{self, is_public};
use tokio::net::lookup_host;
use url::Host;

use crate::error::{ApiError, ApiResult};

/// Refuses an address that leads into a private network, or nowhere.
pub(super) async fn require_public(address: &str) -> ApiResult<()> {
    let url = reachable::parse(address).map_err(refused)?;
    let public = match url.host() {
        Some(Host::Ipv4(ip)) => is_public(ip.into()),
        Some(Host::Ipv6(ip)) => is_public(ip.into()),
        Some(Host::Domain(name)) => {
            let port = url.port_or_known_default().unwrap_or(443);
            let found = lookup_host((name, port)).await.map_err(|_unknown| refused("names no host"))?;
            let found: Vec<_> = found.collect();
            !found.is_empty() && found.iter().all(|host| is_public(host.ip()))
        }
        None => false,
    };
    if public { Ok(()) } else { Err(refused("must lead to the public internet")) }
}

fn refused(problem: &str) -> ApiError {
    ApiError::field("base_url", problem)
}

#[cfg(test)]
mod tests {
    use super::require_public;

    #[tokio::test]
    async fn nothing_leads_back_into_a_private_network() {
        for address in [
            "http://127.0.0.1:11434",
            "http://[::1]",
            "https://10.0.0.1/v1",
            "http://169.254.169.254",
            "http://localhost:8000",
            "http://2130706433",
            "http://0x7f.1",
            "http://[::ffff:192.168.1.1]",
            "http://8.8.8.8:80\\@127.0.0.1",
            "http://8.8.8.8@127.0.0.1",
        ] {
            assert!(require_public(address).await.is_err(), "{address}");
        }
        assert!(require_public("https://8.8.8.8/v1").await.is_ok());
    }
}
