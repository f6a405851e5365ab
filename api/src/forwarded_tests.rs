use std::net::Ipv4Addr;

use axum::http::{HeaderName, HeaderValue};
use proptest::prelude::*;

use super::*;

const PROXY: &str = "10.0.0.1";

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn trusted() -> Vec<IpNet> {
    ["10.0.0.0/8", "2001:db8:face::/48"].map(|net| net.parse().unwrap()).to_vec()
}

fn headers(lines: &[(&'static str, &[u8])]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(HeaderName::from_static(name), HeaderValue::from_bytes(value).unwrap());
    }
    headers
}

/// Who it is behind the proxy, by the lines of one header.
fn behind(name: &'static str, lines: &[&str]) -> IpAddr {
    let lines: Vec<_> = lines.iter().map(|line| (name, line.as_bytes())).collect();
    client_ip(ip(PROXY), &headers(&lines), &trusted())
}

#[test]
fn only_trusted_proxies_are_believed() {
    let headers = headers(&[("x-forwarded-for", b"6.6.6.6, 1.2.3.4, 10.0.0.2")]);
    assert_eq!(client_ip(ip(PROXY), &headers, &trusted()), ip("1.2.3.4"));
    assert_eq!(client_ip(ip("9.9.9.9"), &headers, &trusted()), ip("9.9.9.9"));
    assert_eq!(client_ip(ip(PROXY), &headers, &[]), ip(PROXY));
    assert_eq!(client_ip(ip(PROXY), &HeaderMap::new(), &trusted()), ip(PROXY));
    assert_eq!(client_ip(ip("::ffff:10.0.0.1"), &headers, &trusted()), ip("1.2.3.4"));
    let mapped = ["::ffff:10.0.0.0/104".parse().unwrap()];
    assert_eq!(client_ip(ip(PROXY), &headers, &mapped), ip("1.2.3.4"));
}

#[test]
fn an_address_is_read_in_all_its_dresses() {
    for (said, meant) in [
        ("1.2.3.4", "1.2.3.4"),
        ("1.2.3.4:5678", "1.2.3.4"),
        ("\"1.2.3.4\"", "1.2.3.4"),
        ("\"1.2.3.4:5678\"", "1.2.3.4"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("\"[2001:DB8::1]:4711\"", "2001:db8::1"),
        ("\"[2001:db8::1]:_hidden\"", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:1.2.3.4", "1.2.3.4"),
        ("[::ffff:1.2.3.4]:80", "1.2.3.4"),
        ("6.6.6.6,1.2.3.4", "1.2.3.4"),
        ("6.6.6.6 ,\t1.2.3.4:80 , 10.0.0.2:81", "1.2.3.4"),
        ("1.2.3.4, , 10.0.0.2,", "1.2.3.4"),
        ("\"6.6.6.6, 1.2.3.4", "1.2.3.4"),
        ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
    ] {
        assert_eq!(behind("x-forwarded-for", &[said]), ip(meant), "{said}");
    }
    for (said, meant) in [
        ("for=1.2.3.4", "1.2.3.4"),
        ("For=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
        ("for=1.2.3.4;proto=https;by=10.0.0.1", "1.2.3.4"),
        ("proto=https; for=\"1.2.3.4:80\" ; host=\"a;for=6.6.6.6,b\"", "1.2.3.4"),
        ("for=6.6.6.6, for=1.2.3.4, for=10.0.0.2", "1.2.3.4"),
        ("for=\"6.6.6.6, for=1.2.3.4", "1.2.3.4"),
        ("for=1.2.3.4;ext=\"\\\"\", for=10.0.0.2", "1.2.3.4"),
    ] {
        assert_eq!(behind("forwarded", &[said]), ip(meant), "{said}");
    }
}

#[test]
fn lines_are_one_list() {
    assert_eq!(behind("x-forwarded-for", &["6.6.6.6", "1.2.3.4, 10.0.0.3", "10.0.0.2"]), ip("1.2.3.4"));
    assert_eq!(behind("forwarded", &["for=6.6.6.6", "for=1.2.3.4", "for=10.0.0.2"]), ip("1.2.3.4"));
}

#[test]
fn what_names_nobody_leaves_the_nearest_hop_that_is_known() {
    for said in [
        "unknown",
        "_hidden",
        "-",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.4:x",
        "1.2.3.4:",
        "[1.2.3.4",
        "[2001:db8::1]x",
    ] {
        let chosen = format!("6.6.6.6, {said}, 10.0.0.2");
        assert_eq!(behind("x-forwarded-for", &[&chosen]), ip("10.0.0.2"), "{said}");
        let chosen = format!("for=6.6.6.6, for={said}, for=10.0.0.2");
        assert_eq!(behind("forwarded", &[&chosen]), ip("10.0.0.2"), "{said}");
    }
    assert_eq!(behind("x-forwarded-for", &["6.6.6.6, unknown"]), ip(PROXY));
    assert_eq!(behind("forwarded", &["for=6.6.6.6, proto=https"]), ip(PROXY));
    assert_eq!(behind("forwarded", &["for=6.6.6.6;for=7.7.7.7"]), ip(PROXY));
    assert_eq!(behind("x-forwarded-for", &["0.0.0.0"]), ip(PROXY));
}

#[test]
fn where_the_two_headers_disagree_neither_is_believed() {
    let both = |one: &str, other: &str| {
        let lines = [("x-forwarded-for", one.as_bytes()), ("forwarded", other.as_bytes())];
        client_ip(ip(PROXY), &headers(&lines), &trusted())
    };
    assert_eq!(both("1.2.3.4", "for=\"1.2.3.4:99\""), ip("1.2.3.4"));
    assert_eq!(both("1.2.3.4", "for=6.6.6.6"), ip(PROXY));
    assert_eq!(both("6.6.6.6", "for=1.2.3.4"), ip(PROXY));
}

#[test]
fn a_64_is_one_household() {
    assert_eq!(household(ip("1.2.3.4")), ip("1.2.3.4"));
    assert_eq!(household(ip("::ffff:1.2.3.4")), ip("1.2.3.4"));
    assert_eq!(household(ip("2001:db8:1:2:aaaa::1")), household(ip("2001:db8:1:2::2")));
    assert_ne!(household(ip("2001:db8:1:2::2")), household(ip("2001:db8:1:3::2")));
}

/// An address of the world outside.
fn outside() -> impl Strategy<Value = IpAddr> {
    let v4 = any::<u32>().prop_map(|bits| IpAddr::from(Ipv4Addr::from_bits(bits)));
    let v6 = any::<u128>().prop_map(|bits| IpAddr::from(Ipv6Addr::from_bits(bits)).to_canonical());
    prop_oneof![v4, v6].prop_filter("ours, or none", |ip| !is_ours(*ip, &trusted()) && !ip.is_unspecified())
}

/// As some proxy or other writes an address.
fn dressed(ip: IpAddr, dress: u8) -> String {
    match (ip, dress % 4) {
        (_, 0) => ip.to_string(),
        (IpAddr::V4(_), 1) => format!("{ip}:4711"),
        (IpAddr::V4(_), 2) => format!("\"{ip}\""),
        (IpAddr::V4(_), _) => format!("\"{ip}:_x\""),
        (IpAddr::V6(_), 1) => format!("[{ip}]"),
        (IpAddr::V6(_), 2) => format!("[{ip}]:4711"),
        (IpAddr::V6(_), _) => format!("\"[{ip}]:4711\""),
    }
}

/// What a client may put into a header.
fn anything() -> impl Strategy<Value = Vec<u8>> {
    let bytes = prop::collection::vec((0x20_u8..=0xff).prop_filter("no header", |byte| *byte != 0x7f), 0..40);
    let likely = prop::collection::vec(prop::sample::select(b"\",;=\\:[]for1.6 _".to_vec()), 0..40);
    prop_oneof![bytes, likely]
}

proptest! {
    /// Whatever the client sends, what the proxies of ours add is what counts.
    #[test]
    fn a_client_chooses_nothing(
        sent in prop::collection::vec(anything(), 0..3),
        client in outside(),
        dress in any::<u8>(),
        inner in 0_usize..4,
        joined in any::<bool>(),
        standard in any::<bool>(),
    ) {
        let name = if standard { "forwarded" } else { "x-forwarded-for" };
        let element = |text: String| match standard {
            // A colon is no token, so that a proxy must quote it.
            true if text.starts_with('"') => format!("for={text};proto=https"),
            true => format!("proto=https;For=\"{text}\""),
            false => text,
        };
        let mut added = vec![element(dressed(client, dress))];
        added.extend((0..inner).map(|at| element(format!("10.9.9.{at}"))));
        let mut lines = sent;
        for element in added {
            match lines.last_mut() {
                Some(last) if joined => last.extend(format!(", {element}").into_bytes()),
                _ => lines.push(element.into_bytes()),
            }
        }
        let lines: Vec<_> = lines.iter().map(|line| (name, line.as_slice())).collect();
        prop_assert_eq!(client_ip(ip(PROXY), &headers(&lines), &trusted()), client);
    }

    /// Who is no proxy of ours is who the connection comes from, whatever is sent.
    #[test]
    fn a_stranger_is_its_connection(sent in anything(), other in anything(), peer in outside()) {
        let headers = headers(&[("x-forwarded-for", &sent), ("forwarded", &other)]);
        prop_assert_eq!(client_ip(peer, &headers, &trusted()), peer);
    }
}
