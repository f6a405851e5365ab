//! One item, parsed from the text that a model wrote for it, with what models do wrong mended first.

use serde::de::DeserializeOwned;

use super::latex;

/// The text is no item of this kind. What it says can be told to the model, and is never logged, since it may quote the item.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NoItem(pub String);

/// Reads one item. Backslashes of LaTeX are mended always, trailing commas and raw line breaks where it is no JSON.
pub fn parse<T: DeserializeOwned>(raw: &str) -> Result<T, NoItem> {
    let mended = latex::mend(raw);
    serde_json::from_str(&mended)
        .or_else(
            |error: serde_json::Error| {
                if error.is_data() { Err(error) } else { serde_json::from_str(&tolerant(&mended)) }
            },
        )
        .map_err(|error| NoItem(error.to_string()))
}

/// The text without trailing commas, and with the control characters in its strings escaped.
fn tolerant(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let (mut string, mut escaped) = (false, false);
    for sign in raw.chars() {
        if string {
            match sign {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => string = false,
                _ => {}
            }
            match sign {
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                _ if sign < ' ' => {}
                _ => out.push(sign),
            }
            continue;
        }
        match sign {
            '"' => string = true,
            '}' | ']' => {
                let before = out.trim_end();
                if let Some(before) = before.strip_suffix(',') {
                    out.truncate(before.len());
                }
            }
            _ => {}
        }
        out.push(sign);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn trailing_commas_and_raw_line_breaks_are_mended() {
        let value: Value = parse("{\"a\": [1, 2 , ],\n \"b\": \"one\n\ttwo, ]\" , }").unwrap();
        assert_eq!(value, json!({"a": [1, 2], "b": "one\n\ttwo, ]"}));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let error = parse::<std::collections::HashMap<String, u32>>(r#"{"a": "x"}"#).unwrap_err();
        assert!(error.to_string().contains("invalid type: string"), "{error}");
        assert!(parse::<Value>("{\"a\": ").is_err());
    }

    proptest! {
        #[test]
        fn any_text_ends_in_a_value_or_a_reason(raw in ".{0,80}") {
            prop_assert!(parse::<Value>(&raw).is_ok() || parse::<Value>(&raw).is_err_and(|reason| !reason.0.is_empty()));
        }

        #[test]
        fn what_was_json_is_what_it_was(key in "[a-z]{1,4}", text in "[^\u{8}\u{c}\r\t\n\\$]{0,20}", number in any::<i32>()) {
            let value = json!({ key: [text, number] });
            prop_assert_eq!(parse::<Value>(&tolerant(&value.to_string())).unwrap(), value);
        }
    }
}
