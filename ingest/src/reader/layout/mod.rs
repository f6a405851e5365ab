//! Puts a page's text together from its glyphs: words, lines, columns, directions.
//!
//! | module | what it does |
//! |---|---|
//! | `rows` | glyphs to rows, and rows to segments that gaps part |
//! | `raised` | exponents, indices and marks of notes, which belong to the row that they stand beside |
//! | `columns` | the order in which segments are read |
//! | `line` | a row's segments to text: words, and signs that are raised |
//! | `bidi` | from the order of the eye to that of reading, for Arabic and Hebrew |
//! | `figures` | their units, ranges and signs |

mod bidi;
mod columns;
mod figures;
mod line;
mod raised;
mod rows;

use super::drawn::{Glyph, GlyphText};

/// A glyph in the coordinates of its own direction: `x` along the line, `y` upwards.
#[derive(Debug, Clone)]
struct Piece {
    said: GlyphText,
    x0: f64,
    x1: f64,
    y: f64,
    size: f64,
    spacing: f64,
    raise: Raise,
    /// Its place among all that is drawn.
    order: usize,
}

/// Whether a glyph stands above its line, or below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Raise {
    Not,
    Up,
    Down,
}

/// How far two directions may differ that are read as one, in degrees.
const SAME_DIRECTION: f64 = 8.0;

/// What was put together.
pub(super) struct Laid {
    pub(super) text: String,
    /// Whether some of it may be meant in another order.
    pub(super) unsure: bool,
}

/// The text of these glyphs.
pub(super) fn text(glyphs: &[Glyph]) -> Laid {
    let mut directions: Vec<Direction> = Vec::new();
    for (order, glyph) in glyphs.iter().enumerate() {
        if glyph.said == GlyphText::Nothing {
            continue;
        }
        let angle = turn(glyph.along);
        let found = directions.iter_mut().find(|direction| apart(direction.angle, angle) < SAME_DIRECTION);
        match found {
            Some(direction) => direction.take(glyph, order),
            None => {
                let mut direction = Direction { angle, pieces: Vec::new() };
                direction.take(glyph, order);
                directions.push(direction);
            }
        }
    }
    // What most of the page is written in, and then stamps and margins.
    directions.sort_by_key(|direction| std::cmp::Reverse(direction.pieces.len()));
    let laid: Vec<_> =
        directions.into_iter().map(|direction| columns::text(rows::rows(direction.pieces))).collect();
    let unsure = laid.iter().any(|laid| laid.unsure);
    let texts = laid.into_iter().map(|laid| laid.text).filter(|text| !text.is_empty());
    Laid { text: texts.collect::<Vec<_>>().join("\n\n"), unsure }
}

/// What is written in one direction.
struct Direction {
    angle: f64,
    pieces: Vec<Piece>,
}

impl Direction {
    fn take(&mut self, glyph: &Glyph, order: usize) {
        let (sin, cos) = self.angle.to_radians().sin_cos();
        let x = glyph.x * cos + glyph.y * sin;
        let end = x + glyph.advance;
        self.pieces.push(Piece {
            said: glyph.said.clone(),
            x0: x.min(end),
            x1: x.max(end),
            y: glyph.y * cos - glyph.x * sin,
            size: glyph.size,
            spacing: glyph.spacing,
            raise: Raise::Not,
            order,
        });
    }
}

/// The angle of a direction in degrees, a right one where it is nearly that.
fn turn((x, y): (f64, f64)) -> f64 {
    let angle = y.atan2(x).to_degrees().rem_euclid(360.0);
    let right = (angle / 90.0).round() * 90.0;
    if (angle - right).abs() < SAME_DIRECTION { right.rem_euclid(360.0) } else { angle }
}

fn apart(one: f64, other: f64) -> f64 {
    let apart = (one - other).abs().rem_euclid(360.0);
    apart.min(360.0 - apart)
}
