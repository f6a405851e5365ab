//! Lines and boxes, as far as they say something of numbers: a line between two of them parts them, and a white box
//! hides what is beneath.

use hayro_syntax::{content::Instruction, page::Resources};

use super::{Glyph, GlyphText, Interpreter, area::Area, fractions::Bar, matrix::Matrix, text::numbers};

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
    /// All its points, and what steers its curves.
    reach: Option<Area>,
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

impl Shapes {
    fn reach(&mut self, points: impl IntoIterator<Item = (f64, f64)>) {
        let before = self.reach.map(|reach| [(reach.x0, reach.y0), (reach.x1, reach.y1)]);
        self.reach = Some(Area::around(before.into_iter().flatten().chain(points)));
    }

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

impl<'a> Interpreter<'a, '_> {
    pub(super) fn obey_shapes(
        &mut self,
        operator: &[u8],
        instruction: &Instruction<'_, '_>,
        resources: &Resources<'a>,
    ) -> bool {
        let place = self.state.place;
        match operator {
            b"m" | b"l" => {
                let to = numbers(instruction).map(|[x, y]| place.place(x, y));
                self.shapes.reach(to);
                match to {
                    Some(to) if operator == b"l" => self.shapes.line(to),
                    to => self.shapes.point = to,
                }
            }
            b"re" => {
                if let Some(sides @ [x, y, width, height]) = numbers(instruction) {
                    self.shapes.rectangle(sides, place);
                    let corners = [(x, y), (x + width, y), (x, y + height), (x + width, y + height)];
                    self.shapes.reach(corners.map(|(x, y)| place.place(x, y)));
                }
            }
            b"c" => self.curve(numbers::<6>(instruction)),
            b"v" | b"y" => self.curve(numbers::<4>(instruction)),
            b"W" | b"W*" => self.shapes.clips = true,
            b"S" | b"s" => self.draw_shapes(true, false),
            b"f" | b"F" | b"f*" => self.draw_shapes(false, true),
            b"B" | b"B*" | b"b" | b"b*" => self.draw_shapes(true, true),
            b"n" => self.draw_shapes(false, false),
            b"w" => self.state.thick = numbers(instruction).map_or(1.0, |[thick]| thick),
            b"g" | b"rg" | b"k" | b"sc" | b"scn" => self.set_colour(operator, instruction),
            b"cs" => self.set_colours(instruction, resources),
            b"sh" => self.ink(Area::EVERYWHERE),
            b"BI" => self.ink_of_image(),
            _ => return false,
        }
        true
    }

    fn curve<const N: usize>(&mut self, points: Option<[f64; N]>) {
        let place = self.state.place;
        let (points, _) = points.as_ref().map_or((&[][..], &[][..]), |points| points.as_chunks::<2>());
        self.shapes.reach(points.iter().map(|[x, y]| place.place(*x, *y)));
        self.shapes.point = points.last().map(|[x, y]| place.place(*x, *y));
    }

    fn draw_shapes(&mut self, stroked: bool, filled: bool) {
        let lines = std::mem::take(&mut self.shapes.lines);
        let levels = std::mem::take(&mut self.shapes.levels);
        let boxes = std::mem::take(&mut self.shapes.boxes);
        self.shapes.point = None;
        let reach = self.shapes.reach.take().filter(|reach| reach.is_somewhere());
        if let Some(reach) = reach {
            self.ink_of_path(reach, stroked, filled);
        }
        if std::mem::take(&mut self.shapes.clips) {
            // What is no box may be anywhere.
            let area = match boxes.as_slice() {
                [area] => *area,
                _ => Area::NOWHERE,
            };
            self.state.clip = self.state.clip.within(area);
            self.cut_to(reach.unwrap_or(Area::EVERYWHERE));
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
            glyph.seen &= !area.has(glyph);
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
