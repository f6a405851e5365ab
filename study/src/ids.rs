//! Typed ids: a note's id can never be passed where a card's belongs.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);
    };
}

id!(/// One deck: where cards are kept, with its limits a day.
    DeckId);
id!(/// One note: the fields that one or more cards are made of. Its cards are siblings.
    NoteId);
id!(/// One card: one side of a note that is asked.
    CardId);
