//! What a page draws: its glyphs, each with the place where it stands and the text that it says.
//!
//! The contents are interpreted here, as far as they place text; `hayro` parses the file and its fonts. Nothing is put
//! together: that is what `layout` does, and what `guard.rs` checks by these glyphs.

mod annotations;
mod area;
mod content;
mod fonts;
mod fractions;
mod layers;
mod matrix;
mod names;
mod outline;
mod seen;
mod shapes;
mod symbols;
mod tex;
mod text;
mod wingdings;
mod witness;

use std::rc::Rc;

pub(super) use content::Interpreter;
pub(super) use fonts::Fonts;
pub(super) use layers::Layers;
pub(super) use matrix::Matrix;

/// One glyph.
#[derive(Debug, Clone)]
pub(super) struct Glyph {
    pub(super) said: GlyphText,
    /// Where its baseline begins, in the page as it is shown, `y` upwards.
    pub(super) x: f64,
    pub(super) y: f64,
    /// The direction of its baseline, of length 1.
    pub(super) along: (f64, f64),
    /// Its width along the baseline, without what is added between glyphs.
    pub(super) advance: f64,
    /// The size of its font, as it is shown.
    pub(super) size: f64,
    /// What the text's own spacing adds behind it.
    pub(super) spacing: f64,
    /// Whether ink shows it: recognised text lies unseen over its picture, and other text under a white box.
    pub(super) seen: bool,
}

/// What a glyph says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum GlyphText {
    /// One character.
    One(char),
    /// Several: a ligature.
    Many(Rc<str>),
    /// This character, by a font that does not say so itself.
    Guessed(char),
    /// This character, by the name of the glyph, while the file says another.
    Disputed(char),
    /// Nothing that is known.
    Unknown,
    /// Room between figures, which a line parts.
    Parted,
    /// Nothing, for certain: an ornament, or what another glyph says already.
    Nothing,
}

impl GlyphText {
    /// The characters.
    pub(super) fn text(&self) -> String {
        match self {
            Self::One(sign) | Self::Guessed(sign) | Self::Disputed(sign) => sign.to_string(),
            Self::Many(text) => text.to_string(),
            Self::Unknown => '\u{fffd}'.to_string(),
            Self::Parted => " ".to_owned(),
            Self::Nothing => String::new(),
        }
    }

    /// The character, if it is one.
    pub(super) fn sign(&self) -> Option<char> {
        match self {
            Self::One(sign) | Self::Guessed(sign) | Self::Disputed(sign) => Some(*sign),
            Self::Many(_) | Self::Nothing => None,
            Self::Unknown => Some('\u{fffd}'),
            Self::Parted => Some(' '),
        }
    }

    /// Whether it is nothing but room.
    pub(super) fn is_space(&self) -> bool {
        match self {
            Self::One(sign) | Self::Guessed(sign) => sign.is_whitespace(),
            Self::Many(text) => text.chars().all(char::is_whitespace),
            Self::Parted => true,
            Self::Disputed(_) | Self::Unknown | Self::Nothing => false,
        }
    }
}

/// What is on a page.
#[derive(Debug, Default)]
pub(super) struct Drawing {
    pub(super) glyphs: Vec<Glyph>,
    /// Whether text may be missing: it draws more than is looked at, or what can't be unpacked.
    pub(super) cut: bool,
    /// Whether figures stand over each other with a line between, and nobody knows whether they are a fraction.
    pub(super) stacked: bool,
    /// Whether something is drawn within itself, or deeper or larger than anybody does. Others may die of that.
    pub(super) looped: bool,
}

/// How far beyond its edge a page's text may begin or end.
const EDGE: f64 = 2.0;

impl Drawing {
    /// Takes away what stands beyond the page.
    pub(super) fn crop(&mut self, width: f64, height: f64) {
        let is_on =
            |x: f64, y: f64| (-EDGE..=width + EDGE).contains(&x) && (-EDGE..=height + EDGE).contains(&y);
        self.glyphs.retain(|glyph| {
            let end = (glyph.x + glyph.along.0 * glyph.advance, glyph.y + glyph.along.1 * glyph.advance);
            is_on(glyph.x, glyph.y) || is_on(end.0, end.1)
        });
    }
}
