//! Whom a request comes from: the address of the connection, or, where that is a proxy of ours, what it says in
//! `X-Forwarded-For` and `Forwarded` (RFC 7239). The only place that reads them.
//!
//! **Rule:** each proxy adds whom it heard from at the right end, so that the walk begins there and goes on only past
//! proxies of ours. What it meets further left was sent by the client, and is never believed. Where an entry names
//! nobody (`unknown`, `_hidden`, damaged), the nearest hop that is known counts: the proxy that wrote it.

use std::{
    borrow::Cow,
    net::{IpAddr, Ipv6Addr},
};

use axum::http::HeaderMap;
use ipnet::IpNet;

/// The address of the client, as far as it can be known.
pub(crate) fn client_ip(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let peer = peer.to_canonical();
    if !is_ours(peer, trusted) {
        return peer;
    }
    let plain = walk(peer, trusted, hops(headers, "x-forwarded-for", node));
    let standard = walk(peer, trusted, hops(headers, "forwarded", for_of));
    match (plain, standard) {
        (Some(one), Some(other)) if one == other => one,
        (Some(one), None) | (None, Some(one)) => one,
        // One of them went through as the client sent it, and nothing tells which; or there is none.
        (Some(_), Some(_)) | (None, None) => peer,
    }
}

/// What is counted as one client: who has an IPv6 address has a whole /64 of them.
pub(crate) fn household(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.into(),
        IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX)).into(),
    }
}

/// Whether an address is of a proxy of ours, however the network is written.
pub(crate) fn is_ours(ip: IpAddr, trusted: &[IpNet]) -> bool {
    let mapped = match ip {
        IpAddr::V4(ip) => Some(IpAddr::from(ip.to_ipv6_mapped())),
        IpAddr::V6(_) => None,
    };
    trusted.iter().any(|net| net.contains(&ip) || mapped.is_some_and(|mapped| net.contains(&mapped)))
}

/// Goes from hop to hop, nearest first, past proxies of ours. `None` where there are none.
fn walk(peer: IpAddr, trusted: &[IpNet], hops: Vec<Option<IpAddr>>) -> Option<IpAddr> {
    let mut client = None;
    for hop in hops {
        let at = client.unwrap_or(peer);
        if !is_ours(at, trusted) {
            break;
        }
        let Some(hop) = hop else { return Some(at) };
        client = Some(hop);
    }
    client
}

/// The hops of all lines of a header, nearest first; `None` is one that names nobody.
fn hops(headers: &HeaderMap, name: &str, read: impl Fn(&str) -> Option<IpAddr>) -> Vec<Option<IpAddr>> {
    let lines: Vec<_> = headers.get_all(name).iter().collect();
    let mut hops = Vec::new();
    for line in lines.into_iter().rev() {
        // The part that a client wrote may hold any bytes, which must not hide the part of our proxy.
        let line = String::from_utf8_lossy(line.as_bytes());
        // Lists may have elements that are empty; they mean nothing.
        let elements = from_the_right(&line).map(str::trim).filter(|element| !element.is_empty());
        hops.extend(elements.map(&read));
    }
    hops
}

/// The elements of a list, the last first. Commas in quotes part nothing. Read from the right, so that a quote which
/// a client left open swallows nothing of what was added after it.
fn from_the_right(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest?;
        let mut quoted = false;
        for (at, byte) in line.bytes().enumerate().rev() {
            match byte {
                b'"' if !is_escaped(line, at) => quoted = !quoted,
                b',' if !quoted => {
                    let (before, element) = line.split_at_checked(at)?;
                    rest = Some(before);
                    return element.get(1..);
                }
                _ => {}
            }
        }
        rest = None;
        Some(line)
    })
}

fn is_escaped(line: &str, at: usize) -> bool {
    let before = line.as_bytes().get(..at).unwrap_or_default();
    before.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

/// Whom an element of `Forwarded` is for: `for="[2001:db8::1]:4711";proto=https`.
fn for_of(element: &str) -> Option<IpAddr> {
    let mut found = None;
    for pair in pairs(element) {
        let Some((name, value)) = pair.split_once('=') else { continue };
        if name.trim().eq_ignore_ascii_case("for") {
            if found.is_some() {
                // Said twice, it says nothing.
                return None;
            }
            found = Some(node(value)?);
        }
    }
    found
}

/// What is between the semicolons that are not in quotes.
fn pairs(element: &str) -> Vec<&str> {
    let (mut pairs, mut quoted, mut from) = (Vec::new(), false, 0);
    for (at, byte) in element.bytes().enumerate() {
        match byte {
            b'"' if !is_escaped(element, at) => quoted = !quoted,
            b';' if !quoted => {
                pairs.extend(element.get(from..at));
                from = at + 1;
            }
            _ => {}
        }
    }
    pairs.extend(element.get(from..));
    pairs
}

/// The address of a node: bare, in quotes, in brackets, with a port, with a zone.
fn node(text: &str) -> Option<IpAddr> {
    let text = unquoted(text.trim())?;
    let text = text.trim();
    let ip = match text.strip_prefix('[') {
        Some(rest) => {
            let (inside, after) = rest.split_once(']')?;
            if !(after.is_empty() || after.strip_prefix(':').is_some_and(is_port)) {
                return None;
            }
            IpAddr::V6(without_zone(inside).parse().ok()?)
        }
        None => match text.split_once(':') {
            // One colon parts a port; an IPv6 address has more.
            Some((host, port)) if !port.contains(':') => {
                IpAddr::V4(host.parse().ok().filter(|_| is_port(port))?)
            }
            _ => without_zone(text).parse().ok()?,
        },
    };
    let ip = ip.to_canonical();
    (!ip.is_unspecified()).then_some(ip)
}

fn without_zone(text: &str) -> &str {
    text.split_once('%').map_or(text, |(address, _)| address)
}

/// A number, or a name of the proxy's own that hides it.
fn is_port(text: &str) -> bool {
    match text.strip_prefix('_') {
        Some(name) => {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        }
        None => (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()),
    }
}

/// What is in the quotes, if there are any; `None` where they do not match.
fn unquoted(text: &str) -> Option<Cow<'_, str>> {
    let Some(rest) = text.strip_prefix('"') else {
        return (!text.contains('"')).then_some(Cow::Borrowed(text));
    };
    let inside = rest.strip_suffix('"')?;
    let (mut plain, mut escaped) = (String::new(), false);
    for c in inside.chars() {
        match c {
            '\\' if !escaped => escaped = true,
            '"' if !escaped => return None,
            c => {
                plain.push(c);
                escaped = false;
            }
        }
    }
    (!escaped).then_some(Cow::Owned(plain))
}

#[cfg(test)]
#[path = "forwarded_tests.rs"]
mod tests;
