//! Whether a glyph has the shape of what the file says that it is, where its font has no map.
//!
//! Only what all typefaces have in common is looked at: how many parts an outline has, what hangs below the line, and
//! how broad a `2` and a `7` are at their feet.

use hayro_font::OutlineGlyph;
use skrifa::{
    FontRef, MetadataProvider as _,
    instance::{LocationRef, Size},
    outline::{DrawSettings, OutlinePen},
};

/// What hangs as far below the line is no letter that stands on it, in parts of the size.
const HANGS: f64 = 0.1;

/// How far a comma does, at least.
const COMMA_HANGS: f64 = 0.06;

/// How far a full stop does, at most.
const STANDS: f64 = 0.03;

/// The part of a figure that is its foot.
const FOOT: f64 = 0.12;

/// An outline.
#[derive(Default)]
struct Outline {
    parts: usize,
    points: Vec<(f64, f64)>,
}

impl OutlinePen for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.parts += 1;
        self.line_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.points.push((x.into(), y.into()));
    }

    fn quad_to(&mut self, _: f32, _: f32, x: f32, y: f32) {
        self.line_to(x, y);
    }

    fn curve_to(&mut self, _: f32, _: f32, _: f32, _: f32, x: f32, y: f32) {
        self.line_to(x, y);
    }

    fn close(&mut self) {}
}

/// Whether a glyph can't be this sign.
pub(super) fn is_other(glyph: &OutlineGlyph, sign: char) -> bool {
    outline(glyph).is_some_and(|(outline, unit)| outline.is_other(sign, unit))
}

/// The outline of a glyph, and how many of its units are the size, if its font has no map that says more.
fn outline(glyph: &OutlineGlyph) -> Option<(Outline, f64)> {
    let data = glyph.font_data()?;
    let bytes: &[u8] = (*data.data).as_ref();
    let font = FontRef::new(bytes).ok()?;
    if font.charmap().mappings().next().is_some() {
        return None;
    }
    let unit = f64::from(font.metrics(Size::unscaled(), LocationRef::default()).units_per_em);
    let mut outline = Outline::default();
    let drawn = font.outline_glyphs().get(glyph.glyph_id().to_u32().into())?;
    drawn.draw(DrawSettings::unhinted(Size::unscaled(), LocationRef::default()), &mut outline).ok()?;
    (unit > 0.0 && !outline.points.is_empty()).then_some((outline, unit))
}

impl Outline {
    fn is_other(&self, sign: char, unit: f64) -> bool {
        let (low, high) = extent(self.points.iter().map(|(_, y)| *y));
        let hangs = -low / unit;
        match sign {
            '0' | '6' | '8' | '9' => self.parts < 2,
            '1' | '5' | '3' => self.parts == 2 || self.parts == 3,
            '2' => self.parts == 2 || self.parts == 3 || self.foot(low, high) < 0.5,
            '7' => self.parts == 2 || self.parts == 3 || self.foot(low, high) > 0.7,
            'm' => hangs > HANGS,
            'µ' | 'μ' => hangs < HANGS,
            '.' => self.parts == 1 && hangs > COMMA_HANGS,
            ',' => hangs < STANDS,
            _ => false,
        }
    }

    /// How broad the foot is beside the whole.
    fn foot(&self, low: f64, high: f64) -> f64 {
        let top = low + FOOT * (high - low);
        let (left, right) = extent(self.points.iter().map(|(x, _)| *x));
        let (foot_left, foot_right) = extent(self.points.iter().filter(|(_, y)| *y <= top).map(|(x, _)| *x));
        (foot_right - foot_left) / (right - left).max(f64::EPSILON)
    }
}

fn extent(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
}
