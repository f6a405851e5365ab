//! Which questions a quiz asks: as many of each set as of the others, in an order that hangs on the quiz alone.

use std::collections::{BTreeMap, VecDeque};

use domain::ids::{QuestionId, QuestionSetId, QuizId};

use crate::chance::mixed;

/// A question that may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Which.
    pub question: QuestionId,
    /// The set that it is of.
    pub set: QuestionSetId,
}

/// The questions of a quiz, each once, no more than `count`. Where a set has too few, the others give more.
pub fn choose(candidates: &[Candidate], count: usize, quiz: QuizId) -> Vec<QuestionId> {
    let seed = seed_of(quiz.0);
    let mut sets: BTreeMap<QuestionSetId, Vec<QuestionId>> = BTreeMap::new();
    for candidate in candidates {
        sets.entry(candidate.set).or_default().push(candidate.question);
    }
    let mut turns: Vec<(u64, VecDeque<QuestionId>)> = sets
        .into_iter()
        .map(|(set, mut questions)| {
            let seed = mixed(seed ^ seed_of(set.0));
            questions.sort_unstable();
            questions.dedup();
            (seed, shuffled(questions, seed).into())
        })
        .collect();
    turns.sort_by_key(|(seed, _)| *seed);
    let mut chosen = Vec::new();
    while chosen.len() < count && !turns.is_empty() {
        for (_, questions) in &mut turns {
            chosen.extend(questions.pop_front());
        }
        turns.retain(|(_, questions)| !questions.is_empty());
    }
    chosen.truncate(count);
    shuffled(chosen, seed)
}

/// In an order that hangs on the seed (Fisher and Yates).
fn shuffled<T>(mut items: Vec<T>, seed: u64) -> Vec<T> {
    let mut drawn = seed;
    for left in (2..=items.len()).rev() {
        drawn = mixed(drawn);
        let below = u64::try_from(left).unwrap_or(u64::MAX);
        items.swap(left - 1, usize::try_from(drawn % below).unwrap_or(0));
    }
    items
}

const fn seed_of(id: uuid::Uuid) -> u64 {
    let (high, low) = id.as_u64_pair();
    mixed(high) ^ low
}
