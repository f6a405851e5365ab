//! A form's fields, as they look on a page.

use std::fmt::Write as _;

use pdf_oxide::{
    PdfDocument,
    object::{Object, ObjectRef},
};

use super::mend::{Dict, Mending, inherited, resolved};

/// A field with one of these flags is not shown: hidden, or only in print.
const NOT_SHOWN: i64 = 0x2 | 0x20;

/// What a field has of its own or from the field that it is part of.
const INHERITED: [&str; 5] = ["FT", "Ff", "V", "DA", "MK"];

/// A page's fields.
pub(super) struct Fields {
    /// What they look like, by the names that `content` calls them.
    pub(super) drawings: Dict,
    /// Draws them in their places.
    pub(super) content: Vec<u8>,
    /// Those that say something without looking like it, and the page's other notes.
    pub(super) left: Vec<Object>,
}

/// Whether the page has a field.
pub(super) fn has_some(document: &PdfDocument, page: u32) -> bool {
    let Ok(page) = document.get_page(page as usize) else { return false };
    page.as_dict().is_some_and(|page| annotations(document, page).iter().any(is_field))
}

fn is_field(annotation: &Dict) -> bool {
    annotation.get("Subtype").and_then(Object::as_name) == Some("Widget")
}

fn annotations(document: &PdfDocument, page: &Dict) -> Vec<Dict> {
    let annotations = page.get("Annots").and_then(|annotations| resolved(document, annotations));
    let Some(Object::Array(annotations)) = annotations else { return Vec::new() };
    let dict = |annotation| match resolved(document, annotation) {
        Some(Object::Dictionary(dict)) => Some(dict),
        _ => None,
    };
    annotations.iter().filter_map(dict).collect()
}

/// Takes the fields out of the page's annotations.
pub(super) fn drawn(copy: &mut Mending<'_>, page: &Dict) -> Fields {
    let document = copy.document;
    let mut fields = Fields { drawings: Dict::new(), content: Vec::new(), left: Vec::new() };
    for annotation in annotations(document, page) {
        if !is_field(&annotation) {
            let kept = ["Subtype", "Rect", "F", "Contents", "AP"];
            fields.left.push(kept_of(copy, &annotation, &kept));
            continue;
        }
        copy.mended = true;
        if annotation.get("F").and_then(Object::as_integer).unwrap_or(0) & NOT_SHOWN != 0 {
            continue;
        }
        let Some(rect) = numbers::<4>(document, annotation.get("Rect")) else { continue };
        let look = look(document, &annotation);
        let says = look.as_ref().is_some_and(|(_, look)| shows_text(look));
        if let Some((reference, Object::Stream { dict, .. })) = look {
            let name = format!("Field{}", fields.drawings.len());
            let [wide, high, across, up] = into_place(document, &dict, rect);
            let mut content = String::new();
            if writeln!(content, "q {wide} 0 0 {high} {across} {up} cm /{name} Do Q").is_ok() {
                fields.content.extend(content.bytes());
                let drawing = copy.direct(&Object::Reference(reference), 0);
                fields.drawings.insert(name, drawing);
            }
        }
        if !says {
            fields.left.extend(value(copy, &annotation));
        }
    }
    fields
}

/// What a field looks like in its state.
fn look(document: &PdfDocument, field: &Dict) -> Option<(ObjectRef, Object)> {
    let looks = resolved(document, field.get("AP")?)?;
    let mut reference = looks.as_dict()?.get("N")?.clone();
    if let Some(Object::Dictionary(states)) = resolved(document, &reference) {
        reference = states.get(field.get("AS")?.as_name()?)?.clone();
    }
    let reference = reference.as_reference()?;
    match document.load_object(reference).ok()? {
        look @ Object::Stream { .. } => Some((reference, look)),
        _ => None,
    }
}

/// Whether there is one of the operators that show text. Another word may be taken for one, which does no harm.
fn shows_text(look: &Object) -> bool {
    let Ok(content) = look.decode_stream_data() else { return false };
    let is_shown =
        |word: &[u8]| word.ends_with(b"Tj") || word.ends_with(b"TJ") || word == b"'" || word == b"\"";
    content.split(u8::is_ascii_whitespace).any(is_shown)
}

/// A field by its value, for the engine to read. A button that is on has no other text than that.
fn value(copy: &mut Mending<'_>, field: &Dict) -> Option<Object> {
    let document = copy.document;
    let mut whole = field.clone();
    for name in INHERITED {
        whole.extend(inherited(document, field, name).map(|object| (name.to_owned(), object)));
    }
    whole.remove("AP");
    if whole.get("FT").and_then(Object::as_name) == Some("Btn")
        && let Some(state) = field.get("AS").and_then(Object::as_name)
    {
        if state == "Off" {
            return None;
        }
        whole.insert("V".to_owned(), Object::Name(state.to_owned()));
    }
    Some(kept_of(copy, &whole, &["Subtype", "Rect", "F", "FT", "Ff", "V", "DA", "MK"]))
}

/// An object of its own, since the engine passes over annotations that are not referred to.
fn kept_of(copy: &mut Mending<'_>, annotation: &Dict, names: &[&str]) -> Object {
    let kept = annotation.iter().filter(|(name, _)| names.contains(&name.as_str()));
    let kept: Dict = kept.map(|(name, object)| (name.clone(), object.clone())).collect();
    let kept = copy.direct(&Object::Dictionary(kept), 0);
    copy.add(kept)
}

/// What puts the look of a field into its rectangle: two factors, then two distances.
fn into_place(document: &PdfDocument, look: &Dict, rect: [f64; 4]) -> [f64; 4] {
    let [left, bottom, right, top] = numbers(document, look.get("BBox")).unwrap_or(rect);
    let matrix = numbers(document, look.get("Matrix")).unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    let corners = [(left, bottom), (left, top), (right, bottom), (right, top)].map(|at| moved(at, &matrix));
    let [x1, y1, x2, y2] = rect;
    let fit = |from: (f64, f64), to: (f64, f64)| {
        let width = from.1 - from.0;
        let factor = if width > f64::EPSILON { (to.1 - to.0) / width } else { 1.0 };
        (factor, to.0 - from.0 * factor)
    };
    let (wide, across) = fit(span(corners.map(|(x, _)| x)), span([x1, x2]));
    let (high, up) = fit(span(corners.map(|(_, y)| y)), span([y1, y2]));
    [wide, high, across, up]
}

fn moved((x, y): (f64, f64), matrix: &[f64; 6]) -> (f64, f64) {
    let [xx, xy, yx, yy, across, up] = matrix;
    (xx * x + yx * y + across, xy * x + yy * y + up)
}

fn span<const N: usize>(values: [f64; N]) -> (f64, f64) {
    let smaller = values.into_iter().fold(f64::INFINITY, f64::min);
    (smaller, values.into_iter().fold(f64::NEG_INFINITY, f64::max))
}

fn numbers<const N: usize>(document: &PdfDocument, object: Option<&Object>) -> Option<[f64; N]> {
    let object = resolved(document, object?)?;
    let numbers: Option<Vec<f64>> = object
        .as_array()?
        .iter()
        .map(|number| match resolved(document, number)? {
            #[expect(clippy::cast_precision_loss, reason = "no page is 2⁵³ points wide")]
            Object::Integer(number) => Some(number as f64),
            Object::Real(number) => Some(number),
            _ => None,
        })
        .collect();
    numbers?.try_into().ok()
}
