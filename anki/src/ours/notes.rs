//! Notes of ours as a package has them, and back.

use serde_json::Value;
use study::{
    ids::ImageId,
    notes::{Fields, NoteKind, Occlusion as Picture, Problem},
};

use super::{images::with_images, occlusion};
use crate::{Kind, Note, Occlusion};

/// Where images are, here.
const IMAGES: &str = "/api/images/";

/// A note of ours.
#[derive(Debug)]
pub struct OurNote<'a> {
    /// What it is known by.
    pub guid: &'a str,
    /// How it makes cards.
    pub kind: NoteKind,
    /// What it holds.
    pub fields: &'a Fields,
    /// Its tags.
    pub tags: &'a [String],
    /// The passage that it stands on: `{title, page, label, …}`.
    pub source: Option<&'a Value>,
    /// When it was made, in milliseconds.
    pub created: i64,
    /// When it was changed, in seconds.
    pub modified: i64,
}

/// The note in a package; none where it shows a page of a document. `name` is what an image is called there.
pub fn to_note(ours: &OurNote<'_>, name: impl Fn(ImageId) -> Option<String>) -> Option<Note> {
    let text = |text: &str| {
        with_images(text, |address| {
            let id = address.strip_prefix(IMAGES).and_then(|id| id.parse().ok());
            id.map_or_else(|| Some(address.to_owned()), &name)
        })
    };
    let (front, back, occlusion) = match ours.fields {
        Fields::Sides(sides) => (text(&sides.front), text(&sides.back), None),
        Fields::Cloze(cloze) => (text(&cloze.text), text(&cloze.extra), None),
        Fields::Occlusion(picture) => {
            let image = picture.image_id.and_then(&name)?;
            let covered = Occlusion { shapes: occlusion::shapes(picture), image, comments: String::new() };
            (text(&picture.header), text(&picture.extra), Some(covered))
        }
    };
    Some(Note {
        guid: ours.guid.to_owned(),
        id: Some(ours.created),
        kind: match ours.kind {
            NoteKind::Basic => Kind::Basic,
            NoteKind::BasicReversed => Kind::BasicReversed,
            NoteKind::Cloze => Kind::Cloze,
            NoteKind::ImageOcclusion => Kind::ImageOcclusion,
        },
        front,
        back,
        source: ours.source.map(source).unwrap_or_default(),
        tags: ours.tags.to_vec(),
        modified: ours.modified,
        occlusion,
    })
}

/// A passage in words.
fn source(source: &Value) -> String {
    let word = |name: &str| source.get(name).and_then(Value::as_str).filter(|word| !word.is_empty());
    let page = word("label").map(str::to_owned).or_else(|| Some(source.get("page")?.as_i64()?.to_string()));
    let title = word("title").unwrap_or_default();
    let plain = |text: &str| text.replace(['*', '_', '[', ']', '<', '>', '$', '`', '\\', '#'], " ");
    page.map_or_else(|| plain(title), |page| format!("{}, p. {}", plain(title), plain(&page)))
}

/// The kind and the fields of a note of a package. `image` is what an image of a name is here; `sourced` says that the note is
/// known here with what it stands on, which else stands below its answer.
pub fn to_fields(
    note: &Note,
    image: impl Fn(&str) -> Option<ImageId>,
    sourced: bool,
) -> Result<(NoteKind, Fields), Vec<Problem>> {
    let text = |text: &str| with_images(text, |name| Some(format!("{IMAGES}{}", image(name)?)));
    let front = text(&note.front);
    let mut back = text(&note.back);
    if !sourced && !note.source.trim().is_empty() {
        back.push_str(if back.is_empty() { "" } else { "\n\n" });
        back.push_str(&text(&note.source));
    }
    let (kind, value) = match note.kind {
        Kind::Basic => (NoteKind::Basic, serde_json::json!({ "front": front, "back": back })),
        Kind::BasicReversed => (NoteKind::BasicReversed, serde_json::json!({ "front": front, "back": back })),
        Kind::Cloze => (NoteKind::Cloze, serde_json::json!({ "text": front, "extra": back })),
        Kind::ImageOcclusion => {
            let covered = note.occlusion.clone().unwrap_or_default();
            let (boxes, mode) = occlusion::boxes(&covered.shapes);
            let picture = Picture {
                image_id: image(&covered.image),
                document_id: None,
                page: None,
                boxes: boxes.into_values().collect(),
                mode,
                header: front,
                extra: back,
            };
            (NoteKind::ImageOcclusion, serde_json::to_value(picture).unwrap_or_default())
        }
    };
    Ok((kind, Fields::read(kind, value)?))
}

/// The number here of a card of a package.
pub fn number(note: &Note, ordinal: u16) -> Option<i16> {
    let ordinal = match note.kind {
        Kind::Basic | Kind::BasicReversed => ordinal,
        Kind::Cloze => ordinal.checked_add(1)?,
        Kind::ImageOcclusion => {
            let (boxes, _) = occlusion::boxes(&note.occlusion.as_ref()?.shapes);
            let place = boxes.keys().position(|number| Some(*number) == ordinal.checked_add(1))?;
            u16::try_from(place).ok()?
        }
    };
    i16::try_from(ordinal).ok()
}

/// The number in a package of a card of ours.
pub fn ordinal(kind: NoteKind, number: i16) -> Option<u16> {
    let number = u16::try_from(number).ok()?;
    if kind == NoteKind::Cloze { number.checked_sub(1) } else { Some(number) }
}
