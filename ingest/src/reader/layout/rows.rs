//! Glyphs to rows.

use super::{Piece, Raise, raised};

/// How far baselines of one row may lie apart, in parts of the size.
const SAME_ROW: f64 = 0.22;

/// A gap that parts segments, in parts of the size.
const WIDE_GAP: f64 = 0.9;

/// Glyphs that follow each other in the file on one baseline.
pub(super) struct Run {
    pub(super) pieces: Vec<Piece>,
    pub(super) y: f64,
    pub(super) size: f64,
    pub(super) x0: f64,
    pub(super) x1: f64,
}

/// What stands on one baseline.
pub(super) struct Row {
    pub(super) y: f64,
    pub(super) size: f64,
    /// From left to right.
    pub(super) segments: Vec<Segment>,
}

/// Part of a row, without a wide gap.
#[derive(Clone)]
pub(super) struct Segment {
    pub(super) pieces: Vec<Piece>,
    pub(super) x0: f64,
    pub(super) x1: f64,
    /// The least place of its glyphs in the file.
    pub(super) order: usize,
    /// Its letters, and its digits.
    pub(super) letters: usize,
    pub(super) digits: usize,
}

/// The rows, from the top.
pub(super) fn rows(pieces: Vec<Piece>) -> Vec<Row> {
    let mut runs = runs(pieces);
    raised::settle(&mut runs);
    runs.sort_by(|one, other| other.y.total_cmp(&one.y));
    let mut rows: Vec<(f64, f64, Vec<Piece>)> = Vec::new();
    for run in runs {
        // Those that may be near are the last.
        let near = rows.iter_mut().rev().take(6).find(|(y, size, _)| {
            let size = size.min(run.size).max(size.max(run.size) * 0.3);
            (*y - run.y).abs() <= SAME_ROW * size
        });
        match near {
            Some((y, size, pieces)) => {
                if run.pieces.len() > pieces.len() {
                    *y = run.y;
                }
                *size = size.max(run.size);
                pieces.extend(run.pieces);
            }
            None => rows.push((run.y, run.size, run.pieces)),
        }
    }
    rows.sort_by(|one, other| other.0.total_cmp(&one.0));
    let rows = rows.into_iter().map(|(y, size, pieces)| Row { y, size, segments: segments(pieces) });
    rows.filter(|row| !row.segments.is_empty()).collect()
}

fn runs(pieces: Vec<Piece>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for piece in pieces {
        match runs.last_mut() {
            Some(run) if run.goes_on(&piece) => {
                run.x0 = run.x0.min(piece.x0);
                run.x1 = run.x1.max(piece.x1);
                run.pieces.push(piece);
            }
            _ => runs.push(Run {
                y: piece.y,
                size: piece.size,
                x0: piece.x0,
                x1: piece.x1,
                pieces: vec![piece],
            }),
        }
    }
    runs
}

impl Run {
    fn goes_on(&self, piece: &Piece) -> bool {
        let gap = piece.x0 - self.x1;
        (piece.y - self.y).abs() < 0.05 * self.size
            && (piece.size - self.size).abs() < 0.06 * self.size
            && gap < WIDE_GAP * self.size
            && gap > -0.8 * self.size
    }

    /// Whether there is nothing to see.
    pub(super) fn is_blank(&self) -> bool {
        self.pieces.iter().all(|piece| piece.said.is_space())
    }
}

/// A row's glyphs, from left to right, parted at wide gaps. Nothing is left of one that has only spaces.
fn segments(mut pieces: Vec<Piece>) -> Vec<Segment> {
    pieces.sort_by(|one, other| one.x0.total_cmp(&other.x0).then(one.order.cmp(&other.order)));
    for stack in pieces.chunk_by_mut(|one, other| one.raise != Raise::Not && other.raise != Raise::Not) {
        unstack(stack);
    }
    let mut segments: Vec<Segment> = Vec::new();
    for piece in pieces {
        if is_doubled(segments.last(), &piece) {
            continue;
        }
        match segments.last_mut() {
            Some(segment) if piece.said.is_space() || piece.x0 - segment.x1 <= gap(segment, &piece) => {
                segment.take(piece);
            }
            _ if piece.said.is_space() => {}
            _ => segments.push(Segment::of(piece)),
        }
    }
    segments
}

/// Of what is raised and what is lowered at one place, as in a small fraction, one comes after the other.
fn unstack(stack: &mut [Piece]) {
    let is_over = |pair: &[Piece]| matches!(pair, [one, other] if one.raise != other.raise && other.x0 < one.x1 - 0.1 * one.size);
    if stack.windows(2).any(is_over) {
        let first = stack.iter().min_by_key(|piece| piece.order).map(|piece| piece.raise);
        stack.sort_by_key(|piece| Some(piece.raise) != first);
    }
}

fn gap(segment: &Segment, piece: &Piece) -> f64 {
    let last = segment.pieces.iter().rev().find(|piece| !piece.said.is_space());
    WIDE_GAP * last.map_or(piece.size, |last| last.size.max(piece.size))
}

/// Whether a glyph is drawn once more in nearly the same place, as some do to make it bold.
fn is_doubled(segment: Option<&Segment>, piece: &Piece) -> bool {
    segment.is_some_and(|segment| {
        segment.pieces.iter().rev().take(4).any(|last| {
            last.said == piece.said
                && piece.x0 - last.x0 < 0.3 * (last.x1 - last.x0).min(last.size)
                && (last.size - piece.size).abs() < 0.1 * piece.size
                && last.raise == piece.raise
                && !piece.said.is_space()
        })
    })
}

impl Segment {
    fn of(piece: Piece) -> Self {
        let mut segment = Self {
            x0: piece.x0,
            x1: piece.x1,
            order: piece.order,
            letters: 0,
            digits: 0,
            pieces: Vec::new(),
        };
        segment.take(piece);
        segment
    }

    fn take(&mut self, piece: Piece) {
        if let Some(sign) = piece.said.sign().or_else(|| piece.said.text().chars().next()) {
            self.letters += usize::from(sign.is_alphabetic());
            self.digits += usize::from(sign.is_numeric());
        }
        if !piece.said.is_space() {
            self.x1 = self.x1.max(piece.x1);
            self.order = self.order.min(piece.order);
        }
        self.pieces.push(piece);
    }
}
