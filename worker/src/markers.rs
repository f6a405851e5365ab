//! The citation markers of an answer, `[n]`, while it streams: one is held back from its `[` until it is known to be
//! good, and one that cites nothing is dropped.

use std::collections::BTreeSet;

/// The longest marker, in bytes: `[1, 2, 3, 4, 5, 6]` and what models make of it. What is longer is none.
const LONGEST: usize = 48;

/// Lets text through, without the markers of passages that there are not.
#[derive(Debug, Clone)]
pub(crate) struct Markers {
    /// Passages are numbered from 1 to this.
    known: u32,
    /// White space, and the beginnings of what may become markers, one within the other: where the inner one of
    /// `[2[9]]` is dropped, what is left of the outer one becomes a marker, and is to be judged as well.
    held: String,
}

impl Markers {
    /// For an answer that may cite this many passages.
    pub(crate) const fn new(known: u32) -> Self {
        Self { known, held: String::new() }
    }

    /// Takes the next piece of the answer, and gives what of it can be told.
    pub(crate) fn push(&mut self, piece: &str) -> String {
        let mut told = String::with_capacity(piece.len() + self.held.len());
        for c in piece.chars() {
            self.take(c, &mut told);
        }
        told
    }

    /// Gives what was held back to the end.
    pub(crate) fn finish(&mut self) -> String {
        std::mem::take(&mut self.held)
    }

    fn take(&mut self, c: char, told: &mut String) {
        let begun = self.held.rfind('[');
        // How long the innermost marker would be if it ended with the next character.
        let length = begun.map_or(self.held.len(), |at| self.held.len() - at) + 2;
        self.held.push(c);
        let may_become_one = match (c, begun) {
            ('[', _) => true,
            (']', Some(at)) => return self.close(at, told),
            (c, Some(_)) => inside(c) && length <= LONGEST,
            // A marker that is dropped takes the space before it along.
            (c, None) => c == ' ' && length <= LONGEST,
        };
        if !may_become_one {
            told.push_str(&self.finish());
        }
    }

    /// A whole `[…]` is held from `at` on: tells it as it is, as much of it as is known, or not at all.
    fn close(&mut self, at: usize, told: &mut String) {
        let marker = self.held.split_off(at);
        // Brackets around something else, such as an interval, are no marker.
        let Some(numbers) = numbers(&marker) else {
            told.push_str(&self.finish());
            told.push_str(&marker);
            return;
        };
        let good: Vec<_> = numbers.iter().filter(|n| **n <= self.known).map(u32::to_string).collect();
        if good.is_empty() {
            self.held.truncate(self.held.trim_end_matches(' ').len());
            return;
        }
        told.push_str(&self.finish());
        if good.len() == numbers.len() {
            told.push_str(&marker);
        } else {
            told.push('[');
            told.push_str(&good.join(", "));
            told.push(']');
        }
    }
}

/// Whether a marker may have this between its brackets.
const fn inside(c: char) -> bool {
    matches!(c, '0'..='9' | ',' | ';' | ' ')
}

/// The numbers of a marker; `None` where it is none.
fn numbers(marker: &str) -> Option<Vec<u32>> {
    let within = marker.strip_prefix('[')?.strip_suffix(']')?;
    if marker.len() > LONGEST || !within.chars().all(inside) {
        return None;
    }
    let numbers: Option<Vec<u32>> =
        within.split([',', ';']).map(|number| number.trim().parse().ok()).collect();
    numbers.filter(|numbers| numbers.iter().all(|n| *n > 0))
}

/// A finished text without any markers.
pub(crate) fn without(text: &str) -> String {
    let mut markers = Markers::new(0);
    let told = markers.push(text);
    told + &markers.finish()
}

/// The passages that a finished text cites.
pub(crate) fn cited(text: &str) -> BTreeSet<u32> {
    let mut cited = BTreeSet::new();
    for part in text.split('[').skip(1) {
        if let Some((inside, _)) = part.split_once(']') {
            cited.extend(numbers(&format!("[{inside}]")).unwrap_or_default());
        }
    }
    cited
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(known: u32, text: &str) -> String {
        let mut markers = Markers::new(known);
        let told = markers.push(text);
        told + &markers.finish()
    }

    #[test]
    fn known_markers_stay_and_unknown_ones_go() {
        assert_eq!(
            whole(2, "Preload [1] rises [3]. Then [1, 3] and [2][9]."),
            "Preload [1] rises. Then [1] and [2]."
        );
        assert_eq!(whole(0, "Nothing [1]."), "Nothing.");
        assert_eq!(
            whole(1, "See [the guide](x), a[0], [0, 1] and [1"),
            "See [the guide](x), a[0], [0, 1] and [1"
        );
        assert_eq!(whole(3, "[[1]] and [ 2 ; 3 ]"), "[[1]] and [ 2 ; 3 ]");
        assert_eq!(whole(1, "  two  spaces [2]"), "  two  spaces");
        assert_eq!(whole(1, "a tab\t[2] and [+1], [1\n]"), "a tab\t and [+1], [1\n]");
    }

    #[test]
    fn what_a_dropped_marker_leaves_is_judged_too() {
        assert_eq!(whole(0, "[2[2]]"), "");
        assert_eq!(whole(1, "a [1 [9]2] b"), "a b");
        assert_eq!(whole(1, "[2[1]] [[9] 1]"), "[2[1]] [ 1]");
        assert_eq!(whole(0, "[[[3]"), "[[");
    }

    #[test]
    fn what_is_too_long_is_none() {
        let long = format!("[{}2]", "2;".repeat(LONGEST / 2));
        assert_eq!((whole(0, &long), cited(&long)), (long.clone(), BTreeSet::new()));
        let longest = format!("[{}2]", "2;".repeat(LONGEST / 2 - 2));
        assert_eq!((whole(0, &longest), cited(&longest)), (String::new(), BTreeSet::from([2])));
    }

    #[test]
    fn nothing_of_a_marker_is_told_before_it_is_known() {
        let mut markers = Markers::new(1);
        assert_eq!(markers.push("It rises ["), "It rises");
        assert_eq!(markers.push("7"), "");
        assert_eq!(markers.push("]."), ".");
    }

    #[test]
    fn what_is_cited_is_found() {
        assert_eq!(cited("a [1], b [2, 4] and [x] [0]"), BTreeSet::from([1, 2, 4]));
    }

    proptest::proptest! {
        #[test]
        fn however_the_stream_is_cut_the_text_is_the_same(
            text in "([a-c0-9 \\[\\],;é+\n]|\\[|\\]|[0-9]){0,60}|[12;\\[\\] ]{0,120}", known in 0_u32..5, cuts in proptest::collection::vec(0_usize..8, 0..60)
        ) {
            let mut markers = Markers::new(known);
            let (mut told, mut rest, mut cuts) = (String::new(), text.as_str(), cuts.into_iter());
            while !rest.is_empty() {
                let at = rest.char_indices().nth(cuts.next().unwrap_or(1)).map_or(rest.len(), |(at, _)| at);
                told += &markers.push(&rest[..at]);
                rest = &rest[at..];
            }
            told += &markers.finish();
            proptest::prop_assert_eq!(&told, &whole(known, &text));
            // What is cited is there.
            proptest::prop_assert!(cited(&told).iter().all(|n| *n <= known));
        }
    }
}
