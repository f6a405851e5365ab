//! Fonts of signs, which are read by the code of each glyph, whatever the file says that it means.
//!
//! Files say `m` of what is drawn as μ, or a number that is theirs alone. The name of the font says which table holds.

use super::wingdings::{WEBDINGS, WINGDINGS, WINGDINGS_HIGH, WINGDINGS2, WINGDINGS3};

/// A font whose signs are known by their codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbols {
    /// Adobe's Symbol, and what others call so.
    Symbol,
    Dingbats,
    Wingdings,
    Wingdings2,
    Wingdings3,
    Webdings,
}

impl Symbols {
    /// By the name of a font, which may have a prefix (`ABCDEF+Symbol`) and a style (`Symbol,Bold`).
    pub(super) fn named(font: &str) -> Option<Self> {
        let name = font.split_once('+').map_or(font, |(_, name)| name).to_ascii_lowercase();
        let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let after = |start: &str| name.strip_prefix(start);
        // Not of fonts that have signs among much else, under their own numbers: Segoe UI Symbol, Symbola.
        if let Some(style) = after("symbol") {
            let styles = [
                "mt",
                "ps",
                "std",
                "neu",
                "tt",
                "bold",
                "italic",
                "oblique",
                "regular",
                "normal",
                "proportional",
            ];
            let is_style = style.is_empty() || styles.iter().any(|known| style.starts_with(known));
            return is_style.then_some(Self::Symbol);
        }
        if after("standardsym").is_some() || after("euclidsymbol").is_some() {
            return Some(Self::Symbol);
        }
        if let Some(rest) = after("wingdings") {
            return Some(match rest.chars().next() {
                Some('2') => Self::Wingdings2,
                Some('3') => Self::Wingdings3,
                _ => Self::Wingdings,
            });
        }
        if after("webdings").is_some() {
            return Some(Self::Webdings);
        }
        (after("zapfdingbats").is_some() || after("itczapfdingbats").is_some() || after("dingbats").is_some())
            .then_some(Self::Dingbats)
    }

    /// The sign of a code.
    pub(super) fn sign(self, code: u8) -> Option<char> {
        let sign = match self {
            Self::Symbol => from(SYMBOL, 0x20, code).or_else(|| from(SYMBOL_HIGH, 0xa0, code)),
            Self::Dingbats => dingbat(code),
            Self::Wingdings => from(WINGDINGS, 0x21, code).or_else(|| from(WINGDINGS_HIGH, 0x80, code)),
            Self::Wingdings2 => from(WINGDINGS2, 0x21, code),
            Self::Wingdings3 => from(WINGDINGS3, 0x21, code),
            Self::Webdings => from(WEBDINGS, 0x21, code),
        };
        sign.filter(|sign| *sign != NONE).or(match code {
            b' ' | 0xa0 => Some(' '),
            _ => None,
        })
    }

    /// The sign that is meant where a file says `said`: a private number is a code, and so is a letter, since fonts of
    /// signs have none.
    pub(super) fn meant(self, said: char) -> Option<char> {
        let code = match u32::from(said) {
            code @ 0x20..=0xff => code,
            private @ 0xf020..=0xf0ff => private - 0xf000,
            _ => return Some(said),
        };
        let sign = self.sign(u8::try_from(code).ok()?);
        // What Symbol has under the numbers that others have for it, too.
        if self == Self::Symbol && code > 0xa0 && code < 0x100 && u32::from(said) < 0x100 {
            return latin(said).or(sign);
        }
        sign
    }
}

/// A sign of Latin 1 that Symbol has, so that it is likely meant.
fn latin(said: char) -> Option<char> {
    matches!(said, '±' | '×' | '÷' | '°' | '¬' | 'µ').then_some(if said == 'µ' { 'μ' } else { said })
}

/// Stands where a table has nothing.
const NONE: char = '\0';

fn from(table: &str, first: u8, code: u8) -> Option<char> {
    table.chars().nth(usize::from(code.checked_sub(first)?))
}

const SYMBOL: &str =
    " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼";

const SYMBOL_HIGH: &str =
    "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…│─↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪\0〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭";

fn dingbat(code: u8) -> Option<char> {
    let sign = match code {
        0x25 => '☎',
        0x2a => '☛',
        0x2b => '☞',
        0x48 => '★',
        0x6c => '●',
        0x6e => '■',
        0x73 => '▲',
        0x74 => '▼',
        0x75 => '◆',
        0x77 => '◗',
        0xa8 => '♣',
        0xa9 => '♦',
        0xaa => '♥',
        0xab => '♠',
        0xd5 => '→',
        0xd6 => '↔',
        0xd7 => '↕',
        0xac..=0xb5 => char::from_u32(0x2460 + u32::from(code - 0xac))?,
        0x21..=0x7e => char::from_u32(0x26e0 + u32::from(code))?,
        0xa1..=0xa7 => char::from_u32(0x2761 + u32::from(code - 0xa1))?,
        0xb6..=0xfe => char::from_u32(0x2776 + u32::from(code - 0xb6))?,
        _ => return None,
    };
    Some(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_font_of_signs_is_known_by_its_name_with_prefix_and_style() {
        for name in
            ["Symbol", "ABCDEF+Symbol", "SymbolMT", "ABCDEE+SymbolMT", "Symbol,Bold", "Symbol-BoldItalic"]
        {
            assert_eq!(Symbols::named(name), Some(Symbols::Symbol), "{name}");
        }
        assert_eq!(Symbols::named("ABCDEF+Wingdings-Regular"), Some(Symbols::Wingdings));
        assert_eq!(Symbols::named("Wingdings2"), Some(Symbols::Wingdings2));
        assert_eq!(Symbols::named("Wingdings 3"), Some(Symbols::Wingdings3));
        assert_eq!(Symbols::named("ZapfDingbats"), Some(Symbols::Dingbats));
        for name in ["Times-Roman", "SymbolaRegular", "ABCDEF+SegoeUISymbol"] {
            assert_eq!(Symbols::named(name), None, "{name}");
        }
    }

    #[test]
    fn signs_that_change_doses_are_right() {
        let read = |codes: &[u8]| -> String {
            codes.iter().map(|code| Symbols::Symbol.sign(*code).unwrap()).collect()
        };
        assert_eq!(read(b"m\xa3\xb3\xb1\xb4\xb8\xb0\xb9\xbb"), "μ≤≥±×÷°≠≈");
        assert_eq!(read(b"\xab\xac\xad\xae\xaf\xb5\xa5\xd7\xdb\xde"), "↔←↑→↓∝∞⋅⇔⇒");
        assert_eq!(read(b"\xe5\xf2\xd5\xd6\xfe\xf1"), "∑∫∏√⎭〉");
        assert_eq!(read(b"abDWw-/"), "αβΔΩω−/");
        assert_eq!(Symbols::Symbol.sign(0xf0), None);
    }

    #[test]
    fn arrows_ticks_and_numbers_in_circles_are_right() {
        let read = |codes: &[u8]| -> String {
            codes.iter().map(|code| Symbols::Wingdings.sign(*code).unwrap()).collect()
        };
        assert_eq!(read(b"\xdf\xe0\xe1\xe2\xe8\xf0"), "←→↑↓→⇨");
        assert_eq!(read(b"\xfb\xfc\xfd\xfe\x81\x8c\xa7ln"), "✗✓☒☑①❶▪●■");
        let read = |font: Symbols, codes: &[u8]| -> String {
            codes.iter().map(|code| font.sign(*code).unwrap()).collect()
        };
        assert_eq!(
            read(Symbols::Wingdings2, b"OPQRST\x69\x6a\x73\x74\x75\x7e\x97\x98\xa2\xa3"),
            "✗✓☒☑☒☒⓪①⑩⓿❶❿•●■□"
        );
        assert_eq!(
            read(Symbols::Wingdings3, b"!\"#$%&'(12fghijklmnopqrstuvw\x8a\xb6\xc8\xd8\xf0"),
            "←→↑↓↖↗↙↘↔↕←→↑↓↖↗↙↘↔↕▲▼△▽◀▶◁▷→→↓↘🢗"
        );
        assert_eq!(read(Symbols::Webdings, b"3456acgnr\xe9\xff"), "◀▶▲▼✔□■●🗙♿🕊");
        assert_eq!(Symbols::Dingbats.sign(b'4'), Some('✔'));
        assert_eq!(Symbols::Dingbats.sign(0xd5), Some('→'));
        assert_eq!(Symbols::Dingbats.sign(0xb6), Some('❶'));
    }

    #[test]
    fn what_is_not_known_of_a_font_of_ornaments_is_nothing() {
        for (font, codes) in [
            (Symbols::Wingdings2, [0x57_u8, 0x7f, 0xfa, 0xff]),
            (Symbols::Wingdings3, [0x44, 0x45, 0x7f, 0xf1]),
            (Symbols::Webdings, [0x78, 0x7f, 0xda, 0xdb]),
        ] {
            for code in codes {
                assert_eq!(font.sign(code), None, "{font:?} {code:x}");
            }
        }
    }

    #[test]
    fn private_numbers_and_letters_are_codes_and_what_has_its_number_stays() {
        let meant = |said| Symbols::Symbol.meant(said);
        assert_eq!(meant('\u{f06d}'), Some('μ'));
        assert_eq!(meant('m'), Some('μ'));
        assert_eq!(meant('≥'), Some('≥'));
        assert_eq!(meant('\u{f0b4}'), Some('×'));
        assert_eq!(meant('´'), Some('×'));
        assert_eq!(meant('×'), Some('×'));
        assert_eq!(meant('5'), Some('5'));
    }
}
