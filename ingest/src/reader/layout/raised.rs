//! Small glyphs that stand a little above or below a line: exponents, indices, marks of notes.

use super::{Raise, rows::Run};

/// Runs with more glyphs are lines of their own.
const MOST: usize = 16;

/// Indices are shorter than that.
const MOST_BELOW: usize = 6;

/// How small they are beside the line, at most.
const SMALL: f64 = 0.86;

/// A few digits that are as large as the line's own may be raised as well, where no line of text has room.
const FEW: usize = 4;

/// How far above the line they stand, in parts of its size.
const ABOVE: std::ops::Range<f64> = 0.12..0.75;

/// And how far below.
const BELOW: std::ops::Range<f64> = 0.06..0.42;

/// How many runs before and after in the file are looked at for the line that a run belongs to.
const NEAR: usize = 4;

/// Puts raised runs onto the baselines of their lines, and marks their glyphs.
pub(super) fn settle(runs: &mut [Run]) {
    for at in 0..runs.len() {
        let Some((raise, y)) = raise_of(runs, at) else { continue };
        let Some(run) = runs.get_mut(at) else { continue };
        run.y = y;
        for piece in &mut run.pieces {
            piece.raise = raise;
        }
    }
}

fn raise_of(runs: &[Run], at: usize) -> Option<(Raise, f64)> {
    let run = runs.get(at)?;
    if run.pieces.len() > MOST || run.is_blank() {
        return None;
    }
    let around = runs.get(at.saturating_sub(NEAR)..(at + NEAR + 1).min(runs.len()))?;
    let settled = around.iter().filter(|other| !std::ptr::eq(*other, run));
    let host = settled
        .filter(|host| is_beside(run, host, around))
        .filter_map(|host| Some((host, raise(run, host)?)))
        .max_by(|(one, _), (other, _)| one.size.total_cmp(&other.size))?;
    Some((host.1, host.0.y))
}

fn raise(run: &Run, host: &Run) -> Option<Raise> {
    let by = (run.y - host.y) / host.size;
    let is_small = run.size <= SMALL * host.size;
    if host.is_blank()
        || run.size < 0.3 * host.size
        || is_raised(host)
        || !(is_small || is_set_off(run, host, by))
    {
        return None;
    }
    if ABOVE.contains(&by) {
        Some(Raise::Up)
    } else if BELOW.contains(&-by) && run.pieces.len() <= MOST_BELOW {
        Some(Raise::Down)
    } else {
        None
    }
}

/// Whether a few digits stand between two lines, in the size of the text.
fn is_set_off(run: &Run, host: &Run, by: f64) -> bool {
    let is_figure = |sign: char| sign.is_ascii_digit() || matches!(sign, '+' | '-' | '−');
    run.pieces.len() <= FEW
        && host.pieces.len() > run.pieces.len()
        && run.size <= 1.02 * host.size
        && (0.2..0.62).contains(&by.abs())
        && run.pieces.iter().all(|piece| piece.said.sign().is_some_and(is_figure))
}

fn is_raised(run: &Run) -> bool {
    run.pieces.first().is_some_and(|piece| piece.raise != Raise::Not)
}

/// Whether a run begins where its line has something, or what was raised beside it, or ends where the line goes on.
fn is_beside(run: &Run, host: &Run, around: &[Run]) -> bool {
    let size = host.size;
    let follows = |end: f64| run.x0 - end < 0.45 * size && run.x0 - end > -0.35 * size;
    // Small glyphs may follow each other: SO₄²⁻.
    let small = around.iter().filter(|other| is_raised(other) && (other.y - host.y).abs() < 0.02 * size);
    let after = follows(host.x1)
        || small.filter(|other| other.x0 >= host.x1 - 0.4 * size).any(|other| {
            follows(other.x1) || {
                let apart = (run.x0 - other.x0).abs();
                apart < 0.2 * size && follows(host.x1)
            }
        });
    let before = host.x0 - run.x1 < 0.6 * size && host.x0 - run.x1 > -0.2 * size;
    after || before
}
