//! The ids of this subject; they are made where all others are.

pub use domain::ids::{
    CardId, DeckId, MapId, NoteId, QuestionId, QuestionSetId, QuizId, ReviewId, SummaryId,
};
