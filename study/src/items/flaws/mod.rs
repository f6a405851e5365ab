//! Flaws of questions that a program can see, after the item-writing guide of the National Board of Medical Examiners
//! (NBME, "Constructing Written Test Questions", chapter on technical flaws). A flaw tells test-wise students the answer,
//! or makes a question hard for reasons that are none of medicine.

mod key;
mod lead_in;
mod lists;
mod options;
mod wording;

#[cfg(test)]
mod seeds;
#[cfg(test)]
mod tests;

pub use options::values;

use super::Question;

/// A flaw, told as what the model is to do about it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error, strum::EnumIter, strum::IntoStaticStr,
)]
#[strum(serialize_all = "snake_case")]
pub enum Flaw {
    /// More or fewer than four options.
    #[error("there are not exactly four options")]
    NotFour,
    /// The answer is none of the options.
    #[error("`answer` is none of the options; it counts from 0")]
    NoAnswer,
    /// "All of the above" and combinations.
    #[error("an option combines others, such as \"all of the above\" or \"A and B\"")]
    Combination,
    /// The lead-in asks for what is not so.
    #[error("the lead-in is negative (not, except, least, false); ask for what is true")]
    Negative,
    /// Words such as "always".
    #[error("an option has an absolute word such as \"always\" or \"never\"")]
    Absolute,
    /// The right option is by far the longest.
    #[error("the right option is much longer than all others; make them alike")]
    Longest,
    /// The right option repeats a word of the lead-in, and no other does.
    #[error("a word of the lead-in is in the right option only")]
    Clang,
    /// Two options say the same, or one includes the other.
    #[error("two options say the same, or one includes another")]
    Overlap,
    /// Numbers that neither rise nor fall.
    #[error("numeric options are not in order")]
    Unordered,
    /// The lead-in's grammar fits some options only.
    #[error("the article or number at the end of the lead-in fits some options only")]
    Grammar,
    /// One option is of another kind than the others.
    #[error("one option is of another kind (an instruction, a sentence, a number) than the others")]
    OddOne,
    /// The explanations call two options right.
    #[error("the explanation of a wrong option calls it right")]
    TwoRight,
    /// The explanation of the right option calls it wrong.
    #[error("the explanation of the right option calls it wrong")]
    Contradicted,
    /// An explanation names an option by its letter, which shuffling changes.
    #[error("an explanation names an option by its letter; name what it says")]
    Letter,
}

impl Flaw {
    /// Its name, for counting.
    pub fn code(self) -> &'static str {
        self.into()
    }
}

/// All flaws of a question, each once.
pub fn find(question: &Question) -> Vec<Flaw> {
    if question.options.len() != Question::OPTIONS {
        return vec![Flaw::NotFour];
    }
    let Some(right) = question.options.get(usize::from(question.answer)) else { return vec![Flaw::NoAnswer] };
    let lead_in = question.lead_in.as_str();
    let options: Vec<&str> = question.options.iter().map(|option| option.text.as_str()).collect();
    let others: Vec<&str> = question
        .options
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != usize::from(question.answer))
        .map(|(_, option)| option.text.as_str())
        .collect();
    let checks = [
        (Flaw::Combination, options.iter().any(|option| options::is_combination(option))),
        (Flaw::Negative, lead_in::is_negative(lead_in)),
        (Flaw::Absolute, options.iter().any(|option| options::is_absolute(option))),
        (Flaw::Longest, options::is_longest(&right.text, &others)),
        (Flaw::Clang, lead_in::clangs(lead_in, &right.text, &others)),
        (Flaw::Overlap, options::overlap(&options)),
        (Flaw::Unordered, values(&question.options).is_some_and(|values| !options::in_order(&values))),
        (Flaw::Grammar, lead_in::gives_away(lead_in, &right.text, &others)),
        (Flaw::OddOne, options::has_odd_one(&options)),
        (Flaw::TwoRight, key::two_right(question)),
        (Flaw::Contradicted, key::is_contradicted(&right.explanation)),
        (Flaw::Letter, question.options.iter().any(|option| key::names_letter(&option.explanation))),
    ];
    checks.into_iter().filter(|(_, found)| *found).map(|(flaw, _)| flaw).collect()
}
