//! Which sentences of passages fit a question: by the words that they share with it, weighed by how rare these are here,
//! and by their meaning, where a model compares that.

use std::collections::{HashMap, HashSet};

use crate::{
    embed::Embed,
    passages::Prompt,
    sentences::{is_whole, sentences},
    words::Stems,
};

/// The most that are quoted, of all passages and of one.
const MOST: usize = 4;
const MOST_OF_ONE: usize = 2;

/// So long are sentences that say something. What is longer is a table or a list.
const LENGTHS: std::ops::RangeInclusive<usize> = 25..=420;

/// Sentences that fit less than this beside the best are left out.
const BESIDE_THE_BEST: f32 = 0.6;

/// Those that do not fit at all.
const LEAST: f32 = 0.12;

/// The share of the meaning, where it is known.
const MEANING: f32 = 0.6;

/// What is not a whole sentence, or asks instead of telling, counts so much.
const PARTLY: f32 = 0.6;
const ASKS: f32 = 0.3;

/// The most sentences that a model compares.
const MOST_COMPARED: usize = 96;

/// A sentence of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quote<'a> {
    /// Of which passage.
    pub(crate) passage: u32,
    /// As it stands there.
    pub(crate) text: &'a str,
}

/// A sentence and what it is measured by.
struct Candidate<'a> {
    quote: Quote<'a>,
    stems: HashSet<String>,
    score: f32,
}

/// The sentences that fit the question best, best first.
pub(crate) async fn fitting<'a>(prompt: &'a Prompt<'_>, embed: Option<&Embed>) -> Vec<Quote<'a>> {
    let stems = Stems::new();
    let asked = stems.of(prompt.question);
    let mut candidates = candidates(prompt, &stems);
    by_words(&mut candidates, &asked);
    if let Some(embed) = embed {
        by_meaning(&mut candidates, prompt.question, embed).await;
    }
    for candidate in &mut candidates {
        candidate.score *= worth(candidate, &asked);
    }
    best(candidates)
}

fn candidates<'a>(prompt: &'a Prompt<'_>, stems: &Stems) -> Vec<Candidate<'a>> {
    let mut seen = HashSet::new();
    let mut candidates = Vec::new();
    for (passage, _, text) in &prompt.passages {
        for text in sentences(text) {
            // Passages overlap, and lines break otherwise.
            let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
            if LENGTHS.contains(&plain.chars().count()) && seen.insert(plain) {
                let quote = Quote { passage: *passage, text };
                candidates.push(Candidate { quote, stems: stems.of(text), score: 0.0 });
            }
        }
    }
    candidates
}

/// The share of the question's words that a sentence has: rare ones count more, and long sentences have them more easily.
fn by_words(candidates: &mut [Candidate<'_>], asked: &HashSet<String>) {
    let count = number(candidates.len());
    let mut having: HashMap<&str, f32> = HashMap::new();
    for stem in candidates.iter().flat_map(|candidate| &candidate.stems) {
        *having.entry(stem).or_default() += 1.0;
    }
    let weight = |stem: &str| {
        let having = having.get(stem).copied().unwrap_or(0.0);
        (1.0 + (count - having + 0.5) / (having + 0.5)).ln()
    };
    // What no passage says tells nothing about which of them fits.
    let all: f32 =
        asked.iter().filter(|stem| having.contains_key(stem.as_str())).map(|stem| weight(stem)).sum();
    let mean = number(candidates.iter().map(|candidate| candidate.stems.len()).sum()) / count.max(1.0);
    let scores: Vec<f32> = candidates
        .iter()
        .map(|candidate| {
            let shared: f32 = candidate.stems.intersection(asked).map(|stem| weight(stem)).sum();
            let length = 0.75 + 0.25 * number(candidate.stems.len()) / mean.max(1.0);
            if all > 0.0 { shared / all / length } else { 0.0 }
        })
        .collect();
    for (candidate, score) in candidates.iter_mut().zip(scores) {
        candidate.score = score;
    }
}

/// Weighs in how near the sentences are to the question, those first that have its words. Where the model cannot say,
/// the words must do.
async fn by_meaning(candidates: &mut [Candidate<'_>], question: &str, embed: &Embed) {
    // Stable: passages come in the order of their nearness.
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    let compared = candidates.iter().take(MOST_COMPARED).map(|candidate| candidate.quote.text.to_owned());
    let texts: Vec<String> = std::iter::once(question.to_owned()).chain(compared).collect();
    let Some(vectors) = embed.vectors(texts).await else { return };
    let Some((Some(question), sentences)) = vectors.split_first() else { return };
    for (candidate, vector) in candidates.iter_mut().zip(sentences) {
        let near: f32 =
            vector.as_ref().map_or(0.0, |vector| question.iter().zip(vector).map(|(a, b)| a * b).sum());
        candidate.score = MEANING * near + (1.0 - MEANING) * candidate.score;
    }
    for candidate in candidates.iter_mut().skip(MOST_COMPARED) {
        candidate.score *= 1.0 - MEANING;
    }
}

/// How much a sentence can tell, whatever it is about.
fn worth(candidate: &Candidate<'_>, asked: &HashSet<String>) -> f32 {
    let text = candidate.quote.text;
    let whole = if is_whole(text) { 1.0 } else { PARTLY };
    let asks = if text.trim_end().ends_with('?') { ASKS } else { 1.0 };
    // A heading that only repeats the question answers nothing.
    let repeats = if candidate.stems.difference(asked).count() < 2 { ASKS } else { 1.0 };
    // Between two that fit alike, that of the nearer passage.
    let place = 1.0 - 0.02 * f32::from(u8::try_from(candidate.quote.passage.clamp(1, 9) - 1).unwrap_or(8));
    whole * asks * repeats * place
}

fn number(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}

fn best(mut candidates: Vec<Candidate<'_>>) -> Vec<Quote<'_>> {
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.quote.passage.cmp(&b.quote.passage)));
    let floor = candidates.first().map_or(0.0, |best| best.score * BESIDE_THE_BEST).max(LEAST);
    let mut of_one: HashMap<u32, usize> = HashMap::new();
    let mut quotes = Vec::new();
    for Candidate { quote, score, .. } in candidates {
        let count = of_one.entry(quote.passage).or_default();
        if score >= floor && *count < MOST_OF_ONE && quotes.len() < MOST {
            *count += 1;
            quotes.push(quote);
        }
    }
    quotes
}

#[cfg(test)]
#[path = "fitting_tests.rs"]
mod tests;
