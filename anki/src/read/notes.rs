//! Notes: fields of HTML become texts of ours.

use std::collections::{BTreeSet, HashMap, HashSet};

use study::items::cloze;

use super::{
    database::Database,
    lenient,
    mapping::{Mapping, NoteType, Sides},
    types::Collection,
};
use crate::{
    Kind, Limits, MappedAs, Note, Occlusion, Package, Refusal, Removed, TypeReport,
    refusal::Part,
    text::{markdown_from_html, plain},
};

/// Anki's sign between two fields.
const FIELD_END: char = '\u{1f}';

/// The most signs of a guid, and of a tag.
const NAME: usize = 200;

/// The numbers of cards, from 0, that a note has.
#[derive(Debug)]
pub(super) enum Ordinals {
    /// So many from the first.
    First(u16),
    /// These, of a cloze.
    These(BTreeSet<u16>),
    /// Each is a note of its own, at this place; none where it has nothing to ask.
    Notes(Vec<Option<usize>>),
}

/// Notes that were read, and how cards find them.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) package: Package,
    /// By the id of the file: the place, and which cards it has.
    pub(super) placed: HashMap<i64, (usize, Ordinals)>,
    /// Names of images that are shown.
    images: HashSet<String>,
}

/// A note as it stands in the file.
struct Raw<'a> {
    id: i64,
    guid: String,
    modified: i64,
    tags: Vec<String>,
    fields: Vec<&'a str>,
}

impl Notes {
    pub(super) fn read(
        database: &Database,
        collection: &Collection,
        limits: &Limits,
    ) -> Result<Self, Refusal> {
        let mut notes = Self::default();
        let mut mappings: HashMap<i64, (Mapping, usize)> = HashMap::new();
        let mut guids = HashSet::new();
        let mut bytes = 0_usize;
        let sql = "SELECT id, guid, mid, mod, tags, flds FROM notes";
        database.each(sql, limits.notes, Part::Notes, |row| {
            notes.package.report.notes_found += 1;
            let text = lenient::text(row, 5);
            bytes = bytes.saturating_add(text.len());
            if bytes > limits.text {
                return;
            }
            let report = &mut notes.package.report;
            let Some(kind) = collection.types.get(&lenient::number(row, 2)) else {
                report.notes_of_unknown_type += 1;
                return;
            };
            if text.len() > limits.note {
                report.notes_too_long += 1;
                return;
            }
            let id = lenient::number(row, 0);
            let guid = guid(&lenient::text(row, 1), id);
            if !guids.insert(guid.clone()) {
                report.notes_doubled += 1;
                return;
            }
            let modified = lenient::within(lenient::number(row, 3), 0, i64::from(u32::MAX), report);
            let tags = tags(&lenient::text(row, 4), limits.tags);
            let raw = Raw { id, guid, modified, tags, fields: text.split(FIELD_END).take(1_000).collect() };
            let (mapping, count) = mappings.entry(kind.id).or_insert_with(|| (Mapping::of(kind), 0));
            *count += 1;
            notes.add(&raw, kind, mapping);
        })?;
        if bytes > limits.text {
            return Err(Refusal::too_large(Part::Text, limits.text as u64));
        }
        let name = |id: &i64| collection.types.get(id).map(|kind| kind.name.clone()).unwrap_or_default();
        let types = mappings.iter().map(|(id, (mapping, notes))| TypeReport {
            name: name(id),
            notes: *notes,
            mapped: mapping.as_,
        });
        notes.package.report.types = types.collect();
        notes
            .package
            .report
            .types
            .sort_by(|one, other| other.notes.cmp(&one.notes).then(one.name.cmp(&other.name)));
        Ok(notes)
    }

    fn add(&mut self, raw: &Raw<'_>, kind: &NoteType, mapping: &Mapping) {
        let place = self.package.notes.len();
        match (mapping.as_, mapping.sides.as_slice()) {
            (MappedAs::Kind(Kind::Cloze | Kind::ImageOcclusion), [sides, ..]) => {
                let shapes = sides
                    .front
                    .iter()
                    .chain(kind.fields.iter().position(|field| field == "Occlusion").iter())
                    .filter_map(|field| raw.fields.get(*field))
                    .find(|text| text.contains("image-occlusion:"));
                match shapes {
                    Some(shapes) => self.add_occlusion(raw, kind, mapping, shapes),
                    None => self.add_cloze(raw, mapping, sides),
                }
            }
            (MappedAs::Kind(kind), [sides]) => {
                let note = self.note(raw, kind, mapping, sides);
                if note.front.is_empty() {
                    self.package.report.notes_empty += 1;
                    return;
                }
                self.package.notes.push(note);
                let cards = if kind == Kind::BasicReversed { 2 } else { 1 };
                self.placed.insert(raw.id, (place, Ordinals::First(cards)));
            }
            (_, all) => {
                let mut places = Vec::new();
                for (ordinal, sides) in all.iter().enumerate() {
                    let mut note = self.note(raw, Kind::Basic, mapping, sides);
                    if ordinal > 0 {
                        note.guid = format!("{}#{}", raw.guid, ordinal + 1);
                        note.id = None;
                    }
                    places.push((!note.front.is_empty()).then_some(self.package.notes.len()));
                    if !note.front.is_empty() {
                        self.package.notes.push(note);
                    }
                }
                if self.package.notes.len() == place {
                    self.package.report.notes_empty += 1;
                } else {
                    self.placed.insert(raw.id, (place, Ordinals::Notes(places)));
                }
            }
        }
    }

    fn add_cloze(&mut self, raw: &Raw<'_>, mapping: &Mapping, sides: &Sides) {
        let mut note = self.note(raw, Kind::Cloze, mapping, sides);
        if note.front.is_empty() {
            self.package.report.notes_empty += 1;
            return;
        }
        let ordinals = match cloze::numbers(&note.front) {
            Ok(numbers) => {
                Ordinals::These(numbers.into_iter().map(|number| number.saturating_sub(1)).collect())
            }
            Err(_) => {
                self.package.report.clozes_without_deletion += 1;
                note.kind = Kind::Basic;
                Ordinals::First(1)
            }
        };
        self.placed.insert(raw.id, (self.package.notes.len(), ordinals));
        self.package.notes.push(note);
    }

    fn add_occlusion(&mut self, raw: &Raw<'_>, kind: &NoteType, mapping: &Mapping, shapes: &str) {
        let named = |name: &str| kind.fields.iter().position(|field| field == name);
        let sides = Sides {
            front: named("Header").into_iter().collect(),
            back: named("Back Extra").into_iter().collect(),
        };
        let mut note = self.note(raw, Kind::ImageOcclusion, mapping, &sides);
        let shapes = plain(shapes, false).trim().to_owned();
        let mut images = raw.fields.iter().flat_map(|field| markdown_from_html(field).1.images);
        let numbers = cloze::numbers(&shapes);
        let (Some(image), Ok(numbers)) = (images.next(), numbers) else {
            self.package.report.notes_empty += 1;
            return;
        };
        self.images.insert(image.clone());
        let comments = named("Comments").map(|field| self.text(raw, &[field])).unwrap_or_default();
        note.occlusion = Some(Occlusion { shapes, image, comments });
        let ordinals = numbers.into_iter().map(|number| number.saturating_sub(1)).collect();
        self.placed.insert(raw.id, (self.package.notes.len(), Ordinals::These(ordinals)));
        self.package.notes.push(note);
    }

    fn note(&mut self, raw: &Raw<'_>, kind: Kind, mapping: &Mapping, sides: &Sides) -> Note {
        Note {
            guid: raw.guid.clone(),
            id: Some(raw.id),
            kind,
            front: self.text(raw, &sides.front),
            back: self.text(raw, &sides.back),
            source: mapping.source.map(|field| self.text(raw, &[field])).unwrap_or_default(),
            tags: raw.tags.clone(),
            modified: raw.modified,
            occlusion: None,
        }
    }

    /// The text of some fields, below each other.
    fn text(&mut self, raw: &Raw<'_>, fields: &[usize]) -> String {
        let mut text = String::new();
        for html in fields.iter().filter_map(|field| raw.fields.get(*field)).filter(|html| !html.is_empty()) {
            let (markdown, Removed { images, sounds, remote_images, scripts }) = markdown_from_html(html);
            let report = &mut self.package.report;
            report.sounds_removed += sounds;
            report.remote_images_removed += remote_images;
            report.scripts_removed += scripts;
            self.images.extend(images);
            if !markdown.is_empty() {
                text.push_str(if text.is_empty() { "" } else { "\n\n" });
                text.push_str(&markdown);
            }
        }
        text
    }

    /// The package, and the names of images that it shows.
    pub(super) fn images(&mut self) -> HashSet<String> {
        std::mem::take(&mut self.images)
    }
}

fn guid(guid: &str, id: i64) -> String {
    let guid: String = guid.chars().filter(|c| !c.is_control()).take(NAME).collect();
    if guid.trim().is_empty() { format!("anki:{id}") } else { guid }
}

fn tags(tags: &str, most: usize) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let clean = tags.split([' ', '\t', '\n', '\u{3000}', '\u{1f}']);
    for tag in clean.map(|tag| tag.chars().filter(|c| !c.is_control()).take(NAME).collect::<String>()) {
        if !tag.is_empty() && found.len() < most && !found.contains(&tag) {
            found.push(tag);
        }
    }
    found
}
