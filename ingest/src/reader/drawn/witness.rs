//! What else is known of a glyph than what the file says that it means: its name, the encoding, and its neighbours.
//!
//! Where these say another figure, or another sign that changes a number, nobody knows which of them is drawn.

use std::collections::HashMap;

use hayro_cmap::{BfString, CMap, load_embedded};
use hayro_syntax::object::{Dict, Name, Stream};

use super::{super::guard, fonts::is_embedded, names};

/// Of as many codes that say what they are by ASCII, and as large a share of all, it is certain that all codes do.
const ENOUGH: usize = 8;
const SHARE: f64 = 0.9;

/// What the other sources say of the codes of a font.
pub(super) struct Witness {
    /// Codes that the file gives a glyph by name.
    named: HashMap<u32, String>,
    encoding: Option<Encoding>,
    /// Whether what the file says of the codes shows that they are those of ASCII.
    is_ascii: bool,
}

/// Encodings that are defined by the format.
#[derive(Clone, Copy)]
enum Encoding {
    Windows,
    Mac,
    Standard,
}

impl Witness {
    pub(super) fn of(dict: &Dict<'_>, descriptor: Option<&Dict<'_>>, composite: bool) -> Self {
        let named: HashMap<u32, String> = names::differences(dict).into_iter().collect();
        if composite {
            return Self { named, encoding: None, is_ascii: false };
        }
        Self { named, encoding: encoding(dict, descriptor), is_ascii: is_ascii(dict) }
    }

    /// Whether a code's glyph has a name.
    pub(super) fn names(&self, code: u32) -> bool {
        self.named.contains_key(&code)
    }

    /// Whether a code's glyph has a name that says nothing, and least of all that it is this code: `/g12` is no `1`, and
    /// `/G31` is, by its number.
    pub(super) fn names_oddly(&self, code: u32) -> bool {
        let Some(name) = self.named.get(&code) else { return false };
        let number = name.trim_start_matches(|sign: char| !sign.is_ascii_digit());
        let is_code = number.parse() == Ok(code) || u32::from_str_radix(number, 16) == Ok(code);
        !is_code
    }

    /// The figure or sign that a glyph is by another source, where the file says `said`.
    pub(super) fn contradicts(&self, code: u32, said: &str) -> Option<char> {
        let mut signs = said.chars();
        let one = match (signs.next(), signs.next()) {
            (Some(sign), None) => Some(sign),
            _ => None,
        };
        let is_other = |other: &char| one.is_none_or(|said| !is_alike(said, *other));
        let matters = |other: &char| is_figure(*other) || one.is_some_and(is_figure);
        if let Some(name) = self.named.get(&code) {
            return figure_named(name).filter(is_other);
        }
        if let Some(encoding) = self.encoding {
            return encoding.sign(code).filter(|other| matters(other) && is_other(other));
        }
        if !self.is_ascii {
            return None;
        }
        match ascii(code) {
            Some(sign) => Some(sign).filter(|other| matters(other) && is_other(other)),
            // It has a code of its own already.
            None => one.filter(|said| code < 0x20 && (said.is_ascii_digit() || said.is_ascii_punctuation())),
        }
    }
}

/// Whether a sign is a figure, or one that changes what a number means.
pub(super) fn is_figure(sign: char) -> bool {
    sign.is_ascii_digit() || ".,+/×÷≤≥<>=≠±%‰μµ°".contains(sign)
}

/// Whether two signs are drawn alike, or mean the same.
pub(super) fn is_alike(one: char, other: char) -> bool {
    let plain = |sign: char| match sign {
        '⁄' | '∕' | '／' => '/',
        '˚' | 'º' => '°',
        '∙' | '⋅' | '·' | '․' => '.',
        '٫' | '‚' | '،' => ',',
        '٪' => '%',
        sign => guard::digit(sign).unwrap_or_else(|| guard::same(sign)),
    };
    plain(one) == plain(other)
}

/// The encoding by which a font's glyphs are found, unless its own program decides.
fn encoding(dict: &Dict<'_>, descriptor: Option<&Dict<'_>>) -> Option<Encoding> {
    const NON_SYMBOLIC: i64 = 32;
    let base = dict.get::<Name<'_>>("Encoding").or_else(|| {
        dict.get::<Dict<'_>>("Encoding").and_then(|encoding| encoding.get::<Name<'_>>("BaseEncoding"))
    });
    let is_embedded = is_embedded(descriptor);
    let is = |kind: &[u8]| dict.get::<Name<'_>>("Subtype").is_some_and(|found| found.as_ref() == kind);
    let flags = descriptor.and_then(|descriptor| descriptor.get::<i64>("Flags")).unwrap_or(0);
    if is(b"Type3") || (is(b"TrueType") && is_embedded && flags & NON_SYMBOLIC == 0) {
        return None;
    }
    match base.as_ref().map(AsRef::as_ref) {
        Some(b"WinAnsiEncoding") => Some(Encoding::Windows),
        Some(b"MacRomanEncoding") => Some(Encoding::Mac),
        Some(b"StandardEncoding") => Some(Encoding::Standard),
        Some(_) => None,
        None => (!is_embedded).then_some(Encoding::Standard),
    }
}

impl Encoding {
    fn sign(self, code: u32) -> Option<char> {
        let high = match (self, code) {
            (Self::Windows, 0x89) | (Self::Mac, 0xe4) | (Self::Standard, 0xbd) => '‰',
            (Self::Windows, 0xb0) | (Self::Mac, 0xa1) => '°',
            (Self::Windows | Self::Mac, 0xb1) => '±',
            (Self::Windows | Self::Mac, 0xb5) => 'μ',
            (Self::Windows, 0xd7) => '×',
            (Self::Windows, 0xf7) | (Self::Mac, 0xd6) => '÷',
            (Self::Mac, 0xad) => '≠',
            (Self::Mac, 0xb2) => '≤',
            (Self::Mac, 0xb3) => '≥',
            _ => return ascii(code),
        };
        Some(high)
    }
}

/// What ASCII has at a code, but for the quotes, which encodings have otherwise.
fn ascii(code: u32) -> Option<char> {
    char::from_u32(code).filter(|sign| sign.is_ascii_graphic() && !matches!(sign, '\'' | '`' | '"'))
}

/// Whether nearly all that a file says of a font's codes is what ASCII says, too.
fn is_ascii(dict: &Dict<'_>) -> bool {
    let Some(stream) = dict.get::<Stream<'_>>("ToUnicode") else { return false };
    if super::super::unpacked::is_bomb(&stream) {
        return false;
    }
    let map = stream.decoded_data().ok().and_then(|data| CMap::parse(&data, load_embedded));
    let Some(map) = map else { return false };
    let said: Vec<bool> = (0x21..0x7f)
        .filter_map(|code| Some(map.lookup_bf_string(code)? == BfString::Char(char::from_u32(code)?)))
        .collect();
    let right = said.iter().filter(|is_own| **is_own).count();
    #[expect(clippy::cast_precision_loss, reason = "94 codes")]
    let share = right as f64 / said.len().max(1) as f64;
    right >= ENOUGH && share >= SHARE
}

/// What figures, and signs that change a number, are called.
const NAMES: [(&str, char); 27] = [
    ("zero", '0'),
    ("one", '1'),
    ("two", '2'),
    ("three", '3'),
    ("four", '4'),
    ("five", '5'),
    ("six", '6'),
    ("seven", '7'),
    ("eight", '8'),
    ("nine", '9'),
    ("period", '.'),
    ("comma", ','),
    ("plus", '+'),
    ("slash", '/'),
    ("multiply", '×'),
    ("divide", '÷'),
    ("lessequal", '≤'),
    ("greaterequal", '≥'),
    ("less", '<'),
    ("greater", '>'),
    ("equal", '='),
    ("notequal", '≠'),
    ("plusminus", '±'),
    ("percent", '%'),
    ("perthousand", '‰'),
    ("mu", 'μ'),
    ("degree", '°'),
];

fn figure_named(name: &str) -> Option<char> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, sign)| *sign)
}
