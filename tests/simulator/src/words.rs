//! What a text is about: its words without those that every text has, by their stems.

use std::collections::HashSet;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation as _;

/// Words that tell nothing, in English and German.
const STOP_WORDS: &str = include_str!("stop_words.txt");

/// Takes the stems of texts.
pub(crate) struct Stems {
    stop: HashSet<&'static str>,
    stemmer: Stemmer,
}

impl Stems {
    pub(crate) fn new() -> Self {
        let stop = STOP_WORDS.split_whitespace().collect();
        Self { stop, stemmer: Stemmer::create(Algorithm::English) }
    }

    /// The stems of a text, each once. Words of other languages stay as good as they are, on both sides.
    pub(crate) fn of(&self, text: &str) -> HashSet<String> {
        // Parts of what is hyphenated are words by themselves, and so is the whole.
        let words = text.unicode_words().map(str::to_lowercase);
        words
            .filter(|word| !self.stop.contains(word.as_str()))
            .filter(|word| word.chars().count() > 1 || word.chars().all(char::is_numeric))
            .map(|word| self.stemmer.stem(&word).into_owned())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_meet_and_empty_words_are_none() {
        let stems = Stems::new();
        assert_eq!(
            stems.of("Which drugs are blocking the transporters?"),
            stems.of("drug blocks transporter")
        );
        assert!(stems.of("What is it, and how does that do so?").is_empty());
        assert!(stems.of("Was ist das und wie macht man es?").len() <= 1);
    }
}
