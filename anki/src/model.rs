//! What a package holds, whoever wrote it: neither Anki's columns nor ours.

use serde::{Deserialize, Serialize};
use study::scheduling::{Due, Memory, Rating, State};

use crate::Report;

/// Decks with their notes, cards, reviews and images. Cards and reviews name others by their place in these lists.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Package {
    /// Decks that have cards.
    pub decks: Vec<Deck>,
    /// Notes that have cards.
    pub notes: Vec<Note>,
    /// Cards.
    pub cards: Vec<Card>,
    /// Answers, in the order of time.
    pub reviews: Vec<Review>,
    /// Images that notes show.
    pub media: Vec<Media>,
    /// What was read, and what was left out.
    pub report: Report,
}

/// A deck.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Deck {
    /// Its id in Anki; where it has none, one is made of its name. [`crate::deck_id`] makes one of ours.
    pub id: Option<i64>,
    /// The full name, with `::` between levels.
    pub name: String,
    /// The probability of recall that is wanted; 0.9 where none is given.
    pub desired_retention: Option<f32>,
}

/// How a note asks.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// A question and its answer: one card.
    #[default]
    Basic,
    /// And the other way round: two cards.
    BasicReversed,
    /// A text with something left out: one card for each number.
    Cloze,
    /// An image with something covered: one card for each number.
    ImageOcclusion,
}

/// A note: what cards are made of. Its texts are Markdown, with formulas in dollar signs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Note {
    /// What it is known by, here and in Anki.
    pub guid: String,
    /// When it was made, in milliseconds since 1970: its id in Anki, where one is made of the guid if there is none.
    pub id: Option<i64>,
    /// How it asks.
    pub kind: Kind,
    /// The question; the text of a cloze; the heading of an image.
    pub front: String,
    /// The answer; what is shown below a cloze or an image.
    pub back: String,
    /// What it stands on.
    pub source: String,
    /// Tags, with `::` between levels.
    pub tags: Vec<String>,
    /// When it was last changed, in seconds since 1970. Anki takes a change only where this is later.
    pub modified: i64,
    /// The image and what is covered, of a note of that kind.
    pub occlusion: Option<Occlusion>,
}

/// An image with something covered, as Anki writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Occlusion {
    /// The shapes, each a deletion: `{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.4}}`.
    pub shapes: String,
    /// The name of the image.
    pub image: String,
    /// Remarks that are not shown.
    pub comments: String,
}

/// A card.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Card {
    /// The place of its note.
    pub note: usize,
    /// Which of the note's cards it is, from 0; of a cloze the number less one.
    pub ordinal: u16,
    /// The place of its deck.
    pub deck: usize,
    /// When it is asked.
    pub schedule: Schedule,
}

/// When a card is asked, and what is known of its memory.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Schedule {
    /// Where it is on its way.
    pub state: State,
    /// When it is asked next.
    pub due: Due,
    /// The turn among new cards.
    pub position: u32,
    /// Days of the interval that ends when it is due.
    pub interval: u32,
    /// Steps that are left, while it is learnt.
    pub steps_left: u16,
    /// How often it was answered.
    pub reps: u32,
    /// How often it was forgotten.
    pub lapses: u32,
    /// It is not asked until it is taken up again.
    pub suspended: bool,
    /// It is not asked today.
    pub buried: bool,
    /// What FSRS knows of it.
    pub memory: Option<Memory>,
    /// The ease of SM-2, such as 2.5: what a memory can be made of where FSRS knows nothing.
    pub ease: Option<f32>,
    /// The last answer, in seconds since 1970.
    pub last_review: Option<i64>,
}

/// What a card was answered in.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, strum::FromRepr, strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum ReviewKind {
    /// Its first steps.
    Learning = 0,
    /// Review.
    #[default]
    Review = 1,
    /// Its steps back.
    Relearning = 2,
    /// A filtered deck, outside of its schedule.
    Filtered = 3,
}

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// The place of its card.
    pub card: usize,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// How well it was known.
    pub rating: Rating,
    /// Seconds until it was asked next; whole days where it is a day or more.
    pub interval: u64,
    /// What it was answered in.
    pub kind: ReviewKind,
    /// How long it took, in milliseconds.
    pub duration: u32,
}

/// An image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// Its name, which is never a path.
    pub name: String,
    /// Its bytes, as they are.
    pub bytes: Vec<u8>,
}
