//! TeX's fonts of signs, whose glyphs have names that nobody else gives, and codes that are always the same.

use super::GlyphText;

/// One of these fonts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tex {
    /// Signs: `CMSY`.
    Signs,
    /// Large ones, and the parts that brackets and braces are built of: `CMEX`.
    Large,
}

impl Tex {
    /// The font that a name means, with a subset's prefix or without.
    pub(super) fn named(name: &str) -> Option<Self> {
        let name = name.split_once('+').map_or(name, |(_, name)| name);
        let is = |start: &str| {
            name.strip_prefix(start).is_some_and(|size| size.starts_with(|sign: char| sign.is_ascii_digit()))
        };
        if is("CMSY") || is("CMBSY") || is("LMMathSymbols") {
            Some(Self::Signs)
        } else if is("CMEX") || is("LMMathExtension") {
            Some(Self::Large)
        } else {
            None
        }
    }

    /// What a code says.
    pub(super) fn sign(self, code: u32) -> Option<GlyphText> {
        match self {
            // The foot of an arrow that says `is mapped to`.
            Self::Signs if code == 0x37 => Some(GlyphText::Nothing),
            Self::Signs => SIGNS.chars().nth(usize::try_from(code).ok()?).map(GlyphText::One),
            Self::Large => large(code),
        }
    }
}

const SIGNS: &str = "−·×∗÷⋄±∓⊕⊖⊗⊘⊙◯∘∙≍≡⊆⊇≤≥≼≽∼≈⊂⊃≪≫≺≻←→↑↓↔↗↘≃⇐⇒⇑⇓⇔↖↙∝′∞∈∋△▽\u{338}↦∀∃¬∅ℜℑ⊤⊥ℵABCDEFGHIJKLMNOPQRSTUVWXYZ∪∩⊎∧∨⊢⊣⌊⌋⌈⌉{}⟨⟩|‖↕⇕\\≀√⨿∇∫⊔⊓⊑⊒§†‡¶♣♢♡♠";

fn large(code: u32) -> Option<GlyphText> {
    let sign = match code {
        0x00 | 0x10 | 0x12 | 0x20 => '(',
        0x01 | 0x11 | 0x13 | 0x21 => ')',
        0x02 | 0x14 | 0x22 | 0x68 => '[',
        0x03 | 0x15 | 0x23 | 0x69 => ']',
        0x08 | 0x1a | 0x28 | 0x6e => '{',
        0x09 | 0x1b | 0x29 | 0x6f => '}',
        0x50 | 0x58 => '∑',
        0x51 | 0x59 => '∏',
        0x52 | 0x5a => '∫',
        0x70..=0x74 => '√',
        // Parts of brackets and braces, wide hats and tildes.
        0x30..=0x43 | 0x62..=0x67 | 0x75..=0x76 | 0x7a..=0x7d => return Some(GlyphText::Nothing),
        _ => return None,
    };
    Some(GlyphText::One(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fonts_are_known_by_their_names() {
        assert_eq!(Tex::named("ABCDEF+CMSY10"), Some(Tex::Signs));
        assert_eq!(Tex::named("CMEX10"), Some(Tex::Large));
        assert_eq!(Tex::named("ABCDEF+CMR10"), None);
        assert_eq!(Tex::named("CMSYSTEM"), None);
    }

    #[test]
    fn signs_stand_at_their_codes_and_parts_of_arrows_and_braces_say_nothing() {
        let signs: Vec<_> = [0x00, 0x02, 0x06, 0x14, 0x15, 0x21, 0x31, 0x36, 0x41, 0x70, 0x7f]
            .map(|code| Tex::Signs.sign(code))
            .into();
        let expected: Vec<_> = "−×±≤≥→∞\u{338}A√♠".chars().map(|sign| Some(GlyphText::One(sign))).collect();
        assert_eq!(signs, expected);
        assert_eq!(Tex::Signs.sign(0x37), Some(GlyphText::Nothing));
        assert_eq!(Tex::Large.sign(0x7a), Some(GlyphText::Nothing));
        assert_eq!(Tex::Large.sign(0x58), Some(GlyphText::One('∑')));
        assert_eq!(Tex::Signs.sign(0x80), None);
    }
}
