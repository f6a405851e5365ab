//! Flaws between the key and the explanations.

use super::wording::words;
use crate::items::Question;

/// Whether an option that is not the answer is called right.
pub(super) fn two_right(question: &Question) -> bool {
    let wrong = question.options.iter().enumerate().filter(|(at, _)| *at != usize::from(question.answer));
    wrong.map(|(_, option)| verdict(&option.explanation)).any(|verdict| verdict == Some(true))
}

/// Whether the explanation of the right option calls it wrong.
pub(super) fn is_contradicted(explanation: &str) -> bool {
    verdict(explanation) == Some(false)
}

/// Beginnings of an explanation, up to its first comma or stop, that call its option wrong.
const WRONG: [&str; 11] = [
    "incorrect",
    "wrong",
    "not correct",
    "false",
    "this is incorrect",
    "this is wrong",
    "this is not correct",
    "this option is incorrect",
    "this option is wrong",
    "this answer is incorrect",
    "this is not the",
];

/// Parts of its first sentence that do.
const SAYS_WRONG: [&str; 6] =
    ["is incorrect", "is wrong", "is not correct", "not the correct", "not the best", "not the right"];

/// Beginnings that call it right.
const RIGHT: [&str; 7] = [
    "correct because",
    "correct since",
    "correct as",
    "correct answer",
    "correct option",
    "this is the correct",
    "right answer",
];

/// Parts of its first sentence that do.
const SAYS_RIGHT: [&str; 5] = [
    "is the correct answer",
    "is the best answer",
    "is the right answer",
    "is the single best",
    "is correct",
];

/// What an explanation calls its option in its first sentence, if it says so.
fn verdict(explanation: &str) -> Option<bool> {
    let sentence = explanation.split(['.', ';', '\n']).find(|part| !part.trim().is_empty())?;
    let said = words(sentence).join(" ");
    let clause = sentence.split([',', ':', '!', '–', '—']).next().unwrap_or_default();
    let clause = words(clause).join(" ");
    let begins = |starts: &[&str]| {
        starts.iter().any(|start| {
            clause.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        })
    };
    let contains =
        |parts: &[&str]| parts.iter().any(|part| format!(" {said} ").contains(&format!(" {part} ")));
    // Said of another option: "the correct answer is …".
    if begins(&["the correct answer is", "the right answer is", "the best answer is"]) {
        return None;
    }
    if begins(&WRONG) || contains(&SAYS_WRONG) {
        return Some(false);
    }
    (matches!(clause.as_str(), "correct" | "right") || begins(&RIGHT) || contains(&SAYS_RIGHT))
        .then_some(true)
}

/// Whether it names an option by its letter, as "option B" or "the answer is C".
pub(super) fn names_letter(explanation: &str) -> bool {
    let words: Vec<&str> =
        explanation.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.windows(3).chain(words.windows(2)).any(|part| {
        let named = part.last().is_some_and(|last| matches!(*last, "A" | "B" | "C" | "D"));
        let first = part.first().map(|first| first.to_lowercase()).unwrap_or_default();
        let of_options = matches!(first.as_str(), "option" | "options" | "choice" | "choices" | "answer");
        let direct =
            part.len() == 2 || part.get(1).is_some_and(|word| matches!(*word, "is" | "choice" | "option"));
        named && of_options && direct
    })
}
