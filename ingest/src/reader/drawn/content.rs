//! Follows the contents of a page as far as they place text.

use std::{borrow::Cow, collections::HashSet};

use hayro_syntax::{
    content::{Instruction, UntypedIter},
    object::{Array, Dict, Name, Object, ObjectIdentifier, Stream, String as PdfString},
    page::{Page, Resources},
};

use super::{
    super::unpacked::{MOST_OF_PAGE, NotUnpacked, unpacked},
    Drawing, Glyph, GlyphText,
    area::Area,
    fonts::Fonts,
    fractions,
    layers::Layers,
    matrix::Matrix,
    seen::Ink,
    shapes::Shapes,
    text::{State, as_number, name, numbers},
};

/// Drawings within drawings that lie deeper are not looked at.
const DEEPEST: usize = 28;

/// How many drawings a page may place, each as often as it is placed.
const MOST_DRAWINGS: u32 = 20_000;

/// How many operators a page may have, over all of them.
const MOST_OPERATORS: u64 = 20_000_000;

/// How many glyphs.
pub(super) const MOST_GLYPHS: usize = 400_000;

/// How deep states may be saved.
const MOST_STATES: usize = 512;

/// A part of the contents that is marked.
struct Mark {
    /// Whether it hides what it has: of a layer that is off.
    hides: bool,
    /// What stands for its glyphs, and the first of these.
    instead: Option<(String, usize)>,
}

/// Follows contents, and takes down what they draw.
pub(in super::super) struct Interpreter<'a, 'b> {
    pub(super) fonts: &'b Fonts<'a>,
    pub(super) layers: &'b Layers,
    pub(super) state: State<'a>,
    saved: Vec<State<'a>>,
    pub(super) text: Matrix,
    pub(super) line: Matrix,
    marks: Vec<Mark>,
    pub(super) hidden: u32,
    /// The drawings that are being drawn.
    within: Vec<ObjectIdentifier>,
    /// Drawings that were seen to draw no text.
    silent: HashSet<ObjectIdentifier>,
    drawings: u32,
    operators: u64,
    /// How many bytes were unpacked.
    unpacked: u64,
    pub(super) shapes: Shapes,
    pub(super) ink: Ink,
    pub(super) drawing: Drawing,
}

impl<'a, 'b> Interpreter<'a, 'b> {
    pub(in super::super) fn new(fonts: &'b Fonts<'a>, layers: &'b Layers, place: Matrix) -> Self {
        Self {
            fonts,
            layers,
            state: State::at(place),
            saved: Vec::new(),
            text: Matrix::IDENTITY,
            line: Matrix::IDENTITY,
            marks: Vec::new(),
            hidden: 0,
            within: Vec::new(),
            silent: HashSet::new(),
            drawings: 0,
            operators: 0,
            unpacked: 0,
            shapes: Shapes::default(),
            ink: Ink::default(),
            drawing: Drawing::default(),
        }
    }

    /// What a page draws: its contents, and what lies on them.
    pub(in super::super) fn page(mut self, page: &Page<'a>) -> Drawing {
        let place = self.state.place;
        let contents = self.contents(page);
        self.shapes.hides = true;
        self.follow(UntypedIter::new(&contents), page.resources());
        self.shapes.hides = false;
        self.state = State::at(place);
        self.marks.clear();
        self.hidden = 0;
        self.annotations(page);
        self.leave_out_pale();
        let bars = std::mem::take(&mut self.shapes.bars);
        fractions::flatten(&mut self.drawing, &bars);
        self.part_by_rules();
        self.drawing
    }

    /// The contents of a page, which may be in several parts.
    fn contents(&mut self, page: &Page<'a>) -> Vec<u8> {
        let mut contents = Vec::new();
        let mut add = |part: Stream<'a>| {
            if let Some(part) = self.unpack(&part) {
                contents.extend_from_slice(&part);
                contents.push(b'\n');
            }
        };
        match page.raw().get::<Object<'a>>("Contents") {
            Some(Object::Stream(whole)) => add(whole),
            Some(Object::Array(parts)) => parts.iter::<Stream<'a>>().for_each(add),
            _ => {}
        }
        contents
    }

    /// What a stream unpacks to, unless that, or all that this page draws, is more than anybody draws.
    fn unpack<'s>(&mut self, stream: &Stream<'s>) -> Option<Cow<'s, [u8]>> {
        let unpacked = if self.unpacked > MOST_OF_PAGE { Err(NotUnpacked::Bomb) } else { unpacked(stream) };
        match unpacked {
            Ok(unpacked) => {
                self.unpacked += unpacked.len() as u64;
                Some(unpacked)
            }
            Err(why) => {
                self.drawing.cut = true;
                self.drawing.looped |= why == NotUnpacked::Bomb;
                None
            }
        }
    }

    fn follow(&mut self, mut contents: UntypedIter<'_>, resources: &Resources<'a>) {
        let floor = self.saved.len();
        let marks = self.marks.len();
        while let Some(instruction) = contents.next() {
            self.operators += 1;
            if self.operators > MOST_OPERATORS || self.drawing.glyphs.len() > MOST_GLYPHS {
                self.drawing.cut = true;
                break;
            }
            self.obey(&instruction, resources, floor);
        }
        while self.marks.len() > marks {
            self.end_mark();
        }
        self.saved.truncate(floor);
    }

    fn obey(&mut self, instruction: &Instruction<'_, '_>, resources: &Resources<'a>, floor: usize) {
        let operator: &[u8] = instruction.operator;
        match operator {
            b"q" if self.saved.len() < MOST_STATES + floor => self.saved.push(self.state.clone()),
            b"Q" if self.saved.len() > floor => {
                if let Some(state) = self.saved.pop() {
                    self.state = state;
                }
            }
            b"cm" => {
                if let Some(change) = numbers(instruction) {
                    self.state.place = Matrix(change).then(self.state.place);
                }
            }
            b"gs" => self.graphics_state(instruction, resources),
            b"Do" => {
                let drawing = name(instruction).and_then(|name| resources.x_objects.get::<Stream<'a>>(name));
                if let Some(drawing) = drawing {
                    self.draw(&drawing, resources);
                }
            }
            b"BMC" => self.marks.push(Mark { hides: false, instead: None }),
            b"BDC" => self.begin_mark(instruction, resources),
            b"EMC" => self.end_mark(),
            _ if self.obey_shapes(operator, instruction, resources) => {}
            _ => self.obey_text(operator, instruction, resources),
        }
    }

    fn graphics_state(&mut self, instruction: &Instruction<'_, '_>, resources: &Resources<'a>) {
        let state = name(instruction).and_then(|name| resources.ext_g_states.get::<Dict<'a>>(name));
        if let Some(alpha) = state.as_ref().and_then(|state| state.get::<f64>("ca")) {
            self.state.opaque = alpha > 0.9;
        }
        if let Some(blend) = state.as_ref().and_then(|state| state.get::<Name<'a>>("BM"))
            && blend.as_ref() != b"Normal"
        {
            self.state.opaque = false;
        }
        let Some(font) = state.and_then(|state| state.get::<Array<'a>>("Font")) else { return };
        let (Some(dict), Some(size)) = (font.iter::<Dict<'a>>().next(), font.iter::<Object<'a>>().nth(1))
        else {
            return;
        };
        self.state.face = Some(self.fonts.face(&dict));
        self.state.size = as_number(&size).unwrap_or(self.state.size);
    }

    /// Where things are placed at present.
    pub(super) fn place(&self) -> Matrix {
        self.state.place
    }

    /// Does something in changed coordinates.
    pub(super) fn within_place(&mut self, change: Matrix, work: impl FnOnce(&mut Self)) {
        let before = self.state.clone();
        self.state.place = change.then(before.place);
        work(self);
        self.state = before;
    }

    /// Draws a drawing in its place, unless it is within itself.
    pub(super) fn draw(&mut self, drawing: &Stream<'a>, resources: &Resources<'a>) {
        let dict = drawing.dict();
        if self.hidden == 0 && dict.get::<Name<'_>>("Subtype").is_some_and(|kind| kind.as_ref() == b"Image") {
            self.ink_of_image();
        }
        let is_form = dict.get::<Name<'_>>("Subtype").is_none_or(|kind| kind.as_ref() == b"Form");
        let id = drawing.obj_id();
        if !is_form || self.hidden > 0 || self.silent.contains(&id) {
            return;
        }
        self.drawings += 1;
        let is_within_itself = self.within.contains(&id);
        let too_much = self.within.len() >= DEEPEST || self.drawings > MOST_DRAWINGS;
        if is_within_itself || too_much {
            self.drawing.cut |= too_much;
            self.drawing.looped = true;
            return;
        }
        if !self.layers.shows(dict, b"OC") {
            return;
        }
        let Some(contents) = self.unpack(drawing) else { return };
        let own = dict.get::<Dict<'a>>("Resources").map(Resources::new);
        let before = (self.state.clone(), self.text, self.line, self.drawing.glyphs.len(), self.ink.len());
        if let Some(matrix) = dict.get::<[f64; 6]>("Matrix") {
            self.state.place = Matrix(matrix).then(self.state.place);
        }
        if let Some(bounds) = dict.get::<[f64; 4]>("BBox")
            && bounds.iter().all(|value| value.is_finite())
            && (bounds[2] - bounds[0]).abs() > 0.0
            && (bounds[3] - bounds[1]).abs() > 0.0
        {
            self.cut_to(Area::placed(bounds, self.state.place));
        }
        self.within.push(id);
        self.follow(UntypedIter::new(&contents), own.as_ref().unwrap_or(resources));
        self.within.pop();
        if (self.drawing.glyphs.len(), self.ink.len()) == (before.3, before.4)
            && !self.drawing.cut
            && self.within.is_empty()
        {
            self.silent.insert(id);
        }
        (self.state, self.text, self.line) = (before.0, before.1, before.2);
    }

    fn begin_mark(&mut self, instruction: &Instruction<'_, '_>, resources: &Resources<'a>) {
        let mut operands = instruction.operands();
        let (tag, properties) = (operands.next(), operands.next());
        let is_layer = matches!(tag, Some(Object::Name(tag)) if tag.as_ref() == b"OC");
        let hides = is_layer
            && matches!(properties, Some(Object::Name(name)) if !self.layers.shows(&resources.properties, name.as_ref()));
        let text = match properties {
            Some(Object::Dict(dict)) => dict.get::<PdfString<'_>>("ActualText").map(decoded),
            Some(Object::Name(name)) => resources
                .properties
                .get::<Dict<'_>>(name)
                .and_then(|dict| dict.get::<PdfString<'_>>("ActualText"))
                .map(decoded),
            _ => None,
        };
        self.hidden += u32::from(hides);
        let first = self.drawing.glyphs.len();
        self.marks.push(Mark { hides, instead: text.map(|text| (text, first)) });
    }

    fn end_mark(&mut self) {
        let Some(mark) = self.marks.pop() else { return };
        self.hidden = self.hidden.saturating_sub(u32::from(mark.hides));
        if let Some((text, first)) = mark.instead
            && let Some(glyphs) = self.drawing.glyphs.get_mut(first..)
        {
            replace(glyphs, &text);
        }
    }
}

/// Says `text` in place of glyphs that do not say what they mean. Where they do, they are believed: what is seen counts.
fn replace(glyphs: &mut [Glyph], text: &str) {
    let is_known = |glyph: &Glyph| !matches!(glyph.said, GlyphText::Unknown | GlyphText::Nothing);
    let [first, rest @ ..] = glyphs else { return };
    let is_hyphen = rest.is_empty() && matches!(first.said.sign(), Some('-' | '\u{2010}' | '\u{ad}'));
    if text == "\u{ad}" && is_hyphen {
        first.said = GlyphText::One('\u{ad}');
        return;
    }
    if is_known(first) && rest.iter().all(is_known) {
        return;
    }
    let mut signs = text.chars();
    first.said = match (signs.next(), signs.next()) {
        (None, _) => GlyphText::Nothing,
        (Some(sign), None) => GlyphText::Guessed(sign),
        _ => GlyphText::Many(text.into()),
    };
    for glyph in rest {
        glyph.said = GlyphText::Nothing;
    }
}

/// A text string.
#[expect(clippy::needless_pass_by_value, reason = "it is mapped over what is read")]
pub(super) fn decoded(text: PdfString<'_>) -> String {
    super::super::info::decode(text.as_bytes())
}
