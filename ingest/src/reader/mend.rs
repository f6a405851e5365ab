//! A page by itself, without what the first engine stumbles over.
//!
//! The page is copied with all that it draws into a file of its own, in which
//!
//! - a form's fields are drawn as they look: their values alone are often codes that nobody sees;
//! - streams name their filters themselves, and not by reference;
//! - no drawing draws itself.

use std::collections::{HashMap, HashSet, VecDeque};

use pdf_oxide::{
    PdfDocument,
    object::{Object, ObjectRef},
};

use super::{fields, write};

/// What names objects.
pub(super) type Dict = HashMap<String, Object>;

/// A page that refers to more is left as it is.
const MOST_OBJECTS: usize = 20_000;

/// The same for the bytes of its streams.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// Arrays and dictionaries that nest deeper are cut off, and so are drawings within drawings.
const DEEPEST: usize = 48;

/// The catalog, the tree of pages and the page itself come first.
const FIRST: u32 = 4;

/// A file with this page alone; `None` if there is nothing to mend.
pub(super) fn mended(document: &PdfDocument, page: u32) -> Option<Vec<u8>> {
    // What is encrypted is only decrypted within its own file.
    if document.is_encrypted() {
        return None;
    }
    let page = document.get_page(page as usize).ok()?;
    let mut copy = Mending {
        document,
        numbers: HashMap::new(),
        waiting: VecDeque::new(),
        objects: Vec::new(),
        bytes: 0,
        mended: false,
    };
    let page = copy.page(page.as_dict()?);
    let optional = document.catalog().ok()?.as_dict()?.get("OCProperties").cloned();
    let optional = optional.map(|optional| copy.direct(&optional, 0));
    copy.all()?;
    let page = copy.without_loops(page);
    copy.mended.then(|| copy.file(page, optional))
}

/// The page's own entry of this name, or that of what it is part of.
pub(super) fn inherited(document: &PdfDocument, dict: &Dict, name: &str) -> Option<Object> {
    let mut dict = dict.clone();
    for _ in 0..DEEPEST {
        if let Some(object) = dict.get(name) {
            return resolved(document, object);
        }
        let Some(Object::Dictionary(parent)) = resolved(document, dict.get("Parent")?) else { return None };
        dict = parent;
    }
    None
}

/// What a reference refers to, and anything else as it is.
pub(super) fn resolved(document: &PdfDocument, object: &Object) -> Option<Object> {
    match object {
        Object::Reference(reference) => document.load_object(*reference).ok(),
        other => Some(other.clone()),
    }
}

/// A copy of a page in the making.
pub(super) struct Mending<'a> {
    pub(super) document: &'a PdfDocument,
    numbers: HashMap<ObjectRef, u32>,
    waiting: VecDeque<ObjectRef>,
    /// From [`FIRST`] on; those that still wait are null.
    objects: Vec<Object>,
    bytes: usize,
    /// Whether anything is other than it was.
    pub(super) mended: bool,
}

impl Mending<'_> {
    fn page(&mut self, original: &Dict) -> Dict {
        let mut page = Dict::from([
            ("Type".to_owned(), Object::Name("Page".to_owned())),
            ("Parent".to_owned(), Object::Reference(ObjectRef::new(2, 0))),
        ]);
        for name in ["MediaBox", "CropBox", "Rotate", "UserUnit"] {
            if let Some(object) = inherited(self.document, original, name) {
                page.insert(name.to_owned(), self.direct(&object, 0));
            }
        }
        let resources = inherited(self.document, original, "Resources");
        let mut resources = resources
            .as_ref()
            .and_then(Object::as_dict)
            .map_or_else(Dict::new, |resources| self.resources(resources));
        let fields = fields::drawn(self, original);
        if !fields.drawings.is_empty()
            && let Object::Dictionary(drawings) =
                resources.entry("XObject".to_owned()).or_insert_with(|| Object::Dictionary(Dict::new()))
        {
            drawings.extend(fields.drawings);
        }
        page.insert("Resources".to_owned(), Object::Dictionary(resources));
        page.insert("Annots".to_owned(), Object::Array(fields.left));
        let contents = original.get("Contents").and_then(|contents| resolved(self.document, contents));
        let contents = match (contents, original.get("Contents")) {
            (Some(Object::Array(parts)), _) => parts,
            (Some(Object::Stream { .. }), Some(reference)) => vec![reference.clone()],
            _ => Vec::new(),
        };
        let before = self.stream(b"q\n".to_vec());
        let after = self.stream([b"\nQ\n".as_slice(), &fields.content].concat());
        let contents = contents.iter().map(|part| self.direct(part, 0));
        let contents = [before].into_iter().chain(contents.collect::<Vec<_>>()).chain([after]).collect();
        page.insert("Contents".to_owned(), Object::Array(contents));
        page
    }

    /// Copies what is referred to, until nothing is left that was not.
    fn all(&mut self) -> Option<()> {
        while let Some(reference) = self.waiting.pop_front() {
            let object = self.document.load_object(reference).unwrap_or(Object::Null);
            let object = self.direct(&object, 0);
            if let Some(place) = self.numbers.get(&reference).and_then(|number| place(*number)) {
                *self.objects.get_mut(place)? = object;
            }
            if self.objects.len() > MOST_OBJECTS || self.bytes > MOST_BYTES {
                return None;
            }
        }
        Some(())
    }

    /// Where a copy of what is referred to will be.
    fn reference(&mut self, reference: ObjectRef) -> Object {
        let next = self.next();
        let number = *self.numbers.entry(reference).or_insert(next);
        if number == next {
            self.objects.push(Object::Null);
            self.waiting.push_back(reference);
        }
        Object::Reference(ObjectRef::new(number, 0))
    }

    fn next(&self) -> u32 {
        u32::try_from(self.objects.len()).unwrap_or(u32::MAX).saturating_add(FIRST)
    }

    /// Adds what is no copy.
    pub(super) fn add(&mut self, object: Object) -> Object {
        let number = self.next();
        self.objects.push(object);
        Object::Reference(ObjectRef::new(number, 0))
    }

    fn stream(&mut self, data: Vec<u8>) -> Object {
        self.add(Object::Stream { dict: Dict::new(), data: data.into() })
    }

    /// A copy that refers to copies.
    pub(super) fn direct(&mut self, object: &Object, depth: usize) -> Object {
        if depth > DEEPEST {
            return Object::Null;
        }
        match object {
            Object::Reference(reference) => self.reference(*reference),
            Object::Array(items) => {
                Object::Array(items.iter().map(|item| self.direct(item, depth + 1)).collect())
            }
            Object::Dictionary(dict) => Object::Dictionary(self.dict(dict, depth)),
            Object::Stream { dict, data } => {
                let is = |name: &str| dict.get("Subtype").and_then(Object::as_name) == Some(name);
                if is("Image") {
                    // Nobody looks at it, and it may be large.
                    return Object::Null;
                }
                self.bytes += data.len();
                let mut copied = self.dict(dict, depth);
                for name in ["Filter", "DecodeParms"] {
                    if let Some(object) = dict.get(name) {
                        let named = self.without_references(object);
                        copied.insert(name.to_owned(), named);
                    }
                }
                let resources = dict.get("Resources").and_then(|object| resolved(self.document, object));
                if let Some(resources) = resources.as_ref().and_then(Object::as_dict) {
                    copied.insert("Resources".to_owned(), Object::Dictionary(self.resources(resources)));
                }
                Object::Stream { dict: copied, data: data.clone() }
            }
            other => other.clone(),
        }
    }

    fn dict(&mut self, dict: &Dict, depth: usize) -> Dict {
        dict.iter().map(|(name, object)| (name.clone(), self.direct(object, depth + 1))).collect()
    }

    /// A filter or its parameters, with no reference in them.
    fn without_references(&mut self, object: &Object) -> Object {
        let mut named = |object: &Object| match object {
            Object::Reference(reference) => {
                self.mended = true;
                self.document.load_object(*reference).unwrap_or(Object::Null)
            }
            other => other.clone(),
        };
        let object = named(object);
        match &object {
            Object::Array(items) => Object::Array(items.iter().map(named).collect()),
            _ => object,
        }
    }

    /// Of a page or a drawing: a dictionary of its own, from which a drawing can be taken without taking it from others.
    fn resources(&mut self, resources: &Dict) -> Dict {
        let mut copied = self.dict(resources, 0);
        let drawings = resources.get("XObject").and_then(|object| resolved(self.document, object));
        if let Some(drawings) = drawings.as_ref().and_then(Object::as_dict) {
            copied.insert("XObject".to_owned(), Object::Dictionary(self.dict(drawings, 0)));
        }
        copied
    }

    /// Takes the drawings away that come round to what draws them.
    fn without_loops(&mut self, page: Dict) -> Dict {
        let mut page = Object::Dictionary(page);
        self.cut(&mut page, &mut Vec::new(), &mut HashSet::new());
        match page {
            Object::Dictionary(page) => page,
            _ => Dict::new(),
        }
    }

    fn cut(&mut self, drawer: &mut Object, path: &mut Vec<u32>, seen: &mut HashSet<u32>) {
        let (Object::Dictionary(dict) | Object::Stream { dict, .. }) = drawer else { return };
        let Some(Object::Dictionary(resources)) = dict.get_mut("Resources") else { return };
        let Some(Object::Dictionary(drawings)) = resources.get_mut("XObject") else { return };
        drawings.retain(|_, drawing| {
            let Some(number) = drawing.as_reference().map(|reference| reference.id) else { return true };
            if path.contains(&number) || path.len() > DEEPEST {
                self.mended = true;
                return false;
            }
            if seen.insert(number)
                && let Some(object) = place(number).and_then(|place| self.objects.get_mut(place))
            {
                let mut object = std::mem::replace(object, Object::Null);
                path.push(number);
                self.cut(&mut object, path, seen);
                path.pop();
                if let Some(kept) = place(number).and_then(|place| self.objects.get_mut(place)) {
                    *kept = object;
                }
            }
            true
        });
    }

    fn file(self, page: Dict, optional: Option<Object>) -> Vec<u8> {
        let name = |name: &str| Object::Name(name.to_owned());
        let reference = |number| Object::Reference(ObjectRef::new(number, 0));
        let mut catalog =
            Dict::from([("Type".to_owned(), name("Catalog")), ("Pages".to_owned(), reference(2))]);
        catalog.extend(optional.map(|optional| ("OCProperties".to_owned(), optional)));
        let pages = Dict::from([
            ("Type".to_owned(), name("Pages")),
            ("Kids".to_owned(), Object::Array(vec![reference(3)])),
            ("Count".to_owned(), Object::Integer(1)),
        ]);
        let first = [catalog, pages, page].map(Object::Dictionary);
        write::file(first.iter().chain(&self.objects))
    }
}

fn place(number: u32) -> Option<usize> {
    usize::try_from(number.checked_sub(FIRST)?).ok()
}
