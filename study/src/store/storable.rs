//! What a model says as the database can hold it: no NUL, and titles of a length.

use serde::Serialize;
use serde_json::Value;

/// The most characters of a title.
const TITLE: usize = 300;

/// JSON without NUL in its strings, which PostgreSQL does not take.
pub(super) fn json(value: &impl Serialize) -> sqlx::Result<Value> {
    serde_json::to_value(value).map(without_nul).map_err(|error| sqlx::Error::Encode(error.into()))
}

fn without_nul(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace('\0', "")),
        Value::Array(items) => items.into_iter().map(without_nul).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (name.replace('\0', ""), without_nul(value))).collect()
        }
        other => other,
    }
}

/// A title that fits: on one line, cut where it is too long, and never empty.
pub(super) fn title(text: &str) -> String {
    let text = text.replace('\0', "");
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        return "Untitled".to_owned();
    }
    if line.chars().count() <= TITLE {
        return line;
    }
    line.chars().take(TITLE - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn nul_is_left_out_wherever_it_stands() {
        let stored = super::json(&json!({ "a\0": ["b\0c", { "d": "\0" }], "n": 1 })).unwrap();
        assert_eq!(stored, json!({ "a": ["bc", { "d": "" }], "n": 1 }));
    }

    proptest! {
        #[test]
        fn every_title_fits(text in "(.|\n|\0){0,700}") {
            let title = super::title(&text);
            prop_assert!((1..=300).contains(&title.chars().count()) && !title.contains(['\0', '\n']));
        }
    }
}
