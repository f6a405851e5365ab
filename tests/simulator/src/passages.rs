//! Reads the passages that a prompt brings along, and finds the sentences in them that fit its question.

use std::collections::{HashMap, HashSet};

/// The line that such a prompt begins with.
const OPENING: &str = "Passages from my documents:";

/// What leads to the question.
const QUESTION: &str = "My question: ";

/// The longest sentence that is quoted; what is longer is a table or a list.
const LONGEST: usize = 420;

/// A prompt with passages.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Prompt<'a> {
    /// Number, heading (title and page) and text of each.
    pub(crate) passages: Vec<(u32, &'a str, String)>,
    /// What is asked.
    pub(crate) question: &'a str,
}

/// A sentence of a passage.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sentence {
    /// Of which passage.
    pub(crate) passage: u32,
    /// Its text.
    pub(crate) text: String,
}

/// Reads a prompt; none where it brings no passages.
pub(crate) fn read(prompt: &str) -> Option<Prompt<'_>> {
    let rest = prompt.trim_start().strip_prefix(OPENING)?;
    let mut passages = Vec::new();
    let mut number: Option<u32> = None;
    // What closes it, the first line in it, which says where the passage is from, and the passage.
    let mut fence: Option<(String, Option<&str>, String)> = None;
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let line = line.trim_end_matches(['\n', '\r']);
        match (&mut fence, number) {
            (Some((close, heading, text)), Some(n)) => {
                if line == close.as_str() {
                    passages.push((n, heading.unwrap_or_default(), std::mem::take(text)));
                    (fence, number) = (None, None);
                } else if heading.is_none() {
                    *heading = Some(line);
                } else {
                    text.push_str(line);
                    text.push('\n');
                }
            }
            (_, Some(_)) if line.starts_with("<<<") => {
                let code = line.get(3..).unwrap_or_default();
                fence = Some((format!("{code}>>>"), None, String::new()));
            }
            _ if line.starts_with(QUESTION) => {
                let question = rest.get(start + QUESTION.len()..)?.trim();
                return Some(Prompt { passages, question });
            }
            _ => number = numbered(line).or(number),
        }
    }
    None
}

/// `[3]`, behind which something may be said of the passage.
fn numbered(line: &str) -> Option<u32> {
    line.strip_prefix('[')?.split_once(']')?.0.parse().ok()
}

/// The sentences that share the most telling words with the question, best first.
pub(crate) fn fitting(prompt: &Prompt<'_>, most: usize) -> Vec<Sentence> {
    let asked: HashSet<String> = telling(prompt.question).collect();
    let all: Vec<Sentence> = prompt
        .passages
        .iter()
        .flat_map(|(passage, _, text)| {
            sentences(text).into_iter().map(|text| Sentence { passage: *passage, text })
        })
        .collect();
    let mut having: HashMap<String, f64> = HashMap::new();
    for sentence in &all {
        for word in telling(&sentence.text).collect::<HashSet<_>>() {
            *having.entry(word).or_default() += 1.0;
        }
    }
    let score = |sentence: &Sentence| -> f64 {
        let words: HashSet<String> = telling(&sentence.text).collect();
        words.intersection(&asked).map(|word| 1.0 / having.get(word).copied().unwrap_or(1.0).sqrt()).sum()
    };
    let mut scored: Vec<(f64, Sentence)> =
        all.into_iter().map(|sentence| (score(&sentence), sentence)).collect();
    scored.retain(|(score, _)| *score > 0.0);
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.passage.cmp(&b.1.passage)));
    let mut seen = HashSet::new();
    scored.retain(|(_, sentence)| seen.insert(sentence.text.clone()));
    scored.into_iter().take(most).map(|(_, sentence)| sentence).collect()
}

/// A text's sentences on one line each, without the references that papers put into theirs.
fn sentences(text: &str) -> Vec<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut sentences = Vec::new();
    let mut current = String::new();
    for word in line.split(' ') {
        if is_reference(word) {
            // The end of the sentence may hang on it.
            if word.ends_with('.') && !current.is_empty() {
                current.push('.');
                sentences.push(std::mem::take(&mut current));
            }
            continue;
        }
        if !current.is_empty() {
            current.push(' ');
        }
        current.push_str(word);
        if word.len() > 2 && word.ends_with(['.', '?', '!']) {
            sentences.push(std::mem::take(&mut current));
        }
    }
    sentences.push(current);
    sentences.retain(|sentence| (20..=LONGEST).contains(&sentence.chars().count()));
    sentences
}

fn is_reference(word: &str) -> bool {
    word.starts_with('[')
        && word.trim_end_matches(['.', ',', ';']).ends_with(']')
        && word.chars().all(|c| c.is_ascii_digit() || "[],;.-–".contains(c))
}

/// Words that say something, by their beginnings, so that their forms meet.
fn telling(text: &str) -> impl Iterator<Item = String> + '_ {
    const EMPTY: [&str; 24] = [
        "about", "after", "also", "been", "between", "could", "does", "from", "have", "into", "more",
        "should", "than", "that", "their", "there", "these", "they", "this", "what", "when", "which", "with",
        "would",
    ];
    text.split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| word.chars().count() > 3 && !EMPTY.contains(&word.as_str()))
        .map(|word| word.chars().take(6).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROMPT: &str = "Passages from my documents:\n\n[1]\n<<<abc\nHeart, page 3\nPreload is the stretch of the \
        ventricle before it contracts [12]. It rises with volume.\nMy question: is this a question?\nabc>>>\n\n\
        [2] Check the original.\n<<<abc\nLung, page 12 (7 of the file)\nThe alveoli exchange gases with the blood.\nabc>>>\n\nMy question: What stretches the ventricle?";

    #[test]
    fn passages_and_question_are_read() {
        let prompt = read(PROMPT).unwrap();
        assert_eq!(prompt.question, "What stretches the ventricle?");
        assert_eq!(prompt.passages.len(), 2);
        assert_eq!(prompt.passages[1].1, "Lung, page 12 (7 of the file)");
        assert!(prompt.passages[0].2.contains("is this a question"), "what is in a fence is text");
        assert_eq!(read("What is preload?"), None);
    }

    #[test]
    fn the_sentence_that_fits_is_found_without_its_references() {
        let best = fitting(&read(PROMPT).unwrap(), 2);
        assert_eq!(best[0].passage, 1);
        assert_eq!(best[0].text, "Preload is the stretch of the ventricle before it contracts.");
        assert_eq!(best.len(), 1, "what shares no word is not quoted");
    }
}
