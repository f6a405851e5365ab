//! What came of a quiz: how many answers were right, by topic and by difficulty, and in which time.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Asked, Given, Timing};
use crate::items::Difficulty;

/// What came of it. What was not answered is not right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Score {
    /// Questions whose right option was chosen.
    pub right: usize,
    /// Questions that were answered.
    pub answered: usize,
    /// All questions.
    pub total: usize,
    /// Seconds from the beginning to the end.
    pub seconds: i64,
    /// By topic, by name.
    pub by_topic: Vec<TopicShare>,
    /// By difficulty, the easiest first.
    pub by_difficulty: Vec<DifficultyShare>,
}

/// What came of the questions on a topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TopicShare {
    /// Which; empty for questions that say none.
    pub topic: String,
    /// Questions whose right option was chosen.
    pub right: usize,
    /// All of them.
    pub total: usize,
}

/// What came of the questions of a difficulty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct DifficultyShare {
    /// Which.
    pub difficulty: Difficulty,
    /// Questions whose right option was chosen.
    pub right: usize,
    /// All of them.
    pub total: usize,
}

/// Scores a quiz that ended at this time.
pub fn score(answers: &[(&Asked, &Given)], timing: &Timing, ended_at: DateTime<Utc>) -> Score {
    // A topic in capitals is the same one.
    let mut topics: BTreeMap<String, TopicShare> = BTreeMap::new();
    let mut shares: Vec<DifficultyShare> = [Difficulty::Easy, Difficulty::Medium, Difficulty::Hard]
        .map(|difficulty| DifficultyShare { difficulty, right: 0, total: 0 })
        .to_vec();
    let (mut right, mut answered) = (0, 0);
    for (asked, given) in answers {
        let scored = usize::from(given.option.is_some_and(|option| asked.is_right(option)));
        answered += usize::from(given.option.is_some());
        right += scored;
        let topic = topics.entry(asked.topic().to_lowercase()).or_insert_with(|| TopicShare {
            topic: asked.topic().to_owned(),
            right: 0,
            total: 0,
        });
        topic.right += scored;
        topic.total += 1;
        for share in shares.iter_mut().filter(|share| share.difficulty == asked.difficulty()) {
            share.right += scored;
            share.total += 1;
        }
    }
    shares.retain(|share| share.total > 0);
    Score {
        right,
        answered,
        total: answers.len(),
        seconds: (ended_at - timing.started_at).num_seconds().max(0),
        by_topic: topics.into_values().collect(),
        by_difficulty: shares,
    }
}
