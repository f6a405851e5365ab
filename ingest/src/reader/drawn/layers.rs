//! Layers: which of a file's optional contents are shown when it is opened.

use std::collections::HashSet;

use hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier};

/// Expressions that nest deeper show what they hide.
const DEEPEST: u32 = 16;

/// The layers that are switched off.
#[derive(Debug, Default)]
pub(in super::super) struct Layers {
    off: HashSet<ObjectIdentifier>,
}

impl Layers {
    /// Those of a file, by its catalog.
    pub(in super::super) fn of(catalog: &Dict<'_>) -> Self {
        let mut off = HashSet::new();
        let Some(properties) = catalog.get::<Dict<'_>>("OCProperties") else { return Self { off } };
        let Some(config) = properties.get::<Dict<'_>>("D") else { return Self { off } };
        if config.get::<Name<'_>>("BaseState").is_some_and(|state| state.as_ref() == b"OFF") {
            off.extend(references(properties.get("OCGs")));
        }
        for layer in references(config.get("ON")) {
            off.remove(&layer);
        }
        off.extend(references(config.get("OFF")));
        Self { off }
    }

    /// Whether what belongs to the entry `name` of `dict` is shown.
    pub(super) fn shows(&self, dict: &Dict<'_>, name: &[u8]) -> bool {
        if self.off.is_empty() {
            return true;
        }
        let id = dict.get_ref(name).map(ObjectIdentifier::from);
        if id.is_some_and(|id| self.off.contains(&id)) {
            return false;
        }
        let Some(member) = dict.get::<Dict<'_>>(name) else { return true };
        if member.get::<Name<'_>>("Type").is_none_or(|kind| kind.as_ref() != b"OCMD") {
            return true;
        }
        if let Some(expression) = member.get::<Array<'_>>("VE") {
            return self.holds(&expression, 0);
        }
        let mut layers = references(member.get("OCGs"));
        layers.extend(member.get_ref("OCGs").map(ObjectIdentifier::from).filter(|id| {
            // A reference to an array of them is not one of them.
            self.off.contains(id)
        }));
        if layers.is_empty() {
            return true;
        }
        let is_off = |id: &ObjectIdentifier| self.off.contains(id);
        match member.get::<Name<'_>>("P").as_ref().map(AsRef::as_ref) {
            Some(b"AllOn") => !layers.iter().any(is_off),
            Some(b"AnyOff") => layers.iter().any(is_off),
            Some(b"AllOff") => layers.iter().all(is_off),
            _ => !layers.iter().all(is_off),
        }
    }

    /// Whether an expression of visibility holds.
    fn holds(&self, expression: &Array<'_>, depth: u32) -> bool {
        if depth > DEEPEST {
            return true;
        }
        let operator = expression.iter::<Object<'_>>().next();
        let Some(Object::Name(operator)) = operator else { return true };
        let mut values = expression.raw_iter().skip(1).map(|part| {
            let id = part.as_obj_ref().map(ObjectIdentifier::from);
            match (id, part) {
                (Some(id), _) => !self.off.contains(&id),
                (None, hayro_syntax::object::MaybeRef::NotRef(Object::Array(inner))) => {
                    self.holds(&inner, depth + 1)
                }
                _ => true,
            }
        });
        match operator.as_ref() {
            b"Or" => values.any(|value| value),
            b"Not" => !values.next().unwrap_or(false),
            _ => values.all(|value| value),
        }
    }
}

fn references(array: Option<Array<'_>>) -> Vec<ObjectIdentifier> {
    let items = array.into_iter().flat_map(|array| array.raw_iter().collect::<Vec<_>>());
    items.filter_map(|item| item.as_obj_ref()).map(ObjectIdentifier::from).collect()
}
