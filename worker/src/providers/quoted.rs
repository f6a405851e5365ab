//! What an error repeats of the request. It is the student's word and not the provider's: a question about the daily limit of
//! a drug says nothing of a key's.

use std::collections::HashSet;

/// So many words in a row that the request has are repeated from it.
const RUN: usize = 3;

/// A sentence of an error, in small letters, without what it repeats of what was `sent`.
pub(super) fn without(text: &str, sent: &str) -> String {
    let sent = sent.to_lowercase();
    let asked: Vec<&str> = words(&sent).map(|(_, word)| word).collect();
    let mut runs: HashSet<&[&str]> = asked.windows(RUN).collect();
    // What is shorter than that is repeated as a whole.
    let lines: Vec<Vec<&str>> =
        sent.lines().map(|line| words(line).map(|(_, word)| word).collect()).collect();
    runs.extend(lines.iter().filter(|line| line.len() == RUN - 1).map(Vec::as_slice));
    let said: Vec<(usize, &str)> = words(text).collect();
    let told: Vec<&str> = said.iter().map(|(_, word)| *word).collect();
    let mut repeated = vec![false; said.len()];
    for length in [RUN - 1, RUN] {
        for (at, run) in told.windows(length).enumerate() {
            if runs.contains(run) {
                repeated.iter_mut().skip(at).take(length).for_each(|word| *word = true);
            }
        }
    }
    let mut left = String::with_capacity(text.len());
    let mut from = 0;
    for ((at, word), _) in said.iter().zip(&repeated).filter(|(_, repeated)| **repeated) {
        left.push_str(text.get(from..*at).unwrap_or_default());
        from = at + word.len();
    }
    left.push_str(text.get(from..).unwrap_or_default());
    left
}

/// The words of a text, and where each begins.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive(|c: char| !c.is_alphanumeric()).filter_map(move |piece| {
        let begins = at;
        at += piece.len();
        let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
        (!word.is_empty()).then_some((begins, word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_student_said_is_left_out_and_the_rest_stays() {
        let sent = "What is the daily limit of paracetamol?";
        assert_eq!(
            without("failed to parse input: 'what is the daily limit of paracetamol?'", sent),
            "failed to parse input: '      ?'"
        );
        assert_eq!(without("the daily limit is reached", sent), "   is reached");
        assert_eq!(without("daily limit reached", sent), "daily limit reached");
        assert_eq!(without("bad input: \"usage limit\"", "Usage limit?"), "bad input: \" \"");
        assert_eq!(without("größe", "Größe"), "größe");
        assert_eq!(without("", sent), "");
    }
}
