//! Keeps calls out of private networks: a name may stand for another host by the time it is called.

use std::net::SocketAddr;

use domain::reachable::{self, is_public};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

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

/// Whether an address is none, or names a host by a number that is not public. A client does not resolve numbers,
/// so the resolver never sees them.
pub fn is_private_number(address: &str) -> bool {
    let Ok(url) = reachable::parse(address) else { return true };
    reachable::number_of(&url).is_some_and(|ip| !is_public(ip))
}

/// Whether an address is of this machine.
pub(crate) fn is_this_machine(address: &str) -> bool {
    reachable::parse(address).is_ok_and(|url| {
        let name = url.host_str().map(|host| host.trim_end_matches('.'));
        let number = reachable::number_of(&url).map(|ip| ip.to_canonical());
        name.is_some_and(|name| name == "localhost" || name.ends_with(".localhost"))
            || number.is_some_and(|ip| ip.is_loopback() || ip.is_unspecified())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_known_by_name_and_number() {
        for here in [
            "http://127.0.0.1:1",
            "http://localhost:11434/v1",
            "http://[::1]:8",
            "http://[::ffff:127.0.0.1]/",
            "http://localhost.:11434",
            "http://0.0.0.0:8",
            "http://[::]:8",
        ] {
            assert!(is_this_machine(here), "{here}");
        }
        for elsewhere in ["http://10.0.0.1", "https://localhost.example.org", "nonsense"] {
            assert!(!is_this_machine(elsewhere), "{elsewhere}");
        }
    }

    #[test]
    fn numbers_are_looked_at_whatever_they_wear() {
        for private in [
            "http://127.0.0.1:1",
            "http://2130706433",
            "http://[::1]",
            "http://0x7f.1/v1",
            "nonsense",
            "http://1.1.1.1:80\\@127.0.0.1",
        ] {
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

    /// A proxy would resolve names by itself, inside the network that students must not reach.
    #[tokio::test]
    async fn a_students_call_goes_through_no_proxy() {
        let proxy = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let through = reqwest::Proxy::all(format!("http://{}", proxy.local_addr().unwrap())).unwrap();
        // As reqwest builds a client where HTTP_PROXY is set, and then as ours: the last word is ours.
        let client =
            crate::providers::for_the_public(reqwest::Client::builder().proxy(through)).build().unwrap();
        let called = client.get("http://localhost:9/").send();
        tokio::select! {
            called = called => assert!(format!("{:?}", called.unwrap_err()).contains("no host of the public internet")),
            _ = proxy.accept() => panic!("the proxy was called"),
        }
    }
}
