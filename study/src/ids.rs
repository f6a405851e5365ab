//! The ids of this subject; they are made where all others are.

pub use domain::ids::{
    CardId, DeckId, DocumentId, ImageId, MapId, MessageId, NoteId, QuestionId, QuestionSetId, QuizId,
    ReviewId, SummaryId, UserId,
};
