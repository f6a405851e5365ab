//! What came of a file: what was read, and what was left out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Kind;

/// What was read, and what was left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// Notes that the file has.
    pub notes_found: usize,
    /// Cards that the file has.
    pub cards_found: usize,
    /// Reviews that the file has.
    pub reviews_found: usize,
    /// Notes without a word on their front.
    pub notes_empty: usize,
    /// Notes that are longer than allowed.
    pub notes_too_long: usize,
    /// Notes whose guid another one has.
    pub notes_doubled: usize,
    /// Notes of a kind that the file does not describe.
    pub notes_of_unknown_type: usize,
    /// Notes without a card.
    pub notes_without_card: usize,
    /// Clozes in which nothing is left out: kept as question and answer.
    pub clozes_without_deletion: usize,
    /// Cards whose note is not there, or was left out.
    pub cards_without_note: usize,
    /// Cards whose number their note does not have any more, and cards that are there twice.
    pub cards_without_side: usize,
    /// Reviews of cards that are not there.
    pub reviews_without_card: usize,
    /// Entries of the log that are no answers: cards were set to a day by hand.
    pub reviews_without_rating: usize,
    /// Numbers that were out of all range.
    pub numbers_mended: usize,
    /// Sounds and videos, which are left out.
    pub media_sound: usize,
    /// Images that no note shows, and files that are no images.
    pub media_unused: usize,
    /// Images that are larger than allowed, or beyond what all may have.
    pub media_too_large: usize,
    /// Images that notes show and the file lacks.
    pub media_missing: usize,
    /// Files whose name is no name, or that can't be unpacked.
    pub media_damaged: usize,
    /// References to sounds in texts.
    pub sounds_removed: usize,
    /// Images that another server would be asked for.
    pub remote_images_removed: usize,
    /// Scripts and the like in texts.
    pub scripts_removed: usize,
    /// What the kinds of notes were taken for.
    pub types: Vec<TypeReport>,
    /// Notes by kind.
    pub kinds: BTreeMap<String, usize>,
}

/// What a kind of note in a file was taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeReport {
    /// Its name in the file.
    pub name: String,
    /// Notes of it.
    pub notes: usize,
    /// What it was taken for.
    pub mapped: MappedAs,
}

/// What a kind of note was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MappedAs {
    /// One of ours.
    Kind(Kind),
    /// One note for each of its templates.
    BasicPerTemplate,
    /// Its templates show no field: its first field is the question, and all others are the answer.
    ByOrder,
}
