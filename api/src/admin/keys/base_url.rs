//! Where a provider may be: any address that an admin names, as long as it is only an address.

use domain::reachable;

/// The longest address.
const MAX_BYTES: usize = 512;

/// An address as it is stored: without slashes at its end, which paths are put after.
pub(crate) fn parse(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    if text.len() > MAX_BYTES {
        return Err("must have at most 512 characters");
    }
    let url = reachable::parse(text)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must not have a query or fragment");
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Whether an address is one; nothing at all is none, and fits.
pub(crate) fn rule<C>(text: &str, _: &C) -> garde::Result {
    if text.trim().is_empty() {
        return Ok(());
    }
    parse(text).map(drop).map_err(garde::Error::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_addresses_are_taken() {
        for (text, stored) in [
            ("https://api.example.org", "https://api.example.org"),
            (" https://api.example.org/v1// ", "https://api.example.org/v1"),
            ("http://127.0.0.1:11434/", "http://127.0.0.1:11434"),
            ("HTTP://[::1]:80/x", "http://[::1]/x"),
        ] {
            assert_eq!(parse(text).as_deref(), Ok(stored), "{text}");
        }
        let long = format!("https://example.org/{}", "a".repeat(500));
        for text in [
            "api.example.org",
            "ftp://example.org",
            "file:///etc/passwd",
            "data:text/plain,x",
            "http://",
            "https://user:secret@example.org",
            "https://user@example.org",
            "https://example.org/?key=secret",
            "https://example.org/#x",
            "http://1.1.1.1:80\\@127.0.0.1",
            "http://exa\tmple.org",
            "http:example.org",
            &long,
        ] {
            let problem = parse(text).unwrap_err();
            assert!(!problem.contains("secret"), "{text}");
        }
        assert!(rule("", &()).is_ok() && rule("x", &()).is_err());
    }
}
