//! Reads the JSON that servers send, also where it is not quite JSON: halves of surrogate pairs, bytes that are no
//! text, raw control characters, `NaN`. What is JSON is read as it is.

use std::fmt::Write as _;

use serde_json::Value;

/// Where halves of surrogate pairs stand until they are joined: the end of the last private plane.
const HALVES: u32 = 0x10_F800;

/// The first of the surrogates.
const SURROGATES: u32 = 0xD800;

/// The character that stands for what was lost.
pub(super) const LOST: char = '\u{FFFD}';

/// A value, and whether its texts may hold [`half`]s, since it had to be mended.
#[derive(Debug, PartialEq)]
pub(super) struct Read {
    pub(super) value: Value,
    pub(super) halves: bool,
}

/// Reads a value; none where there is none, however one looks at it.
pub(super) fn parse(bytes: &[u8]) -> Option<Read> {
    if let Ok(value) = serde_json::from_slice(bytes) {
        return Some(Read { value, halves: false });
    }
    let text = String::from_utf8_lossy(bytes);
    // A text that has such characters of its own cannot have halves, too: they are lost.
    let taken = text.chars().any(|c| half(c).is_some());
    let value = serde_json::from_str(&mend(&text, taken)).ok()?;
    Some(Read { value, halves: !taken })
}

/// The half of a surrogate pair that a character of a mended text stands for.
pub(super) fn half(c: char) -> Option<u16> {
    let unit = u32::from(c).checked_sub(HALVES)? + SURROGATES;
    u16::try_from(unit).ok()
}

/// The character that stands for half a pair.
fn stands_for(unit: u16) -> char {
    u32::from(unit).checked_sub(SURROGATES).and_then(|unit| char::from_u32(HALVES + unit)).unwrap_or(LOST)
}

/// Makes JSON of what nearly is.
fn mend(text: &str, taken: bool) -> String {
    let mut mended = String::with_capacity(text.len() + 16);
    let mut rest = text;
    let mut within = false;
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        match c {
            '"' => {
                within = !within;
                mended.push(c);
            }
            '\\' if within => length = escape(rest, taken, &mut mended),
            c if within && u32::from(c) < 0x20 => {
                // Writing to a string cannot fail.
                let _written = write!(mended, "\\u{:04x}", u32::from(c));
            }
            _ if !within && begins_number(rest).is_some() => {
                length = begins_number(rest).unwrap_or(length);
                mended.push_str("null");
            }
            c => mended.push(c),
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    mended
}

/// The length of a number that JSON does not have.
fn begins_number(rest: &str) -> Option<usize> {
    ["NaN", "-NaN", "Infinity", "-Infinity"].into_iter().find(|name| rest.starts_with(name)).map(str::len)
}

/// Copies one escape, and says how long it was.
fn escape(rest: &str, taken: bool, mended: &mut String) -> usize {
    let named = rest.chars().nth(1);
    if let Some(unit) = unit(rest) {
        let low = rest.get(6..).and_then(self::unit).filter(|next| (0xDC00..0xE000).contains(next));
        let low = low.filter(|_| unit_is_high(unit));
        let length = if low.is_some() { 12 } else { 6 };
        match (unit, low) {
            // One of the characters that stand for halves: it is made of its own.
            (0xDBFE | 0xDBFF, Some(low)) if !taken => mended.extend([stands_for(unit), stands_for(low)]),
            (0xD800..=0xDFFF, None) => mended.push(if taken { LOST } else { stands_for(unit) }),
            _ => mended.push_str(rest.get(..length).unwrap_or_default()),
        }
        return length;
    }
    match named {
        Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => {
            mended.push_str(rest.get(..2).unwrap_or_default());
            2
        }
        // Such as LaTeX that nobody escaped.
        _ => {
            mended.push_str("\\\\");
            1
        }
    }
}

const fn unit_is_high(unit: u16) -> bool {
    unit >= 0xD800 && unit < 0xDC00
}

/// The unit of `\uXXXX` at the beginning.
fn unit(rest: &str) -> Option<u16> {
    let digits = rest.strip_prefix("\\u")?.get(..4)?;
    if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        u16::from_str_radix(digits, 16).ok()
    } else {
        None
    }
}

/// Joins halves that came in two pieces of a text.
#[derive(Debug, Default)]
pub(super) struct Joiner {
    high: Option<u16>,
}

impl Joiner {
    /// The next piece; its last half may wait for the next.
    pub(super) fn push(&mut self, piece: String, halves: bool) -> String {
        if piece.is_empty() || (!halves && self.high.is_none()) {
            return piece;
        }
        let mut joined = String::with_capacity(piece.len() + 4);
        for c in piece.chars() {
            let unit = half(c).filter(|_| halves);
            let waiting = self.high.take();
            if let (Some(high), Some(low)) = (waiting, unit)
                && let Some(Ok(whole)) = char::decode_utf16([high, low]).next()
            {
                joined.push(whole);
                continue;
            }
            if waiting.is_some() {
                joined.push(LOST);
            }
            match unit {
                Some(unit) if unit_is_high(unit) => self.high = Some(unit),
                Some(_) => joined.push(LOST),
                None => joined.push(c),
            }
        }
        joined
    }

    /// What is left at the end.
    pub(super) fn finish(&mut self) -> Option<String> {
        self.high.take().map(|_| LOST.to_string())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn joined(pieces: &[&str]) -> String {
        let mut joiner = Joiner::default();
        let mut text = String::new();
        for piece in pieces {
            let read = parse(piece.as_bytes()).unwrap();
            text.push_str(&joiner.push(read.value.as_str().unwrap().to_owned(), read.halves));
        }
        text.push_str(&joiner.finish().unwrap_or_default());
        text
    }

    #[test]
    fn halves_are_joined_or_lost_and_nothing_else_is() {
        assert_eq!(joined(&[r#""The heart \ud83e""#, r#""\udec0 pumps.""#]), "The heart 🫀 pumps.");
        assert_eq!(joined(&[r#""a\ud83e""#, r#""""#, r#""\udec0b""#]), "a🫀b");
        assert_eq!(joined(&[r#""a\ud83e""#, r#""b""#]), "a\u{FFFD}b");
        assert_eq!(joined(&[r#""a\udec0b\ud83e""#]), "a\u{FFFD}b\u{FFFD}");
        assert_eq!(joined(&[r#""\ud83e\udec0 \\ud83e""#]), "🫀 \\ud83e");
        assert_eq!(joined(&["\"own \u{10F83E}\"", r#""\ud83e""#]), "own \u{10F83E}\u{FFFD}");
        assert_eq!(joined(&[r#""\ud800\udbfe\udc00\ud83e""#, r#""\udec0""#]), "\u{FFFD}\u{10F800}🫀");
        assert_eq!(joined(&["\"own \u{10F83E} \\ud83e\"", r#""\udec0""#]), "own \u{10F83E} \u{FFFD}\u{FFFD}");
    }

    #[test]
    fn what_is_nearly_json_is_read() {
        let value = |bytes: &[u8]| parse(bytes).map(|read| read.value);
        assert_eq!(
            value(b"{\"a\":NaN,\"b\":[-Infinity,1],\"c\":\"NaN\"}"),
            Some(json!({ "a": null, "b": [null, 1], "c": "NaN" }))
        );
        assert_eq!(value(b"\"a\tb\nc\""), Some(json!("a\tb\nc")));
        assert_eq!(value(b"\"5 \xb5g\""), Some(json!("5 \u{FFFD}g")));
        assert_eq!(value(b"\"$\\alpha$\""), Some(json!("$\\alpha$")));
        for nothing in ["", "{", "hello", "{\"a\":}", "\"\\"] {
            assert_eq!(value(nothing.as_bytes()), None, "{nothing}");
        }
    }

    proptest! {
        #[test]
        fn json_is_read_as_it_is(text in "\\PC{0,40}", ascii: bool) {
            let plain = serde_json::to_string(&text).unwrap();
            let wire = if ascii {
                let unit = |unit: u16| if unit < 0x80 { String::new() } else { format!("\\u{unit:04x}") };
                plain.chars().map(|c| if c.is_ascii() { c.to_string() } else {
                    let mut units = [0; 2];
                    c.encode_utf16(&mut units).iter().map(|u| unit(*u)).collect()
                }).collect()
            } else { plain };
            prop_assert_eq!(parse(wire.as_bytes()), Some(Read { value: json!(text.clone()), halves: false }));
            prop_assert_eq!(serde_json::from_str::<Value>(&mend(&wire, false)).unwrap(), json!(text));
        }

        #[test]
        fn halves_in_any_order_are_text(units in prop::collection::vec(prop_oneof![0xD800_u16..0xE000, 0x41_u16..0x45], 0..12), at in 0_usize..12) {
            let escape = |unit: &u16| format!("\\u{unit:04x}");
            let escaped = |units: &[u16]| format!("\"{}\"", units.iter().map(escape).collect::<String>());
            let (before, after) = units.split_at(at.min(units.len()));
            prop_assert_eq!(joined(&[&escaped(before), &escaped(after)]), String::from_utf16_lossy(&units));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..60), text in "[\\\\u0-9a-fdD\"{}:,]{0,40}") {
            parse(&bytes);
            parse(text.as_bytes());
        }
    }
}
