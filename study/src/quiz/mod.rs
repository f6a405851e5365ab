//! Quizzes: which questions are asked, until when, what of them may be seen, and what came of it. All of it pure.

use serde::{Deserialize, Serialize};

mod answer;
mod asked;
mod card;
mod choose;
mod clock;
mod score;
#[cfg(test)]
mod tests;

pub use answer::{Given, Over, Wanted, given};
pub use asked::{Asked, Hidden, Key, Shown};
pub use card::draft;
pub use choose::{Candidate, choose};
pub use clock::Timing;
pub use score::{DifficultyShare, Score, TopicShare, score};

/// How a quiz goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "quiz_mode", rename_all = "snake_case")]
pub enum QuizMode {
    /// Each answer shows at once whether it is right, and why.
    Tutor,
    /// Nothing is shown before the end.
    Exam,
}

/// Whether key and explanations of a question may be seen. `locked` is a question that an exam of this student asks which
/// is still running, wherever else it stands.
pub const fn may_see_key(mode: QuizMode, over: bool, answered: bool, locked: bool) -> bool {
    !locked && (over || (matches!(mode, QuizMode::Tutor) && answered))
}
