//! Whether a gap between two figures parts them, by the other gaps around it.
//!
//! Numbers may be set wide, so that no gap by itself says that it stands between two of them: what is seen as one is
//! wider than those beside it.

/// A gap that is as much wider than the least around it is seen, in parts of the size.
const SEEN: f64 = 0.07;

/// How far a gap may be from the spacing that the text asks for, in parts of the size.
const EXACT: f64 = 0.05;

/// What nobody takes for spacing that was not asked for, in parts of the size.
const WIDE: f64 = 0.16;

/// From one figure to the next, in parts of the size.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) gap: f64,
    /// The spacing that the text asks for.
    spacing: f64,
    to: To,
}

/// What is gone to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum To {
    /// A figure of this number, or of the next.
    Figure,
    /// A sign: of the next number, or between two, and then there is as much room behind it.
    Sign,
    /// What is of the same number.
    Same,
}

impl Step {
    pub(super) fn new(from: char, to: char, gap: f64, spacing: f64) -> Self {
        let to = if is_sign(from) || is_point(from) || is_point(to) || is_unit(to) {
            To::Same
        } else if is_sign(to) {
            To::Sign
        } else {
            To::Figure
        };
        Self { gap, spacing, to }
    }
}

/// What a gap is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// Within a number.
    Within,
    /// Between two.
    Between,
    /// All gaps are as wide, and the text asks for none of them.
    Unsure,
}

/// The gaps of figures that follow each other on one line.
pub(super) fn gaps(steps: &[Step]) -> Vec<Gap> {
    let least = steps.iter().map(|step| step.gap).fold(f64::INFINITY, f64::min).max(0.0);
    let gap = |(at, step): (usize, &Step)| {
        if step.to == To::Same || step.gap <= SEEN {
            return Gap::Within;
        }
        let is_wider = step.gap > least + SEEN;
        if step.to == To::Sign {
            let behind = steps.get(at + 1).map(|behind| behind.gap);
            let is_before = behind.is_some_and(|behind| step.gap > behind + SEEN);
            return if is_wider && is_before { Gap::Between } else { Gap::Within };
        }
        let unasked = step.gap - step.spacing;
        match unasked {
            _ if is_wider => Gap::Between,
            _ if unasked <= EXACT => Gap::Within,
            _ if unasked > WIDE => Gap::Between,
            _ => Gap::Unsure,
        }
    };
    steps.iter().enumerate().map(gap).collect()
}

/// Whether a sign has room of its own beside figures.
fn is_point(sign: char) -> bool {
    matches!(sign, '.' | ',' | '/' | ':' | '·' | '٫' | '٬' | '⁄' | '\'' | '’')
}

/// Whether a sign stands behind its figures.
fn is_unit(sign: char) -> bool {
    matches!(sign, '%' | '‰' | '°' | 'µ' | 'μ')
}

/// Whether it stands before them, or between.
fn is_sign(sign: char) -> bool {
    !sign.is_numeric() && !is_point(sign) && !is_unit(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gaps_of(found: &[f64], spacing: f64) -> Vec<Gap> {
        let step = |gap: &f64| Step::new('1', '2', *gap, spacing);
        gaps(&found.iter().map(step).collect::<Vec<_>>())
    }

    #[test]
    fn a_gap_that_is_wider_than_those_beside_it_parts() {
        assert_eq!(gaps_of(&[0.0, 0.12, 0.0], 0.0), [Gap::Within, Gap::Between, Gap::Within]);
        assert_eq!(gaps_of(&[0.1, 0.22, 0.1], 0.1), [Gap::Within, Gap::Between, Gap::Within]);
        // By a spacing that is taken back within numbers.
        assert_eq!(gaps_of(&[0.0, 0.12, 0.0], 0.12), [Gap::Within, Gap::Between, Gap::Within]);
    }

    #[test]
    fn gaps_that_the_text_asks_for_part_nothing_if_all_are_alike() {
        assert_eq!(gaps_of(&[0.12, 0.12], 0.12), [Gap::Within, Gap::Within]);
        assert_eq!(gaps_of(&[-0.05, 0.03, 0.06], 0.0), [Gap::Within; 3]);
    }

    #[test]
    fn gaps_that_are_alike_and_not_asked_for_say_nothing() {
        assert_eq!(gaps_of(&[0.12, 0.13], 0.0), [Gap::Unsure, Gap::Unsure]);
        assert_eq!(gaps_of(&[0.2], 0.0), [Gap::Between]);
    }

    #[test]
    fn a_sign_is_of_the_number_that_it_stands_by() {
        let gaps_of = |before: f64, behind: f64| {
            gaps(&[
                Step::new('4', '-', before, 0.0),
                Step::new('-', '6', behind, 0.0),
                Step::new('6', '1', 0.0, 0.0),
            ])
        };
        assert_eq!(gaps_of(0.12, 0.0)[0], Gap::Between);
        assert_eq!(gaps_of(0.12, 0.12)[..2], [Gap::Within, Gap::Within]);
        assert_eq!(gaps(&[Step::new('1', '−', 0.11, 0.0)]), [Gap::Within]);
        assert_eq!(gaps(&[Step::new('5', '%', 0.12, 0.0), Step::new('%', '3', 0.12, 0.0)])[0], Gap::Within);
    }
}
