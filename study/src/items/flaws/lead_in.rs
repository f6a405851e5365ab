//! Flaws of the lead-in, and between it and the options.

use super::{
    lists::CLAUSES,
    wording::{among, begins_with_vowel, is_plural, singular, words},
};

/// Words that turn a question round.
const NEGATIVE: [&str; 6] = ["except", "excluding", "unlikely", "incorrect", "untrue", "inappropriate"];

/// Words of any lead-in. That one of them is in an option tells nothing.
const USUAL: [&str; 26] = [
    "which",
    "following",
    "most",
    "would",
    "should",
    "there",
    "these",
    "their",
    "this",
    "what",
    "with",
    "from",
    "have",
    "been",
    "also",
    "used",
    "other",
    "being",
    "than",
    "your",
    "about",
    "could",
    "does",
    "more",
    "likely",
    "patient",
];

/// Whether it asks for what is not so.
pub(super) fn is_negative(lead_in: &str) -> bool {
    let words = words(lead_in);
    let next = |at: usize| words.get(at + 1).map(String::as_str);
    let before = |at: usize| at.checked_sub(1).and_then(|at| words.get(at)).map(String::as_str);
    // What is asked stands between "which of the following" and the next clause.
    let asked =
        words.iter().rposition(|word| matches!(word.as_str(), "which" | "what" | "following")).unwrap_or(0);
    let asked = asked
        ..words
            .iter()
            .skip(asked + 1)
            .position(|word| among(CLAUSES, word))
            .map_or(words.len(), |at| asked + 1 + at);
    let least = |at: usize, word: &str| word == "least" && before(at) != Some("at");
    let wrong =
        |at: usize, word: &str| word == "false" && !matches!(next(at), Some("positive" | "negative" | "rib"));
    let not = |at: usize, word: &str| matches!(word, "not" | "never" | "cannot") && asked.contains(&at);
    let found = words.iter().enumerate().any(|(at, word)| {
        NEGATIVE.contains(&word.as_str()) || least(at, word) || wrong(at, word) || not(at, word)
    });
    let set_apart =
        lead_in.split(|sign: char| !sign.is_alphabetic()).any(|word| word == "NOT" || word == "EXCEPT");
    found || set_apart
}

/// Whether a word of it is in the right option, and in no other.
pub(super) fn clangs(lead_in: &str, right: &str, others: &[&str]) -> bool {
    let asked = words(lead_in);
    let (right, others) = (words(right), others.iter().map(|other| words(other)).collect::<Vec<_>>());
    asked
        .iter()
        .map(|word| singular(word))
        .filter(|word| word.chars().count() >= 4 && !USUAL.contains(word))
        .any(|word| {
            let has = |option: &[String]| option.iter().any(|other| singular(other) == word);
            has(&right) && !others.iter().any(|other| has(other))
        })
}

/// Whether its article at the end, or the number of its verb, fits the right option and not all others.
pub(super) fn gives_away(lead_in: &str, right: &str, others: &[&str]) -> bool {
    let words = words(lead_in);
    match words.last().map(String::as_str) {
        // "A(n)" and "a/an" fit all.
        Some("a" | "an") if lead_in.contains("/an") => false,
        Some(article @ ("a" | "an")) => {
            others.iter().chain([&right]).any(|option| begins_with_vowel(option) != (article == "an"))
        }
        _ => {
            let asked = words.iter().position(|word| word == "following").map_or(words.len(), |at| at + 1);
            let verb = words.iter().skip(asked).chain(words.last()).find(|word| is_verb(word));
            let Some(plural) = verb.map(|verb| matches!(verb.as_str(), "are" | "were" | "these")) else {
                return false;
            };
            is_plural(right) == plural && others.iter().all(|other| is_plural(other) != plural)
        }
    }
}

fn is_verb(word: &str) -> bool {
    matches!(word, "is" | "are" | "was" | "were" | "these" | "this")
}
