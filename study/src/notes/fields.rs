//! The fields of a note by its kind: what they may hold, which cards they make, and which images they name.

use std::collections::BTreeSet;

use domain::ids::ImageId;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{NoteKind, Occlusion};
use crate::items::{CardKind, Flashcard, cloze, markup};

/// How long a field may be, in characters.
pub const LONGEST_FIELD: usize = 20_000;

/// One thing that is wrong with a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Which part of it.
    pub field: String,
    /// What is wrong there.
    pub problem: String,
}

impl Problem {
    /// What is wrong with a part.
    pub fn new(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { field: field.into(), problem: problem.into() }
    }
}

/// A question and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Sides {
    /// The question, in Markdown.
    pub front: String,
    /// The answer, in Markdown.
    pub back: String,
}

/// A text with something left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClozeText {
    /// Markdown with `{{c1::…::hint}}` in it.
    pub text: String,
    /// What is shown below it.
    #[serde(default)]
    pub extra: String,
}

/// The fields of a note. Their form is that of its kind.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum Fields {
    /// Of `basic` and `basic_reversed`.
    Sides(Sides),
    /// Of `cloze`.
    Cloze(ClozeText),
    /// Of `image_occlusion`.
    Occlusion(Occlusion),
}

impl Fields {
    /// Reads the fields of a note of this kind.
    pub fn read(kind: NoteKind, value: Value) -> Result<Self, Vec<Problem>> {
        let fields = match kind {
            NoteKind::Basic | NoteKind::BasicReversed => {
                Self::Sides(typed(value, "must have `front` and `back`, both text")?)
            }
            NoteKind::Cloze => {
                Self::Cloze(typed(value, "must have `text`, and may have `extra`, both text")?)
            }
            NoteKind::ImageOcclusion => Self::Occlusion(typed(
                value,
                "must have `image_id`, or `document_id` and `page`, and `boxes`; \
                 may have `mode`, `header` and `extra`",
            )?),
        };
        let problems = fields.problems();
        if problems.is_empty() { Ok(fields) } else { Err(problems) }
    }

    /// The fields, and the kind, of what a model made.
    pub fn of_flashcard(card: &Flashcard) -> (NoteKind, Self) {
        let (first, second) = (card.front.clone(), card.back.clone());
        match card.kind {
            CardKind::Basic => (NoteKind::Basic, Self::Sides(Sides { front: first, back: second })),
            CardKind::Cloze => (NoteKind::Cloze, Self::Cloze(ClozeText { text: first, extra: second })),
        }
    }

    /// As they are stored.
    pub fn value(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// The numbers of the cards that they make: 0, and 1 for the other direction; the numbers of a cloze, from 1; of a
    /// picture the places of its boxes, from 0.
    pub fn ordinals(&self, kind: NoteKind) -> BTreeSet<i16> {
        match self {
            Self::Sides(_) if kind == NoteKind::BasicReversed => BTreeSet::from([0, 1]),
            Self::Sides(_) => BTreeSet::from([0]),
            Self::Cloze(cloze) => {
                let numbers = cloze::numbers(&cloze.text).unwrap_or_default();
                numbers.into_iter().filter_map(|number| i16::try_from(number).ok()).collect()
            }
            Self::Occlusion(picture) => (0_i16..).zip(&picture.boxes).map(|(place, _)| place).collect(),
        }
    }

    /// The images that they name: that of an occlusion, and those that Markdown shows.
    pub fn images(&self) -> Vec<ImageId> {
        let mut found = BTreeSet::new();
        if let Self::Occlusion(picture) = self {
            found.extend(picture.image_id);
        }
        for (_, text, _) in self.texts() {
            found.extend(named_images(text));
        }
        found.into_iter().collect()
    }

    /// Each text with its name, and whether it must say something.
    fn texts(&self) -> Vec<(&'static str, &str, bool)> {
        match self {
            Self::Sides(sides) => vec![("front", &sides.front, true), ("back", &sides.back, true)],
            Self::Cloze(cloze) => vec![("text", &cloze.text, true), ("extra", &cloze.extra, false)],
            Self::Occlusion(picture) => {
                vec![("header", &picture.header, false), ("extra", &picture.extra, false)]
            }
        }
    }

    fn problems(&self) -> Vec<Problem> {
        let mut problems: Vec<Problem> = Vec::new();
        for (name, text, needed) in self.texts() {
            let mut wrong = |problem: &str| problems.push(Problem::new(format!("fields.{name}"), problem));
            if needed && text.trim().is_empty() {
                wrong("must not be blank");
            }
            if text.chars().count() > LONGEST_FIELD {
                wrong("must have at most 20000 characters");
            }
            if text.contains('\0') {
                wrong("must not have NUL characters");
            }
            if markup::has_html(text) {
                wrong("has HTML; write Markdown");
            }
        }
        match self {
            Self::Sides(_) => {}
            Self::Cloze(cloze) => {
                if let Err(why) = cloze::numbers(&cloze.text) {
                    problems
                        .push(Problem::new("fields.text", format!("must have {{{{c1::…}}}} in it: {why}")));
                }
            }
            Self::Occlusion(picture) => problems.extend(picture.problems()),
        }
        problems
    }
}

fn typed<T: DeserializeOwned>(value: Value, shape: &str) -> Result<T, Vec<Problem>> {
    // A struct of serde takes a list for its fields, too.
    let boxes = value.get("boxes").and_then(Value::as_array);
    if !value.is_object() || boxes.is_some_and(|boxes| !boxes.iter().all(Value::is_object)) {
        return Err(vec![Problem::new("fields", shape)]);
    }
    serde_json::from_value(value).map_err(|_misfit| vec![Problem::new("fields", shape)])
}

/// Images by the addresses at which they are served: `/api/images/{id}`.
fn named_images(text: &str) -> impl Iterator<Item = ImageId> {
    text.split("/api/images/").skip(1).filter_map(|rest| rest.get(..36)?.parse().ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn problems(kind: NoteKind, fields: Value) -> Vec<String> {
        Fields::read(kind, fields).unwrap_err().into_iter().map(|problem| problem.field).collect()
    }

    #[test]
    fn each_kind_has_its_fields_and_cards() {
        let sides = json!({"front": "What?", "back": "That."});
        let read = Fields::read(NoteKind::BasicReversed, sides.clone()).unwrap();
        assert_eq!(read.ordinals(NoteKind::BasicReversed), BTreeSet::from([0, 1]));
        assert_eq!(read.ordinals(NoteKind::Basic), BTreeSet::from([0]));
        assert_eq!(read.value(), sides);
        let cloze = json!({"text": "{{c1::a}} {{c3::b}}"});
        let read = Fields::read(NoteKind::Cloze, cloze).unwrap();
        assert_eq!(read.ordinals(NoteKind::Cloze), BTreeSet::from([1, 3]));
        assert_eq!(read.value(), json!({"text": "{{c1::a}} {{c3::b}}", "extra": ""}));
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let basic = |fields| problems(NoteKind::Basic, fields);
        assert_eq!(basic(json!({"front": "a"})), ["fields"]);
        assert_eq!(basic(json!(["a", "b"])), ["fields"]);
        assert_eq!(basic(json!({"front": "a", "back": "b", "more": 1})), ["fields"]);
        assert_eq!(basic(json!({"front": " ", "back": "<script>"})), ["fields.front", "fields.back"]);
        assert_eq!(
            basic(json!({"front": "x".repeat(20_001), "back": "a\0"})),
            ["fields.front", "fields.back"]
        );
        assert_eq!(problems(NoteKind::Cloze, json!({"text": "nothing"})), ["fields.text"]);
    }

    #[test]
    fn images_that_are_shown_are_named() {
        let id = "0192d0a6-1c1d-7000-8000-000000000001";
        let text = format!("![x](/api/images/{id}) and /api/images/{id} and /api/images/ß{}", "x".repeat(40));
        let fields = Fields::read(NoteKind::Basic, json!({"front": text, "back": "b"})).unwrap();
        assert_eq!(fields.images(), [id.parse().unwrap()]);
    }
}
