//! What lies on a page: fields of a form and notes, as they look.

use hayro_syntax::{
    object::{Array, Dict, Name, Object, Stream, String as PdfString},
    page::Page,
};

use super::{Glyph, GlyphText, Interpreter, content::decoded, matrix::Matrix};

/// What has one of these flags is not shown: hidden, or only in print.
const NOT_SHOWN: i64 = 0x2 | 0x20;

/// Fields that are part of fields that are deeper than this have no value.
const DEEPEST: u32 = 16;

/// The size of a value that nobody has drawn yet.
const SIZE: f64 = 10.0;

impl<'a> Interpreter<'a, '_> {
    pub(super) fn annotations(&mut self, page: &Page<'a>) {
        let Some(annotations) = page.raw().get::<Array<'a>>("Annots") else { return };
        for annotation in annotations.iter::<Dict<'a>>() {
            let kind = annotation.get::<Name<'_>>("Subtype");
            let flags = annotation.get::<i32>("F").map_or(0, i64::from);
            let is_popup = kind.as_ref().is_some_and(|kind| matches!(kind.as_ref(), b"Popup" | b"Link"));
            if is_popup || flags & NOT_SHOWN != 0 || !self.layers.shows(&annotation, b"OC") {
                continue;
            }
            let Some([left, bottom, right, top]) = annotation.get::<[f64; 4]>("Rect") else { continue };
            let rect = [left.min(right), bottom.min(top), left.max(right), bottom.max(top)];
            let before = self.drawing.glyphs.len();
            if let Some(look) = look(&annotation) {
                self.draw_into(&look, rect, page);
            }
            let says_nothing = self.drawing.glyphs.iter().skip(before).all(|glyph| glyph.said.is_space());
            if says_nothing
                && kind.is_some_and(|kind| kind.as_ref() == b"Widget")
                && let Some(value) = value(&annotation)
            {
                self.write(&value, rect);
            }
        }
    }

    /// Draws what an annotation looks like into its rectangle.
    fn draw_into(&mut self, look: &Stream<'a>, rect: [f64; 4], page: &Page<'a>) {
        let [left, bottom, right, top] = look.dict().get::<[f64; 4]>("BBox").unwrap_or(rect);
        let matrix = Matrix(look.dict().get::<[f64; 6]>("Matrix").unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]));
        let corners =
            [(left, bottom), (left, top), (right, bottom), (right, top)].map(|(x, y)| matrix.place(x, y));
        let fit = |values: [f64; 4], to: (f64, f64)| {
            let low = values.into_iter().fold(f64::INFINITY, f64::min);
            let high = values.into_iter().fold(f64::NEG_INFINITY, f64::max);
            let factor = if high - low > f64::EPSILON { (to.1 - to.0) / (high - low) } else { 1.0 };
            (factor, to.0 - low * factor)
        };
        let (wide, across) = fit(corners.map(|(x, _)| x), (rect[0], rect[2]));
        let (high, up) = fit(corners.map(|(_, y)| y), (rect[1], rect[3]));
        self.within_place(Matrix([wide, 0.0, 0.0, high, across, up]), |this| {
            this.draw(look, page.resources());
        });
    }

    /// A value that nobody has drawn yet, as if it were.
    fn write(&mut self, value: &str, rect: [f64; 4]) {
        let [left, bottom, right, top] = rect;
        let place = self.place();
        let (x, y) = place.place(left + 2.0, f64::midpoint(bottom, top) - SIZE * 0.35);
        let along = place.way(1.0, 0.0);
        let unit = along.0.hypot(along.1);
        if !(unit > 1e-9 && right > left) {
            return;
        }
        let along = (along.0 / unit, along.1 / unit);
        let mut at = 0.0;
        for sign in value.chars() {
            self.drawing.glyphs.push(Glyph {
                said: GlyphText::One(sign),
                x: x + along.0 * at,
                y: y + along.1 * at,
                along,
                advance: SIZE * 0.5,
                size: SIZE,
                spacing: 0.0,
                seen: true,
            });
            at += SIZE * 0.5;
        }
    }
}

/// What an annotation looks like in its state.
fn look<'a>(annotation: &Dict<'a>) -> Option<Stream<'a>> {
    match annotation.get::<Dict<'a>>("AP")?.get::<Object<'a>>("N")? {
        Object::Stream(look) => Some(look),
        Object::Dict(states) => states.get::<Stream<'a>>(annotation.get::<Name<'_>>("AS")?.as_ref()),
        _ => None,
    }
}

/// The value of a field. A button that is on has no other text than that.
fn value(field: &Dict<'_>) -> Option<String> {
    let kind = inherited(field, "FT", 0)?.into_name()?;
    if kind.as_ref() == b"Btn" {
        let state = field.get::<Name<'_>>("AS")?;
        return (state.as_ref() != b"Off").then(|| "[x]".to_owned());
    }
    match inherited(field, "V", 0)? {
        Object::String(value) => Some(decoded(value)),
        Object::Array(values) => {
            let values: Vec<_> = values.iter::<PdfString<'_>>().map(decoded).collect();
            Some(values.join(", "))
        }
        _ => None,
    }
}

/// What a field has of its own, or from the field that it is part of.
fn inherited<'a>(field: &Dict<'a>, name: &str, depth: u32) -> Option<Object<'a>> {
    if depth > DEEPEST {
        return None;
    }
    field.get::<Object<'a>>(name).or_else(|| inherited(&field.get::<Dict<'a>>("Parent")?, name, depth + 1))
}
