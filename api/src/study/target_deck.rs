//! Where notes go that are made of something else.

use domain::{
    db::Tx,
    ids::{DeckId, MessageId, UserId},
};
use garde::Validate;
use serde::{Deserialize, Serialize};
use study::{
    deck_title,
    note_draft::NoteDraft,
    store::{decks, drafts},
};
use utoipa::ToSchema;

use crate::error::{ApiError, ApiResult};

/// Where they are to go.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TargetDeck {
    /// The deck; unless given, one that is made for it.
    #[serde(default)]
    #[garde(skip)]
    deck_id: Option<DeckId>,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CardsMade {
    /// The deck that they are in.
    deck_id: DeckId,
    /// How many notes were made. Those that were there already are not.
    created: usize,
}

impl TargetDeck {
    pub(super) const fn new(deck_id: Option<DeckId>) -> Self {
        Self { deck_id }
    }

    /// Adds the notes to the deck, or to that of this title, which is made where it is missing.
    pub(super) async fn take(
        &self,
        tx: &mut Tx,
        user: UserId,
        title: &str,
        message: Option<MessageId>,
        notes: Vec<NoteDraft>,
    ) -> ApiResult<CardsMade> {
        let deck_id = match self.deck_id {
            Some(id) => decks::find(tx, user, id).await?.ok_or(ApiError::NotFound("deck"))?.id,
            None => {
                let title = deck_title::plain(title);
                let found = decks::find_or_insert(tx, user, &[title.as_str()]).await?;
                found.ok_or(ApiError::Conflict("You have 1,000 decks, which is the most there may be."))?
            }
        };
        let created = drafts::insert(tx, user, deck_id, message, notes).await?;
        let created =
            created.ok_or(ApiError::Conflict("You have 100,000 notes, which is the most there may be."))?;
        Ok(CardsMade { deck_id, created })
    }
}
