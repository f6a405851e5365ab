//! Keeps calls out of private networks: a name may stand for another host by the time it is called.

use std::net::SocketAddr;

use domain::reachable::is_public;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Resolves names to hosts of the public internet only.
#[derive(Debug, Clone, Copy)]
pub struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|host| is_public(host.ip())).collect();
            if public.is_empty() {
                return Err("the name stands for no host of the public internet".into());
            }
            let addresses: Addrs = Box::new(public.into_iter());
            Ok(addresses)
        })
    }
}

/// Whether an address names a host by a number that is not public. A client does not resolve numbers,
/// so the resolver never sees them.
pub fn is_private_number(address: &str) -> bool {
    match Url::parse(address).ok().as_ref().and_then(Url::host) {
        Some(Host::Ipv4(ip)) => !is_public(ip.into()),
        Some(Host::Ipv6(ip)) => !is_public(ip.into()),
        Some(Host::Domain(_)) => false,
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_looked_at_whatever_they_wear() {
        for private in
            ["http://127.0.0.1:1", "http://2130706433", "http://[::1]", "http://0x7f.1/v1", "nonsense"]
        {
            assert!(is_private_number(private), "{private}");
        }
        for fine in ["https://8.8.8.8", "https://api.example.org"] {
            assert!(!is_private_number(fine), "{fine}");
        }
    }

    #[tokio::test]
    async fn a_name_that_stands_for_this_machine_is_not_called() {
        let client = crate::providers::public_http_client().unwrap();
        let error = client.get("http://localhost:9/").send().await.unwrap_err();
        assert!(format!("{error:?}").contains("no host of the public internet"), "{error:?}");
    }
}
