//! The sentences of a passage, each exactly as it stands there.

use unicode_segmentation::UnicodeSegmentation as _;

/// What ends with a full stop and no sentence.
const ABBREVIATIONS: [&str; 36] = [
    "abb.", "al.", "approx.", "bzw.", "ca.", "cf.", "chap.", "d.h.", "dr.", "e.g.", "ed.", "eds.", "eq.",
    "etc.", "fig.", "figs.", "i.e.", "i.m.", "i.v.", "inkl.", "kap.", "max.", "min.", "mr.", "mrs.", "no.",
    "nr.", "p.", "pp.", "prof.", "ref.", "s.c.", "st.", "tab.", "vs.", "z.b.",
];

/// The sentences of a text in their order. What ends at an empty line ends there.
pub(crate) fn sentences(text: &str) -> Vec<&str> {
    let flat = joined(text);
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    let mut open: Option<usize> = None;
    for (start, sentence) in flat.split_sentence_bound_indices() {
        let (start, end) = (open.unwrap_or(start), start + sentence.len());
        if goes_on(flat.get(start..end).unwrap_or_default()) {
            open = Some(start);
        } else {
            ranges.push((start, end));
            open = None;
        }
    }
    ranges.extend(open.map(|start| (start, flat.len())));
    let found = ranges.into_iter().filter_map(|(start, end)| text.get(start..end));
    found.map(str::trim).filter(|sentence| !sentence.is_empty()).collect()
}

/// The same text, byte for byte as long, whose lines go on in one another unless an empty one is between.
fn joined(text: &str) -> String {
    let mut flat = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\n', '\r']) {
        let (before, after) = rest.split_at(at);
        let room = after.len() - after.trim_start().len();
        let (gap, after) = after.split_at(room);
        let paragraph = gap.matches('\n').count() > 1;
        flat.push_str(before);
        // White space is as long as what stands for it, whatever it is.
        flat.extend(std::iter::repeat_n(if paragraph { '\n' } else { ' ' }, gap.len()));
        rest = after;
    }
    flat.push_str(rest);
    flat
}

/// Whether the full stop at its end belongs to an abbreviation, or to an initial.
fn goes_on(sentence: &str) -> bool {
    if sentence.ends_with('\n') {
        return false;
    }
    let last = sentence.split_whitespace().next_back().unwrap_or_default();
    let last = last.trim_start_matches(['(', '[', '“', '"']);
    let is_initial =
        last.len() == 2 && last.ends_with('.') && last.starts_with(|c: char| c.is_ascii_uppercase());
    is_initial || ABBREVIATIONS.contains(&last.to_lowercase().as_str())
}

/// Whether it is whole, and neither the end of one whose beginning is in another passage nor a heading.
pub(crate) fn is_whole(sentence: &str) -> bool {
    let closed = sentence.trim_end_matches([')', ']', '”', '"', '’', '\'']);
    let begins = sentence.chars().find(|c| c.is_alphanumeric());
    closed.ends_with(['.', '!', '?', '…', '。']) && begins.is_some_and(|c| !c.is_lowercase())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_are_joined_and_paragraphs_are_not() {
        let text = "Preload is the stretch\nof the muscle. It rises\nwith volume.\n\nAfterload\n\nAfterload is the load.";
        let found = sentences(text);
        let expected = [
            "Preload is the stretch\nof the muscle.",
            "It rises\nwith volume.",
            "Afterload",
            "Afterload is the load.",
        ];
        assert_eq!(found, expected);
        assert_eq!(found.into_iter().filter(|sentence| is_whole(sentence)).count(), 3);
    }

    #[test]
    fn numbers_and_abbreviations_end_no_sentence() {
        let text =
            "Give 0.5 mg i.v. Metoprolol, e.g. Beloc, at once. See Fig. 3 of S. Miller et al. Then wait.";
        let expected = [
            "Give 0.5 mg i.v. Metoprolol, e.g. Beloc, at once.",
            "See Fig. 3 of S. Miller et al. Then wait.",
        ];
        assert_eq!(sentences(text), expected);
    }

    #[test]
    fn what_is_cut_off_is_not_whole() {
        for text in ["with volume and return.", "The drug of choice is", "Dose by weight", "(of the heart)."]
        {
            assert!(!is_whole(text), "{text}");
        }
        assert!(is_whole("5 mg/kg is the dose (“loading”)."));
    }

    proptest! {
        #[test]
        fn each_stands_in_its_text_in_order(text in r"([A-Za-zäµ≥<\[\]0-9.,?!%*_$ \n\r\t\u{a0}]){0,300}") {
            let mut rest = text.as_str();
            for sentence in sentences(&text) {
                let at = rest.find(sentence);
                prop_assert!(at.is_some(), "{sentence:?} is not in {rest:?}");
                rest = &rest[at.unwrap() + sentence.len()..];
            }
            prop_assert_eq!(rest.trim(), "");
        }
    }
}
