//! Fractions that are written over each other, with a line between.

use super::{Drawing, Glyph, GlyphText};

/// How often it is asked whether a glyph stands over a line, or under it.
const MOST: usize = 50_000_000;

/// How many figures stand over a line, and under it.
const FIGURES: usize = 6;

/// How far the line is from the figures over it, from their base, in parts of the size.
const OVER: std::ops::Range<f64> = 0.02..0.6;

/// And from those under it.
const UNDER: std::ops::Range<f64> = 0.7..1.4;

/// How far it is above the line of the text beside it.
const AXIS: std::ops::Range<f64> = 0.05..0.6;

/// How far it may be longer than the figures, and how far where no text stands beside it.
const LONGER: f64 = 0.9;
const HARDLY_LONGER: f64 = 0.5;

/// How far from one line to the next in a table.
const NEXT: f64 = 3.0;

/// How far that text may be away.
const BESIDE: f64 = 1.4;

/// A line that goes across.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bar {
    pub(super) y: f64,
    pub(super) x0: f64,
    pub(super) x1: f64,
}

/// Writes fractions as `1/2`, onto the line of the text beside them. Others stay as they are, and nobody knows whether
/// they are some: figures that are underlined look alike.
pub(super) fn flatten(drawing: &mut Drawing, bars: &[Bar]) {
    let mut bars: Vec<Bar> = bars.to_vec();
    bars.sort_by(|one, other| other.y.total_cmp(&one.y).then(one.x0.total_cmp(&other.x0)));
    bars.dedup_by(|one, other| (one.y - other.y).abs() < 0.5 && (one.x0 - other.x0).abs() < 0.5);
    if bars.is_empty() || bars.len() * drawing.glyphs.len() > MOST {
        return;
    }
    let heights = Heights::of(&drawing.glyphs);
    let mut fractions: Vec<(Stack, usize)> = Vec::new();
    for bar in &bars {
        let Some(stack) = Stack::at(&drawing.glyphs, &heights, *bar) else { continue };
        match stack.host(&drawing.glyphs, &heights) {
            Some(host) => fractions.push((stack, host)),
            None => drawing.stacked |= stack.is_tight && !stack.is_of_table(&bars),
        }
    }
    for (stack, host) in &fractions {
        stack.flatten(&mut drawing.glyphs, *host);
    }
    part(drawing, &fractions);
}

/// The glyphs that are seen and go across, by the height of their lines.
struct Heights {
    places: Vec<(f64, usize)>,
    /// The size of the largest figure.
    largest: f64,
}

impl Heights {
    fn of(glyphs: &[Glyph]) -> Self {
        let inked = glyphs.iter().enumerate().filter(|(_, glyph)| is_inked(glyph));
        let mut places: Vec<(f64, usize)> = inked.map(|(at, glyph)| (glyph.y, at)).collect();
        places.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        let figures = glyphs.iter().filter(|glyph| is_figure(glyph));
        Self { places, largest: figures.map(|glyph| glyph.size).fold(0.0, f64::max) }
    }

    fn between(&self, low: f64, high: f64) -> impl Iterator<Item = usize> {
        let first = self.places.partition_point(|(y, _)| *y < low);
        self.places.iter().skip(first).take_while(move |(y, _)| *y <= high).map(|(_, at)| *at)
    }
}

/// Figures over figures.
struct Stack {
    bar: Bar,
    over: Vec<usize>,
    under: Vec<usize>,
    over_y: f64,
    under_y: f64,
    size: f64,
    /// Whether the line is hardly longer than the figures.
    is_tight: bool,
}

impl Stack {
    fn at(glyphs: &[Glyph], heights: &Heights, bar: Bar) -> Option<Self> {
        let mut over = Vec::new();
        let mut under = Vec::new();
        let (low, high) = (bar.y - UNDER.end * heights.largest, bar.y + OVER.end * heights.largest);
        for at in heights.between(low, high) {
            let Some(glyph) = glyphs.get(at) else { continue };
            let middle = glyph.x + glyph.advance / 2.0;
            if !(bar.x0..=bar.x1).contains(&middle) {
                continue;
            }
            let up = (glyph.y - bar.y) / glyph.size;
            if OVER.contains(&up) {
                over.push(at);
            } else if UNDER.contains(&-up) {
                under.push(at);
            }
        }
        let (first, last) = (glyphs.get(*over.first()?)?, glyphs.get(*under.first()?)?);
        let (over_y, under_y, size) = (first.y, last.y, first.size);
        let is_number = |found: &[usize], y: f64| {
            found.len() <= FIGURES
                && found.iter().filter_map(|at| glyphs.get(*at)).all(|glyph| {
                    is_figure(glyph)
                        && (glyph.y - y).abs() < 0.05 * size
                        && (glyph.size - size).abs() < 0.1 * size
                })
        };
        if !is_number(&over, over_y) || !is_number(&under, under_y) {
            return None;
        }
        let ends = |found: &[usize]| {
            let found = found.iter().filter_map(|at| glyphs.get(*at));
            found.fold((f64::INFINITY, f64::NEG_INFINITY), |(from, to), glyph| {
                (from.min(glyph.x), to.max(glyph.x + glyph.advance))
            })
        };
        let ((from, to), (low_from, low_to)) = (ends(&over), ends(&under));
        let (from, to) = (from.min(low_from), to.max(low_to));
        let longer = (bar.x1 - bar.x0) - (to - from);
        let is_over_all = from > bar.x0 - 0.2 * size && to < bar.x1 + 0.2 * size;
        for found in [&mut over, &mut under] {
            found.sort_by(|one, other| {
                let x = |at: &usize| glyphs.get(*at).map_or(0.0, |glyph| glyph.x);
                x(one).total_cmp(&x(other))
            });
        }
        (is_over_all && longer < LONGER * size).then_some(Self {
            bar,
            over,
            under,
            over_y,
            under_y,
            size,
            is_tight: longer < HARDLY_LONGER * size,
        })
    }

    /// Whether there are other lines like its own above or below, as between the cells of a table.
    fn is_of_table(&self, bars: &[Bar]) -> bool {
        bars.iter().any(|bar| {
            let apart = (bar.y - self.bar.y).abs();
            apart > 0.5
                && apart < NEXT * self.size
                && (bar.x0 - self.bar.x0).abs() < self.size
                && (bar.x1 - self.bar.x1).abs() < self.size
        })
    }

    /// A glyph of the text beside it, whose line goes between the two.
    fn host(&self, glyphs: &[Glyph], heights: &Heights) -> Option<usize> {
        heights.between(self.under_y, self.over_y).find(|at| {
            let Some(glyph) = glyphs.get(*at) else { return false };
            let is_between =
                glyph.y < self.over_y - 0.1 * self.size && glyph.y > self.under_y + 0.1 * self.size;
            let gap = (glyph.x - self.bar.x1).max(self.bar.x0 - glyph.x - glyph.advance);
            is_between
                && AXIS.contains(&((self.bar.y - glyph.y) / glyph.size))
                && (-0.3..BESIDE).contains(&(gap / glyph.size))
        })
    }

    fn flatten(&self, glyphs: &mut [Glyph], host: usize) {
        let said = |found: &[usize]| -> String {
            found.iter().filter_map(|at| glyphs.get(*at)).map(|glyph| glyph.said.text()).collect()
        };
        let text = format!("{}/{}", said(&self.over), said(&self.under));
        let Some((y, size)) = glyphs.get(host).map(|host| (host.y, host.size)) else { return };
        for at in self.over.iter().chain(&self.under) {
            if let Some(glyph) = glyphs.get_mut(*at) {
                glyph.said = GlyphText::Nothing;
            }
        }
        if let Some(glyph) = self.over.first().and_then(|first| glyphs.get_mut(*first)) {
            glyph.said = GlyphText::Many(text.into());
            (glyph.x, glyph.advance) = (self.bar.x0, self.bar.x1 - self.bar.x0);
            (glyph.y, glyph.size, glyph.spacing) = (y, size, 0.0);
        }
    }
}

/// Parts fractions from whole numbers beside them.
fn part(drawing: &mut Drawing, fractions: &[(Stack, usize)]) {
    let mut places: Vec<usize> =
        fractions.iter().filter_map(|(stack, _)| stack.over.first().copied()).collect();
    places.sort_unstable();
    for place in places.into_iter().rev() {
        let Some(fraction) = drawing.glyphs.get(place).cloned() else { continue };
        let end = fraction.x + fraction.advance;
        let has_number = |gap: &dyn Fn(&Glyph) -> f64| {
            drawing.glyphs.iter().any(|glyph| {
                is_figure(glyph)
                    && (glyph.y - fraction.y).abs() < 0.1 * fraction.size
                    && (-0.3..0.6).contains(&(gap(glyph) / fraction.size))
            })
        };
        let (before, behind) =
            (has_number(&|glyph| fraction.x - glyph.x - glyph.advance), has_number(&|glyph| glyph.x - end));
        let room = |x: f64| Glyph { said: GlyphText::Parted, x, advance: 0.0, ..fraction.clone() };
        if behind {
            drawing.glyphs.insert(place + 1, room(end));
        }
        if before {
            drawing.glyphs.insert(place, room(fraction.x));
        }
    }
}

fn is_inked(glyph: &Glyph) -> bool {
    glyph.along.0 > 0.99 && glyph.size > 0.0 && !glyph.said.is_space() && glyph.said != GlyphText::Nothing
}

fn is_figure(glyph: &Glyph) -> bool {
    matches!(&glyph.said, GlyphText::One(sign) if sign.is_ascii_digit() || matches!(sign, '.' | ','))
}
