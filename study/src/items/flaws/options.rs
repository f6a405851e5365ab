//! Flaws of the options among each other.

use super::{
    lists::{ABSOLUTE, CLAUSES, FINITE, INSTRUCTIONS, SUBJECTS},
    wording::{among, words},
};
use crate::items::AnswerOption;

/// "All of the above", "both A and C", "I and III only".
pub(super) fn is_combination(option: &str) -> bool {
    let words = words(option);
    let text = words.join(" ");
    let above = [
        "of the above",
        "the above",
        "of these",
        "of the other options",
        "more than one of",
        "of the options",
    ];
    let quantity = ["all", "none", "both", "neither", "any", "some", "more", "two", "either"];
    if words.first().is_some_and(|first| quantity.contains(&first.as_str()))
        && above.iter().any(|of| text.contains(of))
    {
        return true;
    }
    let names = ["a", "b", "c", "d", "i", "ii", "iii", "iv", "1", "2", "3", "4"];
    let between =
        ["and", "or", "both", "neither", "nor", "only", "option", "options", "choice", "choices", "answers"];
    let count = words.iter().filter(|word| names.contains(&word.as_str())).count();
    let joined = words.iter().any(|word| between.contains(&word.as_str()));
    count >= 2
        && joined
        && words.iter().all(|word| names.contains(&word.as_str()) || between.contains(&word.as_str()))
}

/// Whether it has an absolute word.
pub(super) fn is_absolute(option: &str) -> bool {
    let words = words(option);
    // "Only" at the end, as in "the left eye only", says which, and no more.
    let only = words.first().is_some_and(|first| first == "only");
    (only || words.iter().any(|word| among(ABSOLUTE, word))) && !is_combination(option)
}

/// Whether the right option is by far the longest.
pub(super) fn is_longest(right: &str, others: &[&str]) -> bool {
    // An abbreviation in brackets tells nobody anything.
    let length = |text: &str| {
        text.split('(').map(|part| part.rsplit(')').next().unwrap_or_default().chars().count()).sum::<usize>()
    };
    let longest = others.iter().map(|other| length(other)).max().unwrap_or(0);
    length(right) >= longest + 15 && length(right) * 2 >= longest * 3
}

/// Whether two say the same, or all words of one stand together in another.
pub(super) fn overlap(options: &[&str]) -> bool {
    let words: Vec<Vec<String>> = options.iter().map(|option| words(option)).collect();
    let plain: Vec<String> =
        options.iter().map(|option| option.split_whitespace().collect::<String>().to_lowercase()).collect();
    words.iter().enumerate().any(|(at, one)| {
        words.iter().enumerate().filter(|(other, _)| *other != at).any(|(other_at, other)| {
            // What has no words, such as "+" and "++", is compared sign by sign.
            let same = plain.get(at) == plain.get(other_at);
            same || !one.is_empty()
                && one.len() < other.len()
                && other.windows(one.len()).any(|part| part == one.as_slice())
        })
    })
}

/// The numbers of options that all are one, in the same unit.
pub fn values(options: &[AnswerOption]) -> Option<Vec<f64>> {
    let parsed: Option<Vec<(f64, String)>> = options.iter().map(|option| number(&option.text)).collect();
    let parsed = parsed.filter(|parsed| parsed.len() > 1)?;
    let unit = parsed.first().map(|(_, unit)| unit.clone())?;
    parsed
        .iter()
        .all(|(_, other)| *other == unit)
        .then(|| parsed.into_iter().map(|(value, _)| value).collect())
}

/// The number that a text begins with, and what stands around its digits.
fn number(text: &str) -> Option<(f64, String)> {
    let text = text.trim().trim_start_matches(['<', '>', '~', '≤', '≥', '≈', ' ']).replace('−', "-");
    let end = text.char_indices().find(|(at, sign)| {
        !(sign.is_ascii_digit() || *sign == '.' || *sign == ',' || (*at == 0 && *sign == '-'))
    });
    let (digits, rest) = text.split_at(end.map_or(text.len(), |(at, _)| at));
    let mut value: f64 = digits.replace(',', "").parse().ok()?;
    // 1/4 and 1:4.
    if let Some(after) = rest.strip_prefix(['/', ':']) {
        let below: String = after.trim_start().chars().take_while(char::is_ascii_digit).collect();
        value /= below.parse::<f64>().ok().filter(|below| *below > 0.0).unwrap_or(1.0);
    }
    let unit =
        rest.chars().filter(|sign| !sign.is_ascii_digit() && !sign.is_whitespace() && *sign != '.').collect();
    Some((value, unit))
}

/// Whether they rise or fall throughout.
pub(super) fn in_order(values: &[f64]) -> bool {
    values.is_sorted() || values.iter().rev().is_sorted()
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Kind {
    Number,
    Instruction,
    Sentence,
    Phrase,
    /// A phrase of many words, which may be a sentence with a verb that is not known.
    LongPhrase,
    /// Rather a sentence than a phrase; or "no treatment", which goes with anything.
    Unclear,
}

/// Whether exactly one is of another kind than the three others.
pub(super) fn has_odd_one(options: &[&str]) -> bool {
    let kinds: Vec<Kind> = options.iter().map(|option| kind(option)).collect();
    let count = |kind: Kind| kinds.iter().filter(|other| **other == kind).count();
    let (others, phrases) = (kinds.len().saturating_sub(1), count(Kind::Phrase) + count(Kind::LongPhrase));
    // Beside a number or an instruction it does not matter whether the others are phrases or sentences.
    let (numbers, instructions) = (count(Kind::Number), count(Kind::Instruction));
    let number = numbers == 1;
    let instruction = instructions == 1 && (numbers == 0 || numbers == others);
    let sentence = count(Kind::Sentence) == 1 && [phrases, instructions, numbers].contains(&others);
    let phrase = count(Kind::Phrase) == 1 && [count(Kind::Sentence), instructions, numbers].contains(&others);
    number || instruction || sentence || phrase
}

fn kind(option: &str) -> Kind {
    let words = words(option);
    let finite = words.iter().position(|word| among(FINITE, word));
    let of_clause = |at: usize| words.iter().take(at).any(|word| among(CLAUSES, word));
    let alone = number(option).is_some_and(|(_, unit)| unit.chars().count() <= 8);
    match words.first().map(String::as_str) {
        _ if alone => Kind::Number,
        Some(first) if among(INSTRUCTIONS, first) => Kind::Instruction,
        _ if words.len() >= 4 && finite.is_some_and(|at| at > 0 && !of_clause(at)) => Kind::Sentence,
        Some("no") => Kind::Unclear,
        Some(first) if words.len() >= 6 && (among(SUBJECTS, first) || option.trim_end().ends_with('.')) => {
            Kind::Unclear
        }
        _ if words.len() >= 6 => Kind::LongPhrase,
        _ => Kind::Phrase,
    }
}
