//! Lines and boxes, as far as they say something of numbers: a line between two of them parts them, and a white box
//! hides what is beneath.

use hayro_syntax::content::Instruction;

use super::{
    Glyph, GlyphText, Interpreter,
    fractions::Bar,
    matrix::Matrix,
    text::{as_number, numbers},
};

/// A box that is less wide is a line.
const THIN: f64 = 2.0;

/// A line that goes across and is longer than that is none of a fraction.
const SHORT: f64 = 120.0;

/// How many lines of a page are looked at.
const MOST_RULES: usize = 20_000;

/// How often it is asked whether a glyph is hidden.
const MOST_LOOKS: usize = 50_000_000;

/// How near a line must be to the gap that it stands in, in parts of the size.
const NEAR: f64 = 0.06;

/// Parts of the path that is about to be drawn, and how much was done.
#[derive(Default)]
pub(super) struct Shapes {
    point: Option<(f64, f64)>,
    lines: Vec<Rule>,
    levels: Vec<Bar>,
    boxes: Vec<Area>,
    /// Whether the path limits what is drawn from then on.
    clips: bool,
    /// All lines that were drawn and go up.
    rules: Vec<Rule>,
    /// All short ones that go across.
    pub(super) bars: Vec<Bar>,
    looks: usize,
    /// Whether what is drawn is the page, and no field or note on it, whose own words may lie beneath.
    pub(super) hides: bool,
}

/// A line that goes up.
#[derive(Clone, Copy)]
struct Rule {
    x: f64,
    y0: f64,
    y1: f64,
}

/// A box.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    x0: f64,
    x1: f64,
    y0: f64,
    y1: f64,
}

impl Area {
    pub(super) const EVERYWHERE: Self =
        Self { x0: f64::NEG_INFINITY, x1: f64::INFINITY, y0: f64::NEG_INFINITY, y1: f64::INFINITY };

    /// Nothing is drawn within, as far as is known.
    const NOWHERE: Self =
        Self { x0: f64::INFINITY, x1: f64::NEG_INFINITY, y0: f64::INFINITY, y1: f64::NEG_INFINITY };

    fn within(self, other: Self) -> Self {
        Self {
            x0: self.x0.max(other.x0),
            x1: self.x1.min(other.x1),
            y0: self.y0.max(other.y0),
            y1: self.y1.min(other.y1),
        }
    }
}

impl Shapes {
    fn line(&mut self, to: (f64, f64)) {
        if let Some(from) = self.point
            && self.lines.len() + self.levels.len() < MOST_RULES
        {
            let (x0, x1) = (from.0.min(to.0), from.0.max(to.0));
            if x1 - x0 < THIN {
                self.lines.push(Rule { x: to.0, y0: from.1.min(to.1), y1: from.1.max(to.1) });
            } else if (from.1 - to.1).abs() < THIN && x1 - x0 < SHORT {
                self.levels.push(Bar { y: to.1, x0, x1 });
            }
        }
        self.point = Some(to);
    }

    fn rectangle(&mut self, [x, y, width, height]: [f64; 4], place: Matrix) {
        let (one, other) = (place.place(x, y), place.place(x + width, y + height));
        if self.boxes.len() < MOST_RULES {
            self.boxes.push(Area {
                x0: one.0.min(other.0),
                x1: one.0.max(other.0),
                y0: one.1.min(other.1),
                y1: one.1.max(other.1),
            });
        }
    }
}

impl Interpreter<'_, '_> {
    pub(super) fn obey_shapes(&mut self, operator: &[u8], instruction: &Instruction<'_, '_>) -> bool {
        let place = self.state.place;
        match operator {
            b"m" | b"l" => {
                let to = numbers(instruction).map(|[x, y]| place.place(x, y));
                match to {
                    Some(to) if operator == b"l" => self.shapes.line(to),
                    to => self.shapes.point = to,
                }
            }
            b"re" => {
                if let Some(sides) = numbers(instruction) {
                    self.shapes.rectangle(sides, place);
                }
            }
            b"W" | b"W*" => self.shapes.clips = true,
            b"S" | b"s" => self.draw_shapes(true, false),
            b"f" | b"F" | b"f*" => self.draw_shapes(false, true),
            b"B" | b"B*" | b"b" | b"b*" => self.draw_shapes(true, true),
            b"n" => self.draw_shapes(false, false),
            b"g" | b"rg" | b"k" | b"sc" | b"scn" => self.state.white = is_white(instruction),
            b"cs" => self.state.white = false,
            _ => return false,
        }
        true
    }

    fn draw_shapes(&mut self, stroked: bool, filled: bool) {
        let lines = std::mem::take(&mut self.shapes.lines);
        let levels = std::mem::take(&mut self.shapes.levels);
        let boxes = std::mem::take(&mut self.shapes.boxes);
        self.shapes.point = None;
        if std::mem::take(&mut self.shapes.clips) {
            // What is no box may be anywhere.
            let area = match boxes.as_slice() {
                [area] => *area,
                _ => Area::NOWHERE,
            };
            self.state.clip = self.state.clip.within(area);
        }
        if self.hidden > 0 {
            return;
        }
        if stroked {
            self.add_rules(lines);
            self.add_bars(levels);
        }
        for area in boxes {
            let rule = |x| Rule { x, y0: area.y0, y1: area.y1 };
            if filled && area.x1 - area.x0 < THIN {
                self.add_rules(vec![rule(f64::midpoint(area.x0, area.x1))]);
            } else if stroked {
                self.add_rules(vec![rule(area.x0), rule(area.x1)]);
            }
            if filled && area.y1 - area.y0 < THIN && (THIN..SHORT).contains(&(area.x1 - area.x0)) {
                let y = f64::midpoint(area.y0, area.y1);
                self.add_bars(vec![Bar { y, x0: area.x0, x1: area.x1 }]);
            }
            if filled && self.state.white && self.state.opaque && self.shapes.hides {
                self.hide(area.within(self.state.clip));
            }
        }
    }

    fn add_rules(&mut self, rules: Vec<Rule>) {
        if self.shapes.rules.len() < MOST_RULES {
            self.shapes.rules.extend(rules);
        }
    }

    fn add_bars(&mut self, bars: Vec<Bar>) {
        if self.shapes.bars.len() < MOST_RULES {
            self.shapes.bars.extend(bars);
        }
    }

    /// Hides the glyphs beneath a white box.
    fn hide(&mut self, area: Area) {
        self.shapes.looks += self.drawing.glyphs.len();
        if self.shapes.looks > MOST_LOOKS {
            return;
        }
        for glyph in &mut self.drawing.glyphs {
            let x = glyph.x + glyph.along.0 * glyph.advance / 2.0 - glyph.along.1 * glyph.size * 0.3;
            let y = glyph.y + glyph.along.1 * glyph.advance / 2.0 + glyph.along.0 * glyph.size * 0.3;
            if (area.x0..=area.x1).contains(&x) && (area.y0..=area.y1).contains(&y) {
                glyph.seen = false;
            }
        }
    }

    /// Puts room between figures that a line parts.
    pub(super) fn part_by_rules(&mut self) {
        let mut rules = std::mem::take(&mut self.shapes.rules);
        if rules.is_empty() {
            return;
        }
        rules.sort_by(|one, other| one.x.total_cmp(&other.x));
        let mut parted = Vec::with_capacity(self.drawing.glyphs.len());
        for glyph in self.drawing.glyphs.drain(..) {
            if let Some(before) = parted.last()
                && let Some(room) = room(before, &glyph, &rules)
            {
                parted.push(room);
            }
            parted.push(glyph);
        }
        self.drawing.glyphs = parted;
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

/// A space between two figures of one line that stand close, if a line parts them.
fn room(one: &Glyph, other: &Glyph, rules: &[Rule]) -> Option<Glyph> {
    let is_figure = |glyph: &Glyph| glyph.said.sign().is_some_and(|sign| sign.is_ascii_digit());
    let is_level = one.along.0 > 0.99 && other.along.0 > 0.99 && (one.y - other.y).abs() < NEAR * one.size;
    let end = one.x + one.advance;
    let gap = other.x - end;
    let near = NEAR * one.size;
    if !is_figure(one) || !is_figure(other) || !is_level || gap < near || gap > one.size {
        return None;
    }
    let first = rules.partition_point(|rule| rule.x < end - near);
    let stands = |rule: &&Rule| rule.y0 <= one.y + 0.1 * one.size && rule.y1 >= one.y + 0.6 * one.size;
    rules.get(first..)?.iter().take_while(|rule| rule.x <= other.x + near).find(stands)?;
    Some(Glyph { said: GlyphText::Parted, x: end, advance: gap, spacing: 0.0, ..one.clone() })
}
