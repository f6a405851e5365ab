//! Kinds of notes, decks and the day that days are counted from: in JSON up to schema 11, in tables of their own since.

use std::collections::HashMap;

use prost::Message as _;
use serde_json::Value;
use study::scheduling::Day;

use super::{
    database::Database,
    lenient,
    mapping::NoteType,
    messages::{TemplateConfig, TypeConfig},
};
use crate::{Limits, Refusal, refusal::Part};

/// Seconds of a day, and of the hours until it begins.
pub(crate) const DAY: i64 = 86_400;
const BEGINS: i64 = 4 * 3_600;

/// The first schema whose kinds of notes and decks are tables.
const WITH_TABLES: i64 = 15;

/// What notes and cards refer to.
#[derive(Debug, Default)]
pub(super) struct Collection {
    pub(super) types: HashMap<i64, NoteType>,
    /// Names of decks, with `::` between levels.
    pub(super) decks: HashMap<i64, String>,
    /// The day that days are counted from.
    pub(super) first_day: i64,
}

impl Collection {
    pub(super) fn read(database: &Database, limits: &Limits) -> Result<Self, Refusal> {
        let (mut version, mut began) = (0, None);
        let mut collection = Self::default();
        database.each("SELECT ver, crt FROM col", 1, Part::Types, |row| {
            version = lenient::number(row, 0);
            began = Some(lenient::number(row, 1));
        })?;
        let began = began.ok_or(Refusal::NoCollection)?;
        collection.first_day = first_day(began, offset(database, version)?);
        if version >= WITH_TABLES && database.has_table("notetypes")? {
            collection.add_tables(database, limits)?;
        } else {
            collection.add_json(database, limits)?;
        }
        Ok(collection)
    }

    fn add_tables(&mut self, database: &Database, limits: &Limits) -> Result<(), Refusal> {
        let most = limits.decks;
        database.each("SELECT id, name, config FROM notetypes", most, Part::Types, |row| {
            let config = TypeConfig::decode(lenient::bytes(row, 2)).unwrap_or_default();
            let (id, name) = (lenient::number(row, 0), short(&lenient::text(row, 1)));
            self.types.insert(id, NoteType { id, name, is_cloze: config.kind == 1, ..NoteType::default() });
        })?;
        let mut fields = Vec::new();
        database.each("SELECT ntid, ord, name FROM fields", most * 10, Part::Types, |row| {
            fields.push((lenient::number(row, 0), lenient::number(row, 1), lenient::text(row, 2)));
        })?;
        fields.sort();
        for (id, _, name) in fields {
            self.types.entry(id).and_modify(|kind| kind.fields.push(name));
        }
        let mut templates = Vec::new();
        database.each("SELECT ntid, ord, config FROM templates", most * 10, Part::Types, |row| {
            let config = TemplateConfig::decode(lenient::bytes(row, 2)).unwrap_or_default();
            templates.push((
                lenient::number(row, 0),
                lenient::number(row, 1),
                config.question,
                config.answer,
            ));
        })?;
        templates.sort();
        for (id, _, question, answer) in templates {
            self.types.entry(id).and_modify(|kind| kind.templates.push((question, answer)));
        }
        database.each("SELECT id, name FROM decks", most, Part::Decks, |row| {
            let name = lenient::text(row, 1).replace('\u{1f}', "::");
            self.decks.insert(lenient::number(row, 0), deck_name(&name));
        })
    }

    fn add_json(&mut self, database: &Database, limits: &Limits) -> Result<(), Refusal> {
        let (mut models, mut decks) = (Value::Null, Value::Null);
        database.each("SELECT models, decks FROM col", 1, Part::Types, |row| {
            models = serde_json::from_slice(lenient::bytes(row, 0)).unwrap_or_default();
            decks = serde_json::from_slice(lenient::bytes(row, 1)).unwrap_or_default();
        })?;
        let (Value::Object(models), Value::Object(decks)) = (models, decks) else {
            return Err(Refusal::Damaged);
        };
        if models.len() > limits.decks {
            return Err(Refusal::too_many(Part::Types, limits.decks));
        }
        if decks.len() > limits.decks {
            return Err(Refusal::too_many(Part::Decks, limits.decks));
        }
        let id = |key: &str, value: &Value| {
            value.get("id").and_then(whole).or_else(|| key.parse().ok()).unwrap_or(0)
        };
        self.types
            .extend(models.iter().map(|(key, model)| (id(key, model), note_type(id(key, model), model))));
        self.decks.extend(decks.iter().map(|(key, deck)| (id(key, deck), deck_name(&text(deck, "name")))));
        Ok(())
    }

    /// The day that a number of the file is.
    pub(super) fn day(&self, number: i64) -> Day {
        let days = self.first_day.saturating_add(number).clamp(-100_000, 200_000);
        Day(i32::try_from(days).unwrap_or(0))
    }
}

/// Minutes that the clock of the collection's student was behind that of Greenwich when it began, where that is known.
fn offset(database: &Database, version: i64) -> Result<Option<i64>, Refusal> {
    let mut offset = None;
    if version >= WITH_TABLES && database.has_table("config")? {
        database.each("SELECT key, val FROM config", 10_000, Part::Types, |row| {
            if lenient::text(row, 0) == "creationOffset" {
                offset = serde_json::from_slice(lenient::bytes(row, 1)).ok();
            }
        })?;
    } else if version < WITH_TABLES {
        database.each("SELECT conf FROM col", 1, Part::Types, |row| {
            let conf: Value = serde_json::from_slice(lenient::bytes(row, 0)).unwrap_or_default();
            offset = conf.get("creationOffset").and_then(whole);
        })?;
    }
    Ok(offset.filter(|minutes| minutes.abs() <= 15 * 60))
}

/// The day on which a collection began: at four, on the clock of its student. Where that is not known, it is taken to be less
/// than 11 hours behind that of Greenwich, and at most 13 ahead of it.
fn first_day(began: i64, offset: Option<i64>) -> i64 {
    let began = began.saturating_sub(BEGINS);
    match offset {
        Some(minutes) => began.saturating_sub(minutes * 60).saturating_add(DAY / 24),
        None => began.saturating_add(13 * 3_600),
    }
    .div_euclid(DAY)
}

fn note_type(id: i64, model: &Value) -> NoteType {
    let list = |name: &str| {
        let mut list: Vec<&Value> =
            model.get(name).and_then(Value::as_array).into_iter().flatten().take(1_000).collect();
        list.sort_by_key(|value| value.get("ord").and_then(whole).unwrap_or(0));
        list
    };
    NoteType {
        id,
        name: short(&text(model, "name")),
        is_cloze: model.get("type").and_then(whole) == Some(1),
        fields: list("flds").into_iter().map(|field| text(field, "name")).collect(),
        templates: list("tmpls")
            .into_iter()
            .map(|template| (text(template, "qfmt"), text(template, "afmt")))
            .collect(),
    }
}

fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_f64().map(lenient::whole)).or_else(|| value.as_str()?.parse().ok())
}

fn short(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// A name of which no level is empty.
fn deck_name(name: &str) -> String {
    let levels = name.split("::").map(|level| short(level.trim()));
    let levels: Vec<String> =
        levels.map(|level| if level.is_empty() { "blank".to_owned() } else { level }).take(20).collect();
    levels.join("::")
}
