//! What a kind of note is taken for: by its fields and templates, for names and marks of origin do not tell.

use super::templates::shown;
use crate::{Kind, MappedAs};

/// A kind of note in a file.
#[derive(Debug, Clone, Default)]
pub(super) struct NoteType {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) is_cloze: bool,
    /// Names of its fields, in their order.
    pub(super) fields: Vec<String>,
    /// Question and answer of its templates, in their order.
    pub(super) templates: Vec<(String, String)>,
}

/// Places of fields: those of the question and those of the answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sides {
    pub(super) front: Vec<usize>,
    pub(super) back: Vec<usize>,
}

/// How notes of a kind become ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mapping {
    pub(super) as_: MappedAs,
    /// One for each note that comes of one; only kinds with many templates have more than one.
    pub(super) sides: Vec<Sides>,
    /// The field that says what a note stands on, in the kinds that we write.
    pub(super) source: Option<usize>,
    /// Whether it is a kind that we write.
    pub(super) is_ours: bool,
}

/// What the names of kinds that we write begin with.
const OURS: &str = "Medai ";

impl Mapping {
    pub(super) fn of(kind: &NoteType) -> Self {
        Self::of_ours(kind).unwrap_or_else(|| Self::of_strangers(kind))
    }

    /// A kind that we wrote: its fields are known by name.
    fn of_ours(kind: &NoteType) -> Option<Self> {
        kind.name.strip_prefix(OURS)?;
        let names = |names: &[&str]| names.iter().all(|name| kind.fields.iter().any(|field| field == name));
        let place = |name: &str| kind.fields.iter().position(|field| field == name);
        let source = Some(place("Source")?);
        let (as_, front, back) = if kind.is_cloze && names(&["Occlusion", "Image", "Header", "Back Extra"]) {
            (Kind::ImageOcclusion, place("Header")?, place("Back Extra")?)
        } else if kind.is_cloze {
            (Kind::Cloze, place("Text")?, place("Back Extra")?)
        } else {
            let as_ = if kind.templates.len() > 1 { Kind::BasicReversed } else { Kind::Basic };
            (as_, place("Front")?, place("Back")?)
        };
        let sides = vec![Sides { front: vec![front], back: vec![back] }];
        Some(Self { as_: MappedAs::Kind(as_), sides, source, is_ours: true })
    }

    fn of_strangers(kind: &NoteType) -> Self {
        let made = |as_, sides| Self { as_, sides, source: None, is_ours: false };
        let by_order = || Sides { front: vec![0], back: (1..kind.fields.len()).collect() };
        let hidden = |field: &usize| kind.fields.get(*field).is_some_and(|name| name == "ankihub_id");
        let mut clozes = Vec::new();
        let sides: Vec<Sides> = kind
            .templates
            .iter()
            .map(|(question, answer)| {
                let front = shown(question, &kind.fields);
                clozes.extend(front.iter().filter(|shown| shown.cloze).map(|shown| shown.field));
                let front: Vec<usize> =
                    front.into_iter().map(|shown| shown.field).filter(|field| !hidden(field)).collect();
                let back = shown(answer, &kind.fields).into_iter().map(|shown| shown.field);
                let back = back.filter(|field| !front.contains(field) && !hidden(field)).collect();
                Sides { front, back }
            })
            .collect();
        if kind.is_cloze {
            let text = clozes.first().copied().unwrap_or(0);
            let all = sides.iter().flat_map(|sides| sides.front.iter().chain(&sides.back));
            let mut back: Vec<usize> = Vec::new();
            for field in all.filter(|field| **field != text) {
                if !back.contains(field) {
                    back.push(*field);
                }
            }
            return made(MappedAs::Kind(Kind::Cloze), vec![Sides { front: vec![text], back }]);
        }
        match sides.as_slice() {
            [] => made(MappedAs::ByOrder, vec![by_order()]),
            sides if sides.iter().any(|sides| sides.front.is_empty()) => {
                let mended =
                    sides.iter().map(|sides| if sides.front.is_empty() { by_order() } else { sides.clone() });
                made(MappedAs::ByOrder, mended.collect())
            }
            [one] => made(MappedAs::Kind(Kind::Basic), vec![one.clone()]),
            [one, other] if is_swapped(one, other) => {
                let rest = one.back.iter().filter(|field| !other.front.contains(field));
                let back = other.front.iter().chain(rest).copied().collect();
                made(MappedAs::Kind(Kind::BasicReversed), vec![Sides { front: one.front.clone(), back }])
            }
            sides => made(MappedAs::BasicPerTemplate, sides.to_vec()),
        }
    }
}

/// Whether each asks for what the other answers.
fn is_swapped(one: &Sides, other: &Sides) -> bool {
    let all_in = |some: &[usize], all: &[usize]| some.iter().all(|field| all.contains(field));
    all_in(&one.front, &other.back) && all_in(&other.front, &one.back)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(is_cloze: bool, fields: &[&str], templates: &[(&str, &str)]) -> NoteType {
        NoteType {
            name: "Some".to_owned(),
            is_cloze,
            fields: fields.iter().map(ToString::to_string).collect(),
            templates: templates.iter().map(|(q, a)| (q.to_string(), a.to_string())).collect(),
            ..NoteType::default()
        }
    }

    fn mapped(kind: &NoteType) -> (MappedAs, Vec<Sides>) {
        let Mapping { as_, sides, .. } = Mapping::of(kind);
        (as_, sides)
    }

    fn sides(front: usize, back: &[usize]) -> Vec<Sides> {
        vec![Sides { front: vec![front], back: back.to_vec() }]
    }

    #[test]
    fn kinds_are_known_by_fields_and_templates() {
        let basic = kind(false, &["F", "B", "X"], &[("{{F}}", "{{FrontSide}}<hr>{{B}} {{X}}")]);
        assert_eq!(mapped(&basic), (MappedAs::Kind(Kind::Basic), sides(0, &[1, 2])));
        let reversed =
            kind(false, &["F", "B", "X"], &[("{{F}}", "{{F}} {{B}} {{X}}"), ("{{B}}", "{{B}}{{F}} {{X}}")]);
        assert_eq!(mapped(&reversed), (MappedAs::Kind(Kind::BasicReversed), sides(0, &[1, 2])));
        let many =
            kind(false, &["A", "B", "C"], &[("{{A}}", "{{B}}"), ("{{A}}", "{{C}}"), ("{{B}}", "{{A}}")]);
        assert_eq!(mapped(&many).1.len(), 3);
        let cloze = kind(
            true,
            &["Text", "Extra", "ankihub_id"],
            &[("{{edit:cloze:Text}}", "{{cloze:Text}} {{Extra}} {{ankihub_id}}")],
        );
        assert_eq!(mapped(&cloze), (MappedAs::Kind(Kind::Cloze), sides(0, &[1])));
        let blind = kind(false, &["A", "B"], &[("nothing", "{{B}}")]);
        assert_eq!(mapped(&blind), (MappedAs::ByOrder, sides(0, &[1])));
    }
}
