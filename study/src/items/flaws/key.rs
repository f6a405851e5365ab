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

/// What an explanation calls its option in its first sentence, if it says so.
fn verdict(explanation: &str) -> Option<bool> {
    let first = explanation.split(['.', ';', '\n']).find(|part| !part.trim().is_empty())?;
    let words = words(first);
    let text = words.join(" ");
    let begins =
        |starts: &[&str]| starts.iter().any(|start| text == *start || text.starts_with(&format!("{start} ")));
    let wrong = [
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
    let says_wrong =
        ["is incorrect", "is wrong", "is not correct", "not the correct", "not the best", "not the right"];
    let right = [
        "correct",
        "right answer",
        "this is correct",
        "this is the correct",
        "this is right",
        "the correct answer",
    ];
    let says_right =
        ["is the correct", "is the best answer", "is the right answer", "is the single best", "is correct"];
    let contains =
        |parts: &[&str]| parts.iter().any(|part| format!(" {text} ").contains(&format!(" {part} ")));
    // "The correct answer is …" of another option says that this one is wrong: only letters and names tell, so no verdict.
    if begins(&["the correct answer is", "the right answer is", "the best answer is"]) {
        return None;
    }
    if begins(&wrong) || contains(&says_wrong) {
        return Some(false);
    }
    (begins(&right) || contains(&says_right)).then_some(true)
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
