//! A deck as it is told, and what is said about one.

use chrono::{DateTime, Utc};
use domain::ids::DeckId;
use garde::Validate;
use serde::{Deserialize, Serialize};
use study::{
    deck_title,
    store::{
        decks::{Deck, Settings, TITLE_LENGTH, TITLE_ONCE, Titled, Totals},
        queue::Counts,
    },
};
use utoipa::ToSchema;

use crate::error::{ApiError, ApiResult};

/// A deck.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeckView {
    id: DeckId,
    /// With the titles of the decks above, separated by `::`.
    title: String,
    new_per_day: i32,
    reviews_per_day: i32,
    desired_retention: f32,
    /// In minutes.
    learning_steps: Vec<i32>,
    counts: DeckCounts,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// How many cards are in a deck and those below it.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub(crate) struct DeckCounts {
    /// New ones that are for today.
    new: u32,
    /// In steps, for today.
    learning: u32,
    /// Reviews that are for today.
    due: u32,
    /// Not asked at all.
    suspended: i64,
    /// All of them.
    total: i64,
}

impl DeckView {
    /// A deck, with what is for today and what there is in all decks.
    pub(super) fn new(deck: Deck, today: Option<&Counts>, decks: &[Deck], totals: &[Totals]) -> Self {
        let today = today.copied().unwrap_or_default();
        let mut counts =
            DeckCounts { new: today.new, learning: today.learning, due: today.due, ..DeckCounts::default() };
        let title = deck.title.to_lowercase();
        let below = format!("{title}{}", deck_title::SEPARATOR);
        for other in decks {
            let of_other = other.title.to_lowercase();
            if of_other != title && !of_other.starts_with(&below) {
                continue;
            }
            for totals in totals.iter().filter(|totals| totals.deck == other.id) {
                counts.total += totals.cards;
                counts.suspended += totals.suspended;
            }
        }
        let Deck { id, title, new_per_day, reviews_per_day, desired_retention, learning_steps, .. } = deck;
        let (created_at, updated_at) = (deck.created_at, deck.updated_at);
        Self {
            id,
            title,
            new_per_day,
            reviews_per_day,
            desired_retention,
            learning_steps,
            counts,
            created_at,
            updated_at,
        }
    }
}

/// A new deck. What is left out is as usual.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDeck {
    /// Its title, with those of the decks above, separated by `::`. Those that are missing are made.
    #[garde(skip)]
    #[schema(min_length = 1, max_length = 300)]
    pub(super) title: String,
    /// Cards that are begun a day.
    #[garde(range(min = 0, max = 9_999))]
    pub(super) new_per_day: Option<i32>,
    /// Reviews that are asked a day.
    #[garde(range(min = 0, max = 9_999))]
    pub(super) reviews_per_day: Option<i32>,
    /// The probability of recall at which a card comes back, 0.70 to 0.97.
    #[garde(custom(retention))]
    pub(super) desired_retention: Option<f32>,
    /// Steps of a new card, in minutes: at most ten of 1 to 1380.
    #[garde(inner(length(max = 10), inner(range(min = 1, max = 1_380))))]
    pub(super) learning_steps: Option<Vec<i32>>,
}

/// What to change about a deck; what is left out stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeckChange {
    /// Its title; the decks below it go along.
    #[garde(skip)]
    #[schema(min_length = 1, max_length = 300)]
    pub(super) title: Option<String>,
    /// Cards that are begun a day.
    #[garde(range(min = 0, max = 9_999))]
    pub(super) new_per_day: Option<i32>,
    /// Reviews that are asked a day.
    #[garde(range(min = 0, max = 9_999))]
    pub(super) reviews_per_day: Option<i32>,
    /// The probability of recall at which a card comes back, 0.70 to 0.97.
    #[garde(custom(retention))]
    pub(super) desired_retention: Option<f32>,
    /// Steps of a new card, in minutes: at most ten of 1 to 1380.
    #[garde(inner(length(max = 10), inner(range(min = 1, max = 1_380))))]
    pub(super) learning_steps: Option<Vec<i32>>,
}

#[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "the form of garde's rules")]
fn retention<C>(retention: &Option<f32>, _: &C) -> garde::Result {
    let (least, most) = study::scheduling::memory::RETENTION;
    if retention.is_none_or(|retention| (least..=most).contains(&retention)) {
        Ok(())
    } else {
        Err(garde::Error::new("must be 0.70 to 0.97"))
    }
}

impl NewDeck {
    pub(super) fn settings(self) -> Settings {
        let Self { new_per_day, reviews_per_day, desired_retention, learning_steps, .. } = self;
        Settings { new_per_day, reviews_per_day, desired_retention, learning_steps }
    }
}

impl DeckChange {
    /// How its cards are to be asked, where that is said.
    pub(super) fn settings(self) -> Option<Settings> {
        let Self { new_per_day, reviews_per_day, desired_retention, learning_steps, .. } = self;
        let limits = new_per_day.is_some() || reviews_per_day.is_some();
        let any = limits || desired_retention.is_some() || learning_steps.is_some();
        any.then_some(Settings { new_per_day, reviews_per_day, desired_retention, learning_steps })
    }
}

/// The parts of a title, or what is wrong with it.
pub(super) fn parts(title: &str) -> ApiResult<Vec<&str>> {
    deck_title::parts(title).map_err(|why| ApiError::field("title", why.to_string()))
}

const TAKEN: &str = "is the title of another deck";

/// The deck that got its title, or why it did not.
pub(super) fn titled(titled: Titled) -> ApiResult<Deck> {
    match titled {
        Titled::Deck(deck) => Ok(deck),
        Titled::Gone => Err(ApiError::NotFound("deck")),
        Titled::Taken => Err(ApiError::field("title", TAKEN)),
        Titled::BelowItself => Err(ApiError::field("title", "would put the deck below itself")),
        Titled::TooMany => Err(ApiError::Conflict("You have 1,000 decks, which is the most there may be.")),
    }
}

/// What titles of decks below may violate.
pub(super) fn below(error: sqlx::Error) -> ApiError {
    match error.as_database_error().and_then(|error| error.constraint()) {
        Some(TITLE_ONCE) => ApiError::field("title", TAKEN),
        Some(TITLE_LENGTH) => {
            ApiError::field("title", "would make the title of a deck below longer than 300 characters")
        }
        _ => error.into(),
    }
}
