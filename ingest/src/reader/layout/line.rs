//! A row's glyphs to text.

use unicode_bidi::{BidiClass, bidi_class};

use super::{
    super::{
        guard,
        tracking::{self, Gap, Step},
    },
    Piece, Raise, bidi,
    rows::Segment,
};

/// A gap that parts words, in parts of the size.
const WORD_GAP: f64 = 0.16;

/// One between signs of scripts without spaces.
const IDEOGRAPH_GAP: f64 = 0.55;

/// What is no gap at all, in parts of the size.
const NO_GAP: f64 = 0.05;

/// Figures on different lines, however near, are parted by less: labels of a drawing stand so.
const OTHER_LINE: f64 = 0.06;

/// Spacing between letters that does not part words may be as large as this, in parts of the size.
const MOST_SPACING: f64 = 0.6;

/// Figures further apart are not near each other, in parts of the size.
const MOST_STEP: f64 = 0.3;

/// A word, or part of one that is read in one direction, in the order of the eye.
pub(super) struct Unit {
    pub(super) text: String,
}

/// The text of segments that stand on one row, from left to right. `rightwards` says how the page is read.
/// And whether it may be read in another order.
pub(super) fn text(segments: &[&Segment], rightwards: bool) -> (String, bool) {
    let mut units = Vec::new();
    for segment in segments {
        if !units.is_empty() {
            units.push(space());
        }
        add(segment, &mut units);
    }
    bidi::read(units, rightwards)
}

fn space() -> Unit {
    Unit { text: " ".to_owned() }
}

fn add(segment: &Segment, units: &mut Vec<Unit>) {
    let spaced = letterspacing(segment);
    let apart = figures_apart(&segment.pieces);
    let mut last: Option<&Piece> = None;
    let mut room: Option<&Piece> = None;
    let mut marks = String::new();
    let mut pieces = segment.pieces.iter().zip(apart).peekable();
    while let Some((piece, is_apart)) = pieces.next() {
        if piece.said.is_space() {
            room = Some(piece);
            continue;
        }
        // An accent belongs to the letter that it stands over, in whichever direction that is read.
        if piece.said.sign().is_some_and(is_combining) {
            let over_last = last.is_some_and(|last| f64::midpoint(piece.x0, piece.x1) <= last.x1);
            match units.last_mut() {
                Some(unit) if over_last => unit.text.push_str(&piece.said.text()),
                _ => marks.push_str(&piece.said.text()),
            }
            continue;
        }
        if let Some(last) = last
            && (is_apart
                || room.is_some_and(|room| is_between(room, last, piece))
                || parts(last, piece, spaced))
        {
            units.push(space());
        }
        room = None;
        let next = pieces.peek().map(|(next, _)| *next);
        units.push(Unit { text: raised(piece, last, next) + &std::mem::take(&mut marks) });
        last = Some(piece);
    }
}

/// Whether a space parts two glyphs. One that was drawn elsewhere, of a line beneath or to fill a field, lies under them
/// where they leave no room.
fn is_between(room: &Piece, one: &Piece, other: &Piece) -> bool {
    let is_drawn_between = (one.order.min(other.order)..one.order.max(other.order)).contains(&room.order);
    is_drawn_between || other.x0 - one.x1 > NO_GAP * one.size.max(other.size)
}

/// Of each glyph, whether it is a figure, or a sign of a number, with a gap before it as between two numbers.
fn figures_apart(pieces: &[Piece]) -> Vec<bool> {
    let mut apart = vec![false; pieces.len()];
    let mut steps = Vec::new();
    let mut judge = |end: usize, steps: &mut Vec<Step>| {
        let gaps = tracking::gaps(steps);
        for (place, gap) in apart.iter_mut().take(end).skip(end - gaps.len()).zip(gaps) {
            *place = gap == Gap::Between;
        }
        steps.clear();
    };
    for (at, pair) in pieces.windows(2).enumerate() {
        let [one, other] = pair else { continue };
        match step(one, other) {
            Some(step) => steps.push(step),
            None => judge(at + 1, &mut steps),
        }
    }
    judge(pieces.len(), &mut steps);
    apart
}

/// From one figure to the next, if they are of one line and size.
fn step(one: &Piece, other: &Piece) -> Option<Step> {
    let (before, after) = (one.said.sign()?, other.said.sign()?);
    let size = one.size.max(other.size);
    let is_level = one.raise == other.raise
        && (one.y - other.y).abs() <= OTHER_LINE * size
        && (one.size - other.size).abs() <= OTHER_LINE * size;
    let gap = (other.x0 - one.x1) / size;
    let is_near = (-MOST_STEP..MOST_STEP).contains(&gap);
    if !(guard::is_figure(before) && guard::is_figure(after) && is_level && is_near) {
        return None;
    }
    Some(Step::new(before, after, gap, one.spacing / size))
}

fn is_combining(sign: char) -> bool {
    bidi_class(sign) == BidiClass::NSM
}

/// The spacing that stands between all glyphs of a segment, spaces too, and is taken back nowhere: it parts no words,
/// and no numbers.
fn letterspacing(segment: &Segment) -> Option<f64> {
    let space =
        segment.pieces.iter().find(|piece| piece.said.is_space() && piece.spacing > NO_GAP * piece.size)?;
    let spacing = space.spacing;
    let is_everywhere = segment.pieces.windows(2).all(|pair| match pair {
        [one, other] if other.order == one.order + 1 => {
            is_same(one.spacing, spacing) && other.x0 - one.x1 > 0.8 * spacing
        }
        _ => true,
    });
    is_everywhere.then_some(spacing)
}

fn is_same(one: f64, other: f64) -> bool {
    (one - other).abs() < 0.01 * one.abs().max(other.abs())
}

/// Whether there is a gap between two glyphs as between words.
fn parts(one: &Piece, other: &Piece, spaced: Option<f64>) -> bool {
    let size = one.size.max(other.size);
    let mut gap = other.x0 - one.x1;
    let (before, after) = (one.said.text().chars().next_back(), other.said.text().chars().next());
    let (Some(before), Some(after)) = (before, after) else { return gap > WORD_GAP * size };
    if is_ideograph(before) && is_ideograph(after) {
        return gap > IDEOGRAPH_GAP * size;
    }
    let is_other_line = (one.y - other.y).abs() > OTHER_LINE * size && one.raise == other.raise;
    if is_other_line && guard::is_of_number(before) && guard::is_of_number(after) {
        return gap > NO_GAP * size;
    }
    // Letters may be spaced. Between numbers, what is seen as a gap is one.
    let is_spaced = spaced.is_some_and(|spacing| is_same(spacing, one.spacing));
    if is_spaced || (before.is_alphabetic() && after.is_alphabetic()) || gap < 0.25 * size {
        gap -= one.spacing.clamp(0.0, MOST_SPACING * size);
    }
    gap > WORD_GAP * size
}

fn is_ideograph(sign: char) -> bool {
    matches!(sign, '\u{2e80}'..='\u{2fdf}' | '\u{3040}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// What a glyph says, as a raised or lowered sign where it is one and there is one.
fn raised(piece: &Piece, last: Option<&Piece>, next: Option<&Piece>) -> String {
    let text = piece.said.text();
    if piece.raise == Raise::Not {
        return text;
    }
    let is_digit = |other: Option<&Piece>| {
        other.is_some_and(|other| {
            other.raise == piece.raise && other.said.sign().is_some_and(|sign| sign.is_ascii_digit())
        })
    };
    // `1-3` are two numbers of notes, and no exponent.
    let is_range = !text.chars().all(|sign| sign.is_ascii_digit()) && is_digit(last) && is_digit(next);
    text.chars().map(|sign| if is_range { sign } else { shifted(sign, piece.raise) }).collect()
}

fn shifted(sign: char, raise: Raise) -> char {
    let (from, to) = match raise {
        Raise::Not => return sign,
        Raise::Up => ("0123456789+-−–=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾"),
        Raise::Down => ("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎"),
    };
    from.chars().zip(to.chars()).find(|(known, _)| *known == sign).map_or(sign, |(_, shifted)| shifted)
}

#[cfg(test)]
mod tests {
    use super::{super::super::drawn::GlyphText, *};

    fn piece(sign: char, x0: f64, y: f64) -> Piece {
        let said = GlyphText::One(sign);
        Piece { said, x0, x1: x0 + 5.0, y, size: 10.0, spacing: 0.0, raise: Raise::Not, order: 0 }
    }

    #[test]
    fn figures_on_different_lines_are_no_number_however_near() {
        assert!(!parts(&piece('2', 0.0, 0.0), &piece('−', 6.0, 0.0), None));
        assert!(parts(&piece('2', 0.0, 0.0), &piece('−', 6.0, 0.9), None));
        assert!(!parts(&piece('a', 0.0, 0.0), &piece('b', 6.0, 0.9), None));
    }
}
