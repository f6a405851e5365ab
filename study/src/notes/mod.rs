//! Notes: the fields that cards are made of. Pure.

mod fields;
mod occlusion;

pub use fields::{Fields, LONGEST_FIELD, Problem};
pub use occlusion::{Hiding, Occlusion, OcclusionBox, moved};

use serde::{Deserialize, Serialize};

/// How a note makes cards.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    sqlx::Type,
    strum::EnumString,
    strum::IntoStaticStr,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[sqlx(type_name = "note_kind", rename_all = "snake_case")]
pub enum NoteKind {
    /// A question and its answer.
    Basic,
    /// The same, asked in both directions.
    BasicReversed,
    /// A text with something left out: a card for each number.
    Cloze,
    /// A picture with something hidden: a card for each box.
    ImageOcclusion,
}

/// Who made a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "note_origin", rename_all = "snake_case")]
pub enum NoteOrigin {
    /// The student wrote it.
    Student,
    /// A model made it for a command.
    Command,
    /// It came from a file.
    Import,
}

/// How many tags a note may have.
pub const MOST_TAGS: usize = 100;

/// How long a tag may be, in characters.
pub const LONGEST_TAG: usize = 100;

/// Tags as they are kept: without white space, which separates tags in Anki, each once, in their order.
pub fn tags<'a>(given: impl IntoIterator<Item = &'a str>) -> Result<Vec<String>, Problem> {
    let mut kept: Vec<String> = Vec::new();
    for tag in given {
        let tag = tag.split_whitespace().collect::<Vec<_>>().join("_");
        if tag.chars().any(char::is_control) || tag.chars().count() > LONGEST_TAG {
            return Err(Problem::new("tags", "must each be a word of at most 100 characters"));
        }
        if !tag.is_empty() && !kept.iter().any(|other| other.to_lowercase() == tag.to_lowercase()) {
            kept.push(tag);
        }
    }
    if kept.len() > MOST_TAGS {
        return Err(Problem::new("tags", "must be at most 100"));
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_a_word_and_there_once() {
        assert_eq!(
            tags([" heart  failure", "Heart_Failure", "", "x::y"]).unwrap(),
            ["heart_failure", "x::y"]
        );
        assert!(tags(["x".repeat(101).as_str()]).is_err() && tags(["a\0b"]).is_err());
        let many: Vec<String> = (0..101).map(|number| number.to_string()).collect();
        assert!(tags(many.iter().map(String::as_str)).is_err());
    }
}
