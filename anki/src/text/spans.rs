//! What stands in a line: links, code, and the names of images.

use std::fmt::Write as _;

use super::{blocks::one_line, signs::is_sign};

/// A link.
pub(super) fn link(text: &str, address: &str) -> String {
    let shown = text.trim();
    if shown.is_empty() || text.contains('\n') {
        return text.to_owned();
    }
    let (begin, end) = (text.starts_with(' '), text.ends_with(' '));
    format!("{}[{shown}]({}){}", if begin { " " } else { "" }, encoded(address), if end { " " } else { "" })
}

/// Code within a line: as many backticks as it needs.
pub(super) fn code(text: &str) -> String {
    let text = one_line(text);
    if text.is_empty() {
        return text;
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// A name or an address as Markdown has it, within round brackets.
pub(super) fn encoded(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for c in address.chars().filter(|c| !is_sign(*c)) {
        match c {
            ' '
            | '('
            | ')'
            | '<'
            | '>'
            | '\\'
            | '%'
            | '*'
            | '_'
            | '`'
            | '$'
            | '~'
            | '['
            | ']'
            | '&'
            | '|'
            | '"'
            | '\0'..='\u{1f}' => {
                // Writing to a string does not fail.
                let _always = write!(out, "%{:02X}", c as u32);
            }
            c => out.push(c),
        }
    }
    out
}

/// The name that was encoded.
pub(crate) fn decoded(address: &str) -> String {
    let mut bytes = Vec::with_capacity(address.len());
    let mut rest = address.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex =
            (*first == b'%').then(|| after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok())).flatten();
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
