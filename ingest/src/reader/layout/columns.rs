//! The order in which the segments of rows are read.
//!
//! Rows are read from the top, each from left to right; but where a gutter goes through many of them, and both its
//! sides are prose, what is left of it comes first. A table has gutters, too: it is written row by row, or has little
//! text beside them, and stays in rows.

use super::{
    Laid, bidi, line,
    rows::{Row, Segment},
};

/// A gutter is as wide, in parts of the size.
const GUTTER: f64 = 0.8;

/// How many rows each column has at least.
const ROWS: usize = 3;

/// How many letters a line of a column has, in the mean, at least.
const LETTERS: f64 = 11.0;

/// How often, by the line, writing goes over the gutter in what is no table.
const CROSSINGS: f64 = 0.2;

/// Lines further apart than this are parts of different paragraphs, in parts of the size.
const PARAGRAPH: f64 = 1.75;

/// How many places are tried for gutters.
const CANDIDATES: usize = 16;

/// Columns of columns that lie deeper are read in rows.
const DEEPEST: usize = 6;

/// The text of rows.
pub(super) fn text(rows: Vec<Row>) -> Laid {
    let (mut left, mut right) = (0_usize, 0_usize);
    let pieces = rows.iter().flat_map(|row| &row.segments).flat_map(|segment| &segment.pieces);
    for sign in pieces.filter_map(|piece| piece.said.sign()) {
        left += usize::from(bidi::is_leftwards(sign));
        right += usize::from(sign.is_alphabetic());
    }
    let mut page = Text { out: String::new(), unsure: false, rightwards: left * 2 <= right, last: None };
    page.read(rows, 0);
    Laid { text: page.out, unsure: page.unsure }
}

/// Text in the making.
struct Text {
    out: String,
    unsure: bool,
    rightwards: bool,
    last: Option<(f64, f64)>,
}

/// Where a gutter goes, and through which rows.
struct Gutter {
    x: f64,
    rows: std::ops::Range<usize>,
    /// How much there is on the side that has less.
    worth: usize,
}

impl Text {
    fn read(&mut self, mut rows: Vec<Row>, depth: usize) {
        let gutter = if depth < DEEPEST { gutter(&rows) } else { None };
        let Some(gutter) = gutter else {
            for row in &rows {
                self.row(row);
            }
            return;
        };
        let after = rows.split_off(gutter.rows.end);
        let within = rows.split_off(gutter.rows.start);
        self.read(rows, depth + 1);
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for row in within {
            let (before, behind): (Vec<_>, Vec<_>) =
                row.segments.into_iter().partition(|segment| segment.x0 < gutter.x - 0.01);
            for (side, segments) in [(&mut left, before), (&mut right, behind)] {
                if !segments.is_empty() {
                    side.push(Row { y: row.y, size: row.size, segments });
                }
            }
        }
        let sides = if self.rightwards { [left, right] } else { [right, left] };
        for side in sides {
            self.last = None;
            self.read(side, depth + 1);
        }
        self.last = None;
        self.read(after, depth + 1);
    }

    fn row(&mut self, row: &Row) {
        let segments: Vec<&Segment> = row.segments.iter().collect();
        let (line, unsure) = line::text(&segments, self.rightwards);
        self.unsure |= unsure;
        if line.is_empty() {
            return;
        }
        let size = row.size;
        if !self.out.is_empty() {
            let is_near = self.last.is_some_and(|(y, last)| {
                let by = y - row.y;
                by > 0.0 && by < PARAGRAPH * last.max(size)
            });
            self.out.push_str(if is_near { "\n" } else { "\n\n" });
        }
        self.out.push_str(&line);
        self.last = Some((row.y, size));
    }
}

/// The gutter that is worth most, if there is one.
fn gutter(rows: &[Row]) -> Option<Gutter> {
    if rows.len() < ROWS {
        return None;
    }
    let candidates = candidates(rows);
    candidates.into_iter().flat_map(|x| gutters_at(rows, x)).max_by_key(|gutter| gutter.worth)
}

/// Where segments begin that are not the first of all.
fn candidates(rows: &[Row]) -> Vec<f64> {
    let mut starts: Vec<(f64, usize)> = Vec::new();
    let mut all: Vec<f64> = rows.iter().flat_map(|row| &row.segments).map(|segment| segment.x0).collect();
    all.sort_by(f64::total_cmp);
    let least = all.first().copied().unwrap_or(0.0);
    for start in all.into_iter().filter(|start| *start > least + 1.0) {
        match starts.last_mut() {
            Some((first, count)) if start - *first < 2.5 => *count += 1,
            _ => starts.push((start, 1)),
        }
    }
    starts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    starts.into_iter().take(CANDIDATES).map(|(start, _)| start).collect()
}

/// The gutters left of `x`, each through rows that follow each other.
fn gutters_at(rows: &[Row], x: f64) -> Vec<Gutter> {
    let mut gutters = Vec::new();
    let mut start = 0;
    while start < rows.len() {
        let open = |row: &Row| {
            row.segments.iter().all(|segment| segment.x1 <= x - GUTTER * row.size || segment.x0 >= x - 0.01)
        };
        let length = rows.iter().skip(start).take_while(|row| open(row)).count();
        if length >= ROWS
            && let Some(run) = rows.get(start..start + length)
        {
            gutters.extend(judged(run, x, start));
        }
        start += length + 1;
    }
    gutters
}

/// The gutter through these rows, if both its sides are prose. Rows at both ends that have only one side stay outside.
fn judged(rows: &[Row], x: f64, start: usize) -> Option<Gutter> {
    let is_left = |segment: &Segment| segment.x0 < x - 0.01;
    let has = |row: &Row, left: bool| row.segments.iter().any(|segment| is_left(segment) == left);
    let mut first = 0;
    let mut last = rows.len();
    // A heading above both, which begins at the left and is short, is no part of a column.
    let lefts = rows.iter().filter(|row| has(row, true)).count();
    let rights = rows.iter().filter(|row| has(row, false)).count();
    if lefts < ROWS || rights < ROWS {
        return None;
    }
    while rows.get(first).is_some_and(|row| !has(row, false) && is_apart(rows, first, true)) {
        first += 1;
    }
    while last > first + 1
        && rows.get(last - 1).is_some_and(|row| !has(row, false) && is_apart(rows, last - 1, false))
    {
        last -= 1;
    }
    let rows = rows.get(first..last)?;
    let side = |left: bool| {
        let lines = rows.iter().filter(|row| has(row, left)).count();
        let segments = rows.iter().flat_map(|row| &row.segments).filter(|segment| is_left(segment) == left);
        let (letters, digits) =
            segments.fold((0, 0), |sum, segment| (sum.0 + segment.letters, sum.1 + segment.digits));
        (lines, letters, digits)
    };
    let sides = [side(true), side(false)];
    let is_prose = sides.iter().all(|(lines, letters, digits)| {
        *lines >= ROWS && ratio(*letters, *lines) >= LETTERS && letters > &(digits * 2)
    });
    let both = rows.iter().filter(|row| has(row, true) && has(row, false)).count();
    // Lines of full columns are many letters long; then the order of writing says nothing.
    let is_dense = sides.iter().all(|(lines, letters, _)| *lines >= 8 && ratio(*letters, *lines) >= 28.0);
    let is_table = ratio(crossings(rows, is_left), both.max(1)) > CROSSINGS.max(3.0 / ratio(both.max(1), 1))
        && !is_dense;
    (is_prose && !is_table).then_some(Gutter {
        x,
        rows: start + first..start + last,
        worth: sides.iter().map(|(_, letters, _)| *letters).min().unwrap_or(0),
    })
}

/// Whether a row at an end stands apart from the next one.
fn is_apart(rows: &[Row], at: usize, first: bool) -> bool {
    let next = if first { at + 1 } else { at.wrapping_sub(1) };
    let (Some(row), Some(next)) = (rows.get(at), rows.get(next)) else { return false };
    (row.y - next.y).abs() > PARAGRAPH * row.size.max(next.size)
        || (row.size - next.size).abs() > 0.15 * next.size
}

/// How often writing goes from one side to the other, beyond the once that it has to.
fn crossings(rows: &[Row], is_left: impl Fn(&Segment) -> bool) -> usize {
    let mut order: Vec<(usize, bool)> =
        rows.iter().flat_map(|row| &row.segments).map(|segment| (segment.order, is_left(segment))).collect();
    order.sort_unstable();
    order
        .windows(2)
        .filter(|pair| matches!(pair, [(_, one), (_, other)] if one != other))
        .count()
        .saturating_sub(1)
}

#[expect(clippy::cast_precision_loss, reason = "no page has 2⁵³ lines")]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}
