//! Flaws of the lead-in, and between it and the options.

use super::wording::{begins_with_vowel, is_plural, singular, words};

/// Words that turn a question round.
const NEGATIVE: [&str; 6] = ["except", "excluding", "unlikely", "incorrect", "untrue", "inappropriate"];

/// Words after which what follows is no longer what is asked for.
const CLAUSES: [&str; 9] = ["why", "if", "when", "because", "that", "who", "whose", "since", "how"];

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
    let clause = words.iter().position(|word| CLAUSES.contains(&word.as_str())).unwrap_or(words.len());
    let least = |at: usize, word: &str| word == "least" && before(at) != Some("at");
    let wrong =
        |at: usize, word: &str| word == "false" && !matches!(next(at), Some("positive" | "negative" | "rib"));
    let not = |at: usize, word: &str| matches!(word, "not" | "never" | "cannot") && at < clause;
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

/// Whether its last word, an article or a verb, fits the right option and not all others.
pub(super) fn gives_away(lead_in: &str, right: &str, others: &[&str]) -> bool {
    let words = words(lead_in);
    let fits: fn(&str, bool) -> bool = match words.last().map(String::as_str) {
        Some("a" | "an") => |option, vowel| begins_with_vowel(option) == vowel,
        Some("is" | "are" | "was" | "were" | "these" | "this") => {
            |option, plural| is_plural(option) == plural
        }
        _ => return false,
    };
    // "a(n)" fits all.
    if lead_in.contains("(n)") || lead_in.contains("a/an") {
        return false;
    }
    let wanted = matches!(words.last().map(String::as_str), Some("an" | "are" | "were" | "these"));
    let fitting = others.iter().filter(|other| fits(other, wanted)).count();
    // What every option breaks gives nothing away; an article that the right one breaks misleads.
    let article = matches!(words.last().map(String::as_str), Some("a" | "an"));
    (fits(right, wanted) && if article { fitting < others.len() } else { fitting == 0 })
        || (article && !fits(right, wanted))
}
