//! Where a passage of a page stands when the page was read anew. Pure.

use std::{collections::HashMap, ops::Range};

/// Where a passage is on its page now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// It stands there, word for word.
    Same(Range<usize>),
    /// It does not stand any more; this is what is most like it.
    Changed(Range<usize>),
}

/// Finds characters `range` of the old text of a page in its new text. White space may differ, and nothing else: a space
/// that is new within a number is a change. Of several places the nearest counts.
pub fn find_again(old: &str, range: Range<usize>, new: &str) -> Place {
    let (old, new) = (Spaced::new(old), Spaced::new(new));
    let passage = old.within(&range);
    let wanted = old.text.get(passage.clone()).unwrap_or_default();
    if wanted.is_empty() {
        return Place::Changed(0..0);
    }
    let ends = (old.is_cut(passage.start), old.is_cut(passage.end));
    let found = new
        .text
        .match_indices(wanted)
        .map(|(at, _)| at..at + wanted.len())
        // What begins with a word must not begin within another: 5 mg is not in 15 mg.
        .filter(|found| (new.is_cut(found.start), new.is_cut(found.end)) == ends)
        .min_by_key(|found| found.start.abs_diff(passage.start));
    match found {
        Some(found) => Place::Same(new.in_characters(&found)),
        None => Place::Changed(new.in_characters(&new.most_like(wanted, passage.start))),
    }
}

/// A text in which all white space is one space, and which knows where its characters were.
struct Spaced {
    text: String,
    /// For each byte of `text` at which a character begins: the place of that character in the text as it was.
    places: Vec<(usize, usize)>,
}

impl Spaced {
    fn new(text: &str) -> Self {
        let mut spaced = Self { text: String::with_capacity(text.len()), places: Vec::new() };
        let mut space = false;
        for (place, sign) in text.chars().enumerate() {
            if sign.is_whitespace() {
                space = !spaced.text.is_empty();
                continue;
            }
            if std::mem::take(&mut space) {
                spaced.places.push((spaced.text.len(), place - 1));
                spaced.text.push(' ');
            }
            spaced.places.push((spaced.text.len(), place));
            spaced.text.push(sign);
        }
        spaced
    }

    /// The bytes of what is at these characters of the text as it was, without white space around it.
    fn within(&self, range: &Range<usize>) -> Range<usize> {
        let byte = |place: usize| {
            let at = self.places.partition_point(|(_, known)| *known < place);
            self.places.get(at).map_or(self.text.len(), |(byte, _)| *byte)
        };
        let (start, end) = (byte(range.start), byte(range.end.max(range.start)));
        let text = self.text.get(start..end).unwrap_or_default();
        let start = start + (text.len() - text.trim_start().len());
        start..start + text.trim().len()
    }

    /// Whether something was cut off there: both sides belong to one word.
    fn is_cut(&self, at: usize) -> bool {
        let before = self.text.get(..at).and_then(|text| text.chars().next_back());
        let after = self.text.get(at..).and_then(|text| text.chars().next());
        before.zip(after).is_some_and(|(before, after)| before != ' ' && after != ' ')
    }

    /// Bytes of the text as characters of it as it was.
    fn in_characters(&self, bytes: &Range<usize>) -> Range<usize> {
        let place = |byte: usize| {
            let at = self.places.partition_point(|(known, _)| *known < byte);
            self.places.get(at).map(|(_, place)| *place)
        };
        let Some(start) = place(bytes.start) else { return 0..0 };
        let last = self.places.partition_point(|(known, _)| *known < bytes.end).checked_sub(1);
        let end = last.and_then(|last| self.places.get(last)).map_or(start, |(_, place)| place + 1);
        start..end.max(start)
    }

    /// The words in a row, as many as `wanted` has, that share the most words with it; of several the nearest to byte
    /// `near`.
    fn most_like(&self, wanted: &str, near: usize) -> Range<usize> {
        let words: Vec<(usize, &str)> = self
            .text
            .split(' ')
            .map(|word| (word.as_ptr() as usize - self.text.as_ptr() as usize, word))
            .collect();
        let mut missing: HashMap<&str, i64> = HashMap::new();
        for word in wanted.split(' ') {
            *missing.entry(word).or_default() += 1;
        }
        let width = wanted.split(' ').count().min(words.len());
        let mut shared = 0_i64;
        let mut best: Option<(i64, usize, usize)> = None;
        for (at, (_, word)) in words.iter().enumerate() {
            if let Some(left) = missing.get_mut(word) {
                shared += i64::from(*left > 0);
                *left -= 1;
            }
            let Some(first) = (at + 1).checked_sub(width) else { continue };
            if let Some(left) = first
                .checked_sub(1)
                .and_then(|gone| words.get(gone))
                .and_then(|(_, gone)| missing.get_mut(gone))
            {
                *left += 1;
                shared -= i64::from(*left > 0);
            }
            let distance = words.get(first).map_or(usize::MAX, |(start, _)| start.abs_diff(near));
            if best.is_none_or(|(most, least, _)| {
                (shared, std::cmp::Reverse(distance)) > (most, std::cmp::Reverse(least))
            }) {
                best = Some((shared, distance, first));
            }
        }
        let Some((_, _, first)) = best else { return 0..0 };
        let start = words.get(first).map_or(0, |(start, _)| *start);
        let end = words.get(first + width - 1).map_or(self.text.len(), |(start, word)| start + word.len());
        start..end
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text_at(text: &str, range: &Range<usize>) -> String {
        text.chars().skip(range.start).take(range.len()).collect()
    }

    fn place_of(text: &str, part: &str) -> Range<usize> {
        let start = text[..text.find(part).unwrap()].chars().count();
        start..start + part.chars().count()
    }

    fn again(old: &str, part: &str, new: &str) -> (bool, String) {
        match find_again(old, place_of(old, part), new) {
            Place::Same(range) => (true, text_at(new, &range)),
            Place::Changed(range) => (false, text_at(new, &range)),
        }
    }

    #[test]
    fn a_passage_that_stands_is_found_where_it_stands_now() {
        let old = "Head\nThe dose is 500 mg\ntwice a day. Foot";
        let new = "A new head. The  dose is\n500 mg twice a day. Foot";
        assert_eq!(
            again(old, "The dose is 500 mg\ntwice a day.", new),
            (true, "The  dose is\n500 mg twice a day.".to_owned())
        );
    }

    #[test]
    fn a_number_that_was_read_wrong_is_a_change() {
        let old = "Sodium 173.59 after the infusion. Potassium fell.";
        let new = "Sodium 173 59 after the infusion. Potassium fell.";
        let (same, text) = again(old, "Sodium 173.59 after the infusion.", new);
        assert!(!same && text.starts_with("Sodium 173 59 after"), "{text}");
        assert!(again(old, "Potassium fell.", new).0);
        // Nor is a number found within another.
        assert!(!again("give 5 mg now", "5 mg", "give 15 mg now").0);
        assert!(!again("it is 5", "5", "it is 51").0);
        assert!(!again("17359 cells", "17359", "173 59 cells").0);
    }

    #[test]
    fn of_several_places_the_nearest_counts() {
        let page = "one two. Filler that is here. one two. Filler that is there. one two.";
        let range = page.rfind("one").map(|at| at..at + 8).unwrap();
        assert_eq!(find_again(page, range.clone(), page), Place::Same(range));
    }

    #[test]
    fn nothing_is_found_on_an_empty_page() {
        assert_eq!(find_again("a b", 0..3, ""), Place::Changed(0..0));
        assert_eq!(find_again("", 0..3, "a b"), Place::Changed(0..0));
        assert_eq!(find_again("a b", 7..9, "a b"), Place::Changed(0..0));
    }

    proptest! {
        #[test]
        fn what_stands_is_found_whatever_the_space_around_it(
            words in prop::collection::vec("[a-z0-9é.µ]{1,8}", 1..40), spaces in prop::collection::vec("[ \n\t]{1,3}", 41),
            from in 0_usize..40, count in 1_usize..40,
        ) {
            let old = words.join(" ");
            let new: String = words.iter().zip(&spaces).flat_map(|(word, space)| [space.as_str(), word.as_str()]).collect();
            let from = from % words.len();
            let wanted = words[from..words.len().min(from + count)].join(" ");
            let before = words[..from].iter().map(|word| word.chars().count() + 1).sum::<usize>();
            let range = before..before + wanted.chars().count();
            let Place::Same(found) = find_again(&old, range, &new) else { return Err(TestCaseError::fail("not found")) };
            let found = text_at(&new, &found);
            prop_assert_eq!(found.trim(), found.as_str());
            prop_assert_eq!(found.split_whitespace().collect::<Vec<_>>().join(" "), wanted);
        }

        #[test]
        fn a_place_is_always_within_the_page(old in "\\PC{0,60}", start in 0_usize..70, length in 0_usize..70, new in "\\PC{0,60}") {
            let (Place::Same(found) | Place::Changed(found)) = find_again(&old, start..start + length, &new);
            prop_assert!(found.start <= found.end && found.end <= new.chars().count());
        }
    }
}
