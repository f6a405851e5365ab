//! What of a page's text is seen: not what is cut off, and not white text on white paper.

use hayro_syntax::{
    content::Instruction,
    object::{Array, Name, Object},
    page::Resources,
};

use super::{Glyph, Interpreter, area::Area, fonts::Face, text::as_number, text::name};

/// How much ink of a page is looked at.
const MOST_INK: usize = 20_000;

/// How often it is asked what lies beneath a glyph.
const MOST_LOOKS: usize = 50_000_000;

/// Lines that are less thick are no ground for text.
const THICK: f64 = 4.0;

/// What may lie beneath white text.
#[derive(Default)]
pub(super) struct Ink {
    areas: Vec<Area>,
    /// White glyphs with nothing beneath.
    pale: Vec<usize>,
    looks: usize,
    /// Whether there is more than is known.
    is_cut: bool,
}

impl Ink {
    fn lies_under(&mut self, glyph: &Glyph) -> bool {
        self.looks += self.areas.len();
        self.is_cut |= self.looks > MOST_LOOKS;
        self.is_cut || self.areas.iter().any(|area| area.has(glyph))
    }

    pub(super) fn len(&self) -> usize {
        self.areas.len()
    }
}

impl<'a> Interpreter<'a, '_> {
    /// Ink covers an area.
    pub(super) fn ink(&mut self, area: Area) {
        let area = area.within(self.state.shown);
        if self.ink.areas.len() >= MOST_INK {
            self.ink.is_cut = true;
        } else if area.is_somewhere() && self.hidden == 0 {
            self.ink.areas.push(area);
        }
    }

    /// An image, which fills what is 1 by 1.
    pub(super) fn ink_of_image(&mut self) {
        self.ink(Area::placed([0.0, 0.0, 1.0, 1.0], self.state.place));
    }

    /// A path.
    pub(super) fn ink_of_path(&mut self, reach: Area, stroked: bool, filled: bool) {
        let thick = self.state.thick * self.state.place.scale();
        if filled && !self.state.white {
            self.ink(reach);
        } else if stroked && thick > THICK {
            self.ink(reach.grown(thick / 2.0));
        }
    }

    /// Limits what is seen from then on.
    pub(super) fn cut_to(&mut self, area: Area) {
        self.state.shown = self.state.shown.within(area);
    }

    /// Whether nothing of a glyph is seen, since it is cut off.
    pub(super) fn is_cut_off(&self, glyph: &Glyph) -> bool {
        !Area::of(glyph).within(self.state.shown).is_somewhere()
    }

    /// Takes down that the next glyph is white, if it is, and nothing lies beneath.
    pub(super) fn note_pale(&mut self, glyph: &Glyph, face: &Face<'_>) {
        let is_white = self.state.white && self.state.opaque && self.state.is_filled_only();
        if is_white && !face.draws_itself && self.shapes.hides && !self.ink.lies_under(glyph) {
            self.ink.pale.push(self.drawing.glyphs.len());
        }
    }

    /// Leaves out white text on white paper. What is drawn over it may have it beneath on purpose: text that a program has
    /// recognised in a picture.
    pub(super) fn leave_out_pale(&mut self) {
        let pale = std::mem::take(&mut self.ink.pale);
        let mut pale = pale.into_iter().peekable();
        let glyphs = std::mem::take(&mut self.drawing.glyphs);
        for (at, mut glyph) in glyphs.into_iter().enumerate() {
            if pale.next_if_eq(&at).is_some() {
                if !self.ink.lies_under(&glyph) {
                    continue;
                }
                glyph.seen = false;
            }
            self.drawing.glyphs.push(glyph);
        }
    }

    /// The way in which colours are told.
    pub(super) fn set_colours(&mut self, instruction: &Instruction<'_, '_>, resources: &Resources<'a>) {
        let plain = |space: &[u8]| {
            matches!(
                space,
                b"DeviceGray" | b"DeviceRGB" | b"DeviceCMYK" | b"CalGray" | b"CalRGB" | b"ICCBased"
            )
        };
        let space = name(instruction).unwrap_or_default();
        self.state.plain = plain(&space)
            || match resources.color_spaces.get::<Object<'a>>(space.as_slice()) {
                Some(Object::Name(known)) => plain(known.as_ref()),
                Some(Object::Array(known)) => {
                    Array::iter::<Name<'a>>(&known).next().is_some_and(|known| plain(known.as_ref()))
                }
                _ => false,
            };
        self.state.white = false;
    }

    /// A colour for areas and text.
    pub(super) fn set_colour(&mut self, operator: &[u8], instruction: &Instruction<'_, '_>) {
        self.state.plain |= matches!(operator, b"g" | b"rg" | b"k");
        // Of other colours, nobody knows which is white: 1 may be black.
        self.state.white = self.state.plain && is_white(instruction);
    }
}

fn is_white(instruction: &Instruction<'_, '_>) -> bool {
    let parts: Vec<f64> = instruction.operands().filter_map(as_number).collect();
    match parts.as_slice() {
        [_] | [_, _, _] => parts.iter().all(|part| *part >= 0.99),
        [_, _, _, _] => parts.iter().all(|part| *part <= 0.01),
        _ => false,
    }
}
