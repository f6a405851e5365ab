//! The ids of this subject; they are made where all others are.

pub use domain::ids::{
<<<<<<< HEAD
    CardId, DeckId, MapId, NoteId, QuestionId, QuestionSetId, QuizId, ReviewId, SummaryId,
=======
    CardId, DeckId, DocumentId, ImageId, MapId, MessageId, NoteId, QuestionId, QuestionSetId, QuizId,
    ReviewId, SummaryId, UserId,
>>>>>>> cards
};
