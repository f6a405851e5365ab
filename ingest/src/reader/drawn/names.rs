//! Names of glyphs that no list has, but that fonts of signs give again and again.
//!
//! Those of the Pi fonts (`H11005`) were looked at as they are drawn. Journals set `P < 0.05`, `±` and `μ` in them.

use std::collections::HashMap;

use hayro_syntax::object::{Array, Dict, Name, Object, Stream};

use super::super::unpacked::unpacked;

/// How much of a font is looked through for the names of its glyphs.
const HEAD: usize = 64 * 1024;

/// The signs that a font's own names give its codes.
pub(super) fn signs(dict: &Dict<'_>, descriptor: Option<&Dict<'_>>) -> HashMap<u32, char> {
    let mut signs = HashMap::new();
    if let Some(program) = descriptor.and_then(|descriptor| descriptor.get::<Stream<'_>>("FontFile"))
        && let Ok(program) = unpacked(&program)
    {
        built_in(program.get(..program.len().min(HEAD)).unwrap_or_default(), &mut signs);
    }
    for (code, name) in differences(dict) {
        match sign(&name) {
            Some(sign) => signs.insert(code, sign),
            None => signs.remove(&code),
        };
    }
    signs
}

/// The codes to which `Differences` give names.
pub(super) fn differences(dict: &Dict<'_>) -> Vec<(u32, String)> {
    let items = dict.get::<Dict<'_>>("Encoding").and_then(|dict| dict.get::<Array<'_>>("Differences"));
    let mut named = Vec::new();
    let mut code = 0_u32;
    for item in items.into_iter().flat_map(|items| items.iter::<Object<'_>>().collect::<Vec<_>>()) {
        match item {
            Object::Number(number) => code = u32::try_from(number.as_i64()).unwrap_or(0),
            Object::Name(name) => {
                named.push((code, Name::as_str(&name).to_owned()));
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    named
}

/// The encoding that a font of Type 1 has within: `dup 53 /H11005 put`.
fn built_in(program: &[u8], signs: &mut HashMap<u32, char>) {
    let text = String::from_utf8_lossy(program);
    let head = text.split("eexec").next().unwrap_or_default();
    let words: Vec<&str> = head.split_ascii_whitespace().collect();
    for part in words.windows(4) {
        if let ["dup", code, name, "put"] = part
            && let (Ok(code), Some(sign)) = (code.parse(), name.strip_prefix('/').and_then(sign))
        {
            signs.insert(code, sign);
        }
    }
}

fn sign(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('H')
        && number.bytes().all(|digit| digit.is_ascii_digit())
    {
        return pi(number.parse().ok()?);
    }
    if name == "HS11005" {
        return Some('≠');
    }
    // As they are usually called, but in capitals.
    let known = OTHERWISE.iter().find(|(known, _)| known.eq_ignore_ascii_case(name) && *known != name);
    known.map(|(_, sign)| *sign)
}

const OTHERWISE: [(&str, char); 12] = [
    ("bullet", '•'),
    ("divide", '÷'),
    ("equal", '='),
    ("greater", '>'),
    ("greaterequal", '≥'),
    ("less", '<'),
    ("lessequal", '≤'),
    ("minus", '−'),
    ("multiply", '×'),
    ("percent", '%'),
    ("plus", '+'),
    ("plusminus", '±'),
];

const CAPITALS: &str = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ";
const LETTERS: &str = "αβγδεζηθικλμνξοπρσςτυφχψωϖϑϕ";

/// A glyph of the Pi fonts, by its number.
fn pi(number: u32) -> Option<char> {
    let of = |letters: &str, first: u32| letters.chars().nth(usize::try_from(number - first).ok()?);
    let sign = match number {
        9_001..=9_024 => return of(CAPITALS, 9_001),
        9_251..=9_278 => return of(LETTERS, 9_251),
        11_001 | 11_501 | 11_536 => '+',
        11_002 | 11_502 | 11_537 => '−',
        11_003 | 11_503 | 11_538 => '×',
        11_004 | 11_504 | 11_539 => '÷',
        11_005 | 11_505 | 11_540 => '=',
        11_006 | 11_506 | 11_555 => '±',
        11_007 => '∓',
        11_008 => '∝',
        11_009 => '∞',
        11_011 => '∼',
        11_013 => '≡',
        11_015 => '≈',
        11_021 => '<',
        11_022 => '>',
        11_032 | 11_541 => '′',
        11_033 | 11_542 => '″',
        11_034 | 11_543 => '°',
        11_088 | 32_895 => '≤',
        11_091 | 32_897 => '≥',
        11_408 => '/',
        11_509 => '∂',
        11_612 => '∇',
        12_011 | 12_012 => '✓',
        17_073 => '▲',
        17_074 => '▼',
        17_075 => '▶',
        17_076 => '◀',
        18_528 => '•',
        18_533 | 18_567 => '●',
        18_540 | 22_071 => '○',
        18_543 | 18_546 | 18_549 => '■',
        18_551 | 18_554 | 22_073 => '□',
        20_038 => '♀',
        20_040 => '♂',
        20_320 => '←',
        20_321 => '→',
        20_322 => '↑',
        20_323 => '↓',
        20_844 => '√',
        20_848 => '∫',
        20_849 => '(',
        20_850 => ')',
        20_851 => '[',
        20_852 => ']',
        20_853 => '{',
        20_854 => '}',
        20_858 => '∑',
        20_863 => '∏',
        22_001 => '℞',
        22_074 => '☒',
        22_076 | 32_890 => '☑',
        22_107 | 22_108 => '#',
        _ => return None,
    };
    Some(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glyphs_of_pi_fonts_are_known_by_their_numbers() {
        let read = |names: &[&str]| -> String { names.iter().map(|name| sign(name).unwrap()).collect() };
        assert_eq!(read(&["H11001", "H11002", "H11003", "H11004", "H11005", "H11006"]), "+−×÷=±");
        assert_eq!(read(&["H11021", "H11022", "H11088", "H11091", "HS11005"]), "<>≤≥≠");
        assert_eq!(
            read(&["H9001", "H9004", "H9024", "H9251", "H9252", "H9262", "H9269", "H9278"]),
            "ΑΔΩαβμςϕ"
        );
        assert_eq!(sign("H17075"), Some('▶'));
        for unknown in ["H", "H1", "H9025", "HS11021", "Heart", "h11005"] {
            assert_eq!(sign(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn signs_may_be_named_in_capitals_and_letters_may_not() {
        assert_eq!(sign("Equal"), Some('='));
        assert_eq!(sign("Bullet"), Some('•'));
        // What the list has needs no help.
        assert_eq!(sign("equal"), None);
        assert_eq!(sign("Alpha"), None);
    }

    #[test]
    fn a_font_of_type_1_says_its_encoding_within() {
        let mut signs = HashMap::new();
        let program = b"/Encoding 256 array\r0 1 255 {1 index exch /.notdef put} for\rdup 53 /H11005 put\rdup 32 /space put\rreadonly def\reexec dup 54 /H11006 put";
        built_in(program, &mut signs);
        assert_eq!(signs, HashMap::from([(53, '=')]));
    }
}
