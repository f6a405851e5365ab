//! Which addresses a stranger's URL may lead to. In production nothing that somebody names may make the
//! platform call its own network: not itself, not its neighbours, not the cloud's metadata service.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// The one reader of addresses that somebody names: whoever checks one and whoever calls it read the same. Parsers
/// disagree about backslashes, white space, `@` and numbers that are hosts in disguise, so what has any is no address.
///
/// # Errors
/// What is wrong with it.
pub fn parse(text: &str) -> Result<Url, &'static str> {
    let text = text.trim_matches(' ');
    if text.chars().any(|c| c == '\\' || c.is_control() || c.is_whitespace()) {
        return Err("must have no backslashes or spaces in it");
    }
    let scheme = text
        .split_once("://")
        .filter(|(scheme, _)| ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)));
    let Some((_, rest)) = scheme else { return Err("must begin with http:// or https:// and name a host") };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err("must not have a user or password in it");
    }
    if authority.is_empty() || authority.starts_with(':') {
        return Err("must begin with http:// or https:// and name a host");
    }
    if authority.contains('%') {
        return Err("must not have a host with % in it");
    }
    let url = Url::parse(text).map_err(|_malformed| "is not a URL")?;
    if url.has_host() { Ok(url) } else { Err("must begin with http:// or https:// and name a host") }
}

/// The address of the host that a URL names by a number, if it does: in any writing of one.
pub fn number_of(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(ip) => Some(ip.into()),
        Host::Ipv6(ip) => Some(ip.into()),
        Host::Domain(_) => None,
    }
}

/// Whether an address is one of the public internet. Anything that is not surely so is not.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = match a {
        0 | 10 | 127 | 224.. => true, // this network, private, this host, multicast and above
        100 => (64..128).contains(&b), // carrier-grade NAT
        169 => b == 254,              // link-local, with the metadata service
        172 => (16..32).contains(&b), // private
        192 => match (b, c) {
            (0, 0 | 2) | (88, 99) | (168, _) => true, // protocol assignments, documentation, 6to4, private
            _ => false,
        },
        198 => matches!((b, c), (18 | 19, _) | (51, 100)), // benchmarks, documentation
        203 => (b, c) == (0, 113),                         // documentation
        _ => false,
    };
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    if let Some(within) = embedded(ip) {
        return is_public_v4(within);
    }
    let [a, b, ..] = ip.segments();
    // Only 2000::/3 is given out; in it, documentation and protocol assignments are nobody's.
    let given_out = a & 0xe000 == 0x2000;
    let special = (a == 0x2001 && (b < 0x0200 || b == 0x0db8)) || (a == 0x3fff && b < 0x1000);
    given_out && !special
}

/// The IPv4 address that an IPv6 address stands for: mapped, NAT64 or 6to4.
fn embedded(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match ip.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => Some(v4(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use ipnet::{Ipv4Net, Ipv6Net};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_two_parsers_would_read_in_two_ways_is_no_address() {
        for text in [
            "http://1.1.1.1:80\\@127.0.0.1",
            "http://1.1.1.1\\@127.0.0.1/",
            "http:\\\\127.0.0.1",
            "http://1.1.1.1 @127.0.0.1",
            "http://1.1.1.1:80@127.0.0.1",
            "http://1.1.1.1&@127.0.0.1",
            "http://1.1.1.1#@127.0.0.1 ",
            "ht\ntp://127.0.0.1",
            "http://127.0.\t0.1",
            "http:127.0.0.1",
            "http:/127.0.0.1",
            "http:///127.0.0.1",
            "http://%31%32%37.0.0.1",
            "//127.0.0.1",
            "http://",
            "http://:80",
            "http://[::1",
            "gopher://1.1.1.1",
            "",
        ] {
            if let Ok(url) = parse(text) {
                let host = number_of(&url).unwrap();
                assert!(is_public(host) && text.contains('#'), "{text} is read as {url}");
            }
        }
        for (text, host) in [
            ("http://2130706433", "127.0.0.1"),
            ("http://0x7f.1/v1", "127.0.0.1"),
            ("http://0177.0.0.1", "127.0.0.1"),
            ("http://127.0.0.1.", "127.0.0.1"),
            ("http://[::ffff:10.0.0.1]:80/", "::ffff:10.0.0.1"),
            ("HTTPS://1.1.1.1/@x", "1.1.1.1"),
            ("http://１２７.0.0.1", "127.0.0.1"),
        ] {
            assert_eq!(number_of(&parse(text).unwrap()), Some(host.parse().unwrap()), "{text}");
        }
        assert_eq!(number_of(&parse("https://api.example.org/v1?x=@y").unwrap()), None);
    }

    const PRIVATE_V4: [&str; 16] = [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "255.255.255.255/32",
    ];
    const PUBLIC_V6: &str = "2000::/3";
    const PRIVATE_V6: [&str; 4] = ["2001::/23", "2001:db8::/32", "3fff::/20", "2002:a00::/24"];

    fn private_v4(ip: Ipv4Addr) -> bool {
        PRIVATE_V4.iter().any(|net| net.parse::<Ipv4Net>().unwrap().contains(&ip))
    }

    #[test]
    fn well_known_addresses_are_told_apart() {
        for public in
            ["1.1.1.1", "8.8.8.8", "172.15.0.1", "192.169.0.1", "2606:4700::1111", "64:ff9b::8.8.8.8"]
        {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for private in [
            "127.0.0.1",
            "169.254.169.254",
            "10.1.2.3",
            "172.31.255.255",
            "192.168.0.1",
            "100.100.100.200",
            "0.0.0.0",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "2002:7f00:1::",
            "2001:db8::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
    }

    proptest! {
        #[test]
        fn an_ipv4_address_is_public_unless_a_list_has_it(bits: u32) {
            let ip = Ipv4Addr::from(bits);
            prop_assert_eq!(is_public(ip.into()), !private_v4(ip));
        }

        #[test]
        fn near_the_edges_of_the_lists_too(net in 0_usize..16, over in -2_i64..=2, last: bool) {
            let net: Ipv4Net = PRIVATE_V4[net].parse().unwrap();
            let edge = if last { net.broadcast() } else { net.network() };
            let bits = (i64::from(u32::from(edge)) + over).rem_euclid(1 << 32);
            let ip = Ipv4Addr::from(u32::try_from(bits).unwrap());
            prop_assert_eq!(is_public(ip.into()), !private_v4(ip));
        }

        #[test]
        fn wrapping_an_address_does_not_change_what_it_is(bits: u32) {
            let ip = Ipv4Addr::from(bits);
            prop_assert_eq!(is_public(ip.to_ipv6_mapped().into()), is_public(ip.into()));
            // Given up long ago, and routed nowhere.
            prop_assert!(!is_public(ip.to_ipv6_compatible().into()));
        }

        #[test]
        fn a_public_ipv6_address_was_given_out(bits: u128) {
            let ip = Ipv6Addr::from(bits);
            if is_public(ip.into()) && embedded(ip).is_none() {
                prop_assert!(PUBLIC_V6.parse::<Ipv6Net>().unwrap().contains(&ip));
                prop_assert!(!PRIVATE_V6.iter().any(|net| net.parse::<Ipv6Net>().unwrap().contains(&ip)));
            }
        }
    }
}
