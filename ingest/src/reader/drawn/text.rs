//! The operators of text: where each glyph stands.

use std::rc::Rc;

use hayro_syntax::{
    content::Instruction,
    object::{Array, Dict, Name, Object},
    page::Resources,
};

use super::{Glyph, GlyphText, Interpreter, area::Area, content::MOST_GLYPHS, fonts::Face, matrix::Matrix};

/// What is kept and restored together.
#[derive(Clone)]
pub(super) struct State<'a> {
    pub(super) place: Matrix,
    pub(super) face: Option<Rc<Face<'a>>>,
    pub(super) size: f64,
    spacing: f64,
    word_spacing: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
    mode: i64,
    /// Whether areas are filled with white.
    pub(super) white: bool,
    /// Whether what is beneath does not shine through.
    pub(super) opaque: bool,
    /// Whether colours are told as shares of light or ink.
    pub(super) plain: bool,
    /// How thick lines are.
    pub(super) thick: f64,
    /// White boxes hide nothing elsewhere: the least that is known to be seen.
    pub(super) clip: Area,
    /// What is drawn elsewhere is not seen: the most that may be.
    pub(super) shown: Area,
}

impl State<'_> {
    pub(super) fn at(place: Matrix) -> Self {
        Self {
            place,
            face: None,
            size: 0.0,
            spacing: 0.0,
            word_spacing: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
            white: false,
            opaque: true,
            plain: true,
            thick: 1.0,
            clip: Area::EVERYWHERE,
            shown: Area::EVERYWHERE,
        }
    }

    /// Whether text has the colour of areas, and no lines.
    pub(super) fn is_filled_only(&self) -> bool {
        matches!(self.mode, 0 | 4)
    }
}

impl<'a> Interpreter<'a, '_> {
    pub(super) fn obey_text(
        &mut self,
        operator: &[u8],
        instruction: &Instruction<'_, '_>,
        resources: &Resources<'a>,
    ) {
        let value = || number(instruction);
        let state = &mut self.state;
        match operator {
            b"BT" => (self.text, self.line) = (Matrix::IDENTITY, Matrix::IDENTITY),
            b"Tf" => {
                let dict = name(instruction).and_then(|name| resources.fonts.get::<Dict<'a>>(name));
                state.face = dict.map(|dict| self.fonts.face(&dict));
                state.size = instruction.operands().nth(1).and_then(as_number).unwrap_or(state.size);
            }
            b"Tc" => state.spacing = value().unwrap_or(0.0),
            b"Tw" => state.word_spacing = value().unwrap_or(0.0),
            b"Tz" => state.stretch = value().unwrap_or(100.0) / 100.0,
            b"TL" => state.leading = value().unwrap_or(0.0),
            b"Ts" => state.rise = value().unwrap_or(0.0),
            #[expect(clippy::cast_possible_truncation, reason = "a number from 0 to 7")]
            b"Tr" => state.mode = value().unwrap_or(0.0) as i64,
            b"Td" => {
                if let Some([x, y]) = numbers(instruction) {
                    self.next_line(x, y);
                }
            }
            b"TD" => {
                if let Some([x, y]) = numbers(instruction) {
                    self.state.leading = -y;
                    self.next_line(x, y);
                }
            }
            b"Tm" => {
                if let Some(matrix) = numbers(instruction) {
                    (self.text, self.line) = (Matrix(matrix), Matrix(matrix));
                }
            }
            b"T*" => self.next_line(0.0, -self.state.leading),
            b"Tj" => self.show_last(instruction),
            b"'" => {
                self.next_line(0.0, -self.state.leading);
                self.show_last(instruction);
            }
            b"\"" => {
                if let Some(word) = value() {
                    self.state.word_spacing = word;
                }
                if let Some(spacing) = instruction.operands().nth(1).and_then(as_number) {
                    self.state.spacing = spacing;
                }
                self.next_line(0.0, -self.state.leading);
                self.show_last(instruction);
            }
            b"TJ" => {
                let Some(Object::Array(parts)) = instruction.operands().next() else { return };
                self.show_parts(parts);
            }
            _ => {}
        }
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line = Matrix::moved(x, y).then(self.line);
        self.text = self.line;
    }

    fn show_last(&mut self, instruction: &Instruction<'_, '_>) {
        if let Some(Object::String(text)) = instruction.operands().last() {
            self.show(text.as_bytes());
        }
    }

    fn show_parts(&mut self, parts: &Array<'_>) {
        for part in parts.iter::<Object<'_>>() {
            match part {
                Object::String(text) => self.show(text.as_bytes()),
                Object::Number(number) => {
                    let by = -number.as_f64() / 1_000.0 * self.state.size;
                    let vertical = self.state.face.as_ref().is_some_and(|face| face.is_vertical());
                    let (x, y) = if vertical { (0.0, by) } else { (by * self.state.stretch, 0.0) };
                    self.text = Matrix::moved(x, y).then(self.text);
                }
                _ => {}
            }
        }
    }

    fn show(&mut self, bytes: &[u8]) {
        let Some(face) = self.state.face.clone() else { return };
        let mut at = 0;
        while at < bytes.len() && self.drawing.glyphs.len() <= MOST_GLYPHS {
            let (code, length) = face.code(bytes, at);
            at += length;
            let (said, width) = face.glyph(code);
            let state = &self.state;
            let word = if length == 1 && code == 32 { state.word_spacing } else { 0.0 };
            let vertical = face.is_vertical();
            let advance = width * state.size;
            if self.hidden == 0 {
                let glyph = self.glyph(&face, said, advance);
                if let Some(glyph) = glyph.filter(|glyph| !self.is_cut_off(glyph)) {
                    self.note_pale(&glyph, &face);
                    self.drawing.glyphs.push(glyph);
                }
            }
            let state = &self.state;
            let by = advance + state.spacing + word;
            let (x, y) = if vertical { (0.0, by) } else { (by * state.stretch, 0.0) };
            self.text = Matrix::moved(x, y).then(self.text);
        }
    }

    fn glyph(&self, face: &Face<'_>, said: GlyphText, advance: f64) -> Option<Glyph> {
        let state = &self.state;
        let place = self.text.then(state.place);
        // A line that goes down is read as one that is turned.
        let ((x, y), along, length) = if face.is_vertical() {
            (place.place(0.0, state.rise), place.way(0.0, -1.0), -advance)
        } else {
            (place.place(0.0, state.rise), place.way(1.0, 0.0), advance * state.stretch)
        };
        let unit = along.0.hypot(along.1);
        let up = if face.is_vertical() { place.way(1.0, 0.0) } else { place.way(0.0, 1.0) };
        let size = (state.size * up.0.hypot(up.1) * face.scale).abs();
        // By a negative size or stretch, text is set the other way round.
        let sign = if state.size * state.stretch < 0.0 { -1.0 } else { 1.0 };
        let glyph = Glyph {
            said,
            x,
            y,
            along: (sign * along.0 / unit, sign * along.1 / unit),
            advance: sign * length * unit,
            size,
            spacing: sign * state.spacing * state.stretch * unit,
            seen: !matches!(state.mode, 3 | 7),
        };
        let is_sound = place.is_finite()
            && unit > 1e-9
            && size > 1e-6
            && size < 1e5
            && [x, y, glyph.advance].iter().all(|value| value.abs() < 1e6);
        is_sound.then_some(glyph)
    }
}

pub(super) fn name(instruction: &Instruction<'_, '_>) -> Option<Vec<u8>> {
    match instruction.operands().next() {
        Some(Object::Name(name)) => Some(Name::as_ref(name).to_vec()),
        _ => None,
    }
}

pub(super) fn as_number(object: &Object<'_>) -> Option<f64> {
    match object {
        Object::Number(number) => Some(number.as_f64()),
        _ => None,
    }
}

fn number(instruction: &Instruction<'_, '_>) -> Option<f64> {
    instruction.operands().next().and_then(as_number)
}

pub(super) fn numbers<const N: usize>(instruction: &Instruction<'_, '_>) -> Option<[f64; N]> {
    let mut found = [0.0; N];
    let mut operands = instruction.operands();
    for place in &mut found {
        *place = as_number(operands.next()?)?;
    }
    Some(found)
}
