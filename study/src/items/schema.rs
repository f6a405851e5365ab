//! The schema of each kind, in the subset of JSON Schema that Gemini, `OpenAI`'s strict mode and llama.cpp's grammars all
//! accept: every field required, nothing else allowed, bounds only on counts and whole numbers. What it cannot say is
//! checked afterwards by [`super::Made::reasons`].
//!
//! `required` names the fields in the order in which they are to be written, since a question is thought out before its
//! answer is named: an adapter that can hand on an order (`propertyOrdering`) takes it from there.

use serde_json::{Value, json};

/// Of `/flashcard`. With `sourced`, each item may name a passage.
pub fn cards(count: u32, sourced: bool) -> Value {
    let mut fields = vec![
        ("kind", json!({"type": "string", "enum": ["basic", "cloze"]})),
        ("front", text("The question; of a cloze the sentence, with {{c1::what is left out}}.")),
        ("back", text("The answer; of a cloze what is shown below it, or nothing.")),
    ];
    source(&mut fields, sourced);
    list("cards", count, &object(&fields))
}

/// Of `/mcq`.
pub fn questions(count: u32, sourced: bool) -> Value {
    let option = object(&[
        ("text", text("The option.")),
        ("explanation", text("Why it is, or is not, the best answer. Names no option by its letter.")),
    ]);
    let mut fields = vec![
        ("topic", text("What it is about, in a few words.")),
        ("difficulty", json!({"type": "string", "enum": ["easy", "medium", "hard"]})),
        ("stem", text("The clinical vignette, or nothing.")),
        ("lead_in", text("What is asked, as one sentence.")),
        ("options", json!({"type": "array", "minItems": 4, "maxItems": 4, "items": option})),
        (
            "answer",
            json!({"type": "integer", "minimum": 0, "maximum": 3, "description": "The best option, from 0."}),
        ),
    ];
    source(&mut fields, sourced);
    list("questions", count, &object(&fields))
}

/// Of `/highyield`.
pub fn points(count: u32, sourced: bool) -> Value {
    let mut fields = vec![("text", text("One point, in Markdown."))];
    source(&mut fields, sourced);
    list("points", count, &object(&fields))
}

/// Of `/explain`.
pub fn sections(count: u32, sourced: bool) -> Value {
    let mut fields = vec![("heading", text("The heading.")), ("body", text("The text, in Markdown."))];
    source(&mut fields, sourced);
    list("sections", count, &object(&fields))
}

/// Of `/map`.
pub fn map() -> Value {
    let node = object(&[
        ("id", text("A short name, used by edges.")),
        ("label", text("A few words.")),
        ("kind", json!({"type": "string", "enum": super::map::KINDS})),
        ("note", text("One sentence, or nothing.")),
    ]);
    let edge = object(&[
        ("from", text("The id of a node.")),
        ("to", text("The id of a node.")),
        ("verb", text("What the first does to the second, such as \"raises\".")),
    ]);
    let (least, most) = (super::map::LEAST_NODES, super::map::MOST_SHOWN);
    object(&[
        ("nodes", json!({"type": "array", "minItems": least, "maxItems": most, "items": node})),
        ("edges", json!({"type": "array", "minItems": least - 1, "maxItems": 2 * most, "items": edge})),
    ])
}

fn text(description: &str) -> Value {
    json!({"type": "string", "description": description})
}

fn source(fields: &mut Vec<(&'static str, Value)>, sourced: bool) {
    if sourced {
        let passage = object(&[
            (
                "passage",
                json!({"type": "integer", "minimum": 1, "description": "The number of the passage."}),
            ),
            ("quote", text("A few words of the passage, exactly as they stand there.")),
        ]);
        fields.push(("source", json!({"anyOf": [passage, {"type": "null"}]})));
    }
}

fn list(name: &'static str, count: u32, item: &Value) -> Value {
    object(&[(name, json!({"type": "array", "minItems": 1, "maxItems": count.max(1), "items": item}))])
}

fn object(fields: &[(&'static str, Value)]) -> Value {
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let properties: serde_json::Map<String, Value> =
        fields.iter().map(|(name, field)| ((*name).to_owned(), field.clone())).collect();
    json!({"type": "object", "properties": properties, "required": names, "additionalProperties": false})
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: [&str; 12] = [
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "enum",
        "anyOf",
        "description",
        "minItems",
        "maxItems",
        "minimum",
        "maximum",
    ];

    fn check(schema: &Value, root: bool) {
        let Some(fields) = schema.as_object() else { panic!("{schema}") };
        for keyword in fields.keys() {
            assert!(KEPT.contains(&keyword.as_str()) && !(root && keyword == "anyOf"), "{keyword}");
        }
        if let Some(properties) = schema["properties"].as_object() {
            let mut required: Vec<&str> =
                schema["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            required.sort_unstable();
            assert_eq!(required, properties.keys().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(schema["additionalProperties"], json!(false));
            properties.values().for_each(|field| check(field, false));
        }
        if let Some(items) = schema.get("items") {
            check(items, false);
        }
        schema["anyOf"].as_array().into_iter().flatten().for_each(|one| check(one, false));
    }

    #[test]
    fn every_schema_is_in_the_subset_that_all_accept() {
        for schema in
            [cards(10, true), cards(0, false), questions(5, true), points(5, true), sections(5, true), map()]
        {
            check(&schema, true);
        }
        let question = &questions(5, false)["properties"]["questions"]["items"];
        assert_eq!(
            question["required"],
            json!(["topic", "difficulty", "stem", "lead_in", "options", "answer"])
        );
    }
}
