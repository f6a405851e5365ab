//! Typed ids: a message's id can never be passed where a session's belongs.
//!
//! All are UUIDv7, so that they sort by time and new rows land at the end of an index. They are
//! made here and not in SQL, because PostgreSQL 15 and 16 have no `uuidv7()`.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema,
        )]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new, time-ordered id.
            #[expect(clippy::disallowed_methods, reason = "the one place where ids are made")]
            pub fn generate() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

id!(/// One account.
    UserId);
id!(/// One sign-in on one device: the family of its refresh tokens.
    SignInId);
id!(/// One device that signed in: a browser that has our cookie.
    DeviceId);
id!(/// One conversation.
    SessionId);
id!(/// One message of a conversation.
    MessageId);
id!(/// One folder of conversations.
    FolderId);
id!(/// One report of an error in an answer.
    ReportId);
id!(/// One job of the queue.
    JobId);
id!(/// One provider key of the pool.
    KeyId);
id!(/// One announced time of maintenance.
    WindowId);
id!(/// One thing that admins are to be told.
    AdminEventId);
id!(/// One message about one notice or many.
    AlertId);
id!(/// An alert on its way through one channel to one recipient.
    DeliveryId);
id!(/// One address that alerts are posted to.
    WebhookId);
id!(/// One document of a student.
    DocumentId);
id!(/// One search that waits for its job.
    SearchId);
id!(/// One image of a student.
    ImageId);
id!(/// One filter of a list that an admin gave a name.
    FilterId);
id!(/// One deck: where cards are kept, with its limits a day.
    DeckId);
id!(/// One note: the fields that one or more cards are made of. Its cards are siblings.
    NoteId);
id!(/// One card: one side of a note that is asked.
    CardId);
id!(/// One answer to a card.
    ReviewId);
id!(/// What one `/mcq` made.
    QuestionSetId);
id!(/// One multiple-choice question.
    QuestionId);
id!(/// One attempt at questions.
    QuizId);
id!(/// One summary: points or sections.
    SummaryId);
id!(/// One concept map.
    MapId);

impl JobId {
    /// The lowest id of those made from this time on: jobs are found by age through their ids.
    pub fn first_of(time: DateTime<Utc>) -> Self {
        let ms = u128::from(time.timestamp_millis().max(0).unsigned_abs());
        Self(Uuid::from_u128(ms << 80))
    }
}
