use std::collections::HashMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

#[derive(Debug, PartialEq, Deserialize)]
struct Inner {
    rpm: Option<u32>,
    tpm: Option<i64>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Plain,
    Wrapped(Inner),
    Named { inner: Inner },
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Outer {
    name: String,
    inner: Option<Inner>,
    list: Option<Vec<Inner>>,
    map: Option<HashMap<String, Inner>>,
    pair: Option<(u8, f64)>,
    kind: Option<Kind>,
    any: Option<Value>,
}

fn of(body: &Value) -> Result<Outer, String> {
    let json: Json = serde_json::from_str(&body.to_string()).unwrap();
    read(json).map_err(|error| format!("{}: {}", error.path(), error.inner()))
}

#[test]
fn a_list_is_no_object_at_any_depth() {
    for (body, path) in [
        (json!(["x", null, null, null, null, null, null]), "."),
        (json!({ "name": "x", "inner": [1, 2] }), "inner"),
        (json!({ "name": "x", "inner": [] }), "inner"),
        (json!({ "name": "x", "list": [{ "rpm": 1 }, [1, 2]] }), "list[1]"),
        (json!({ "name": "x", "map": { "a": [1, 2] } }), "map.a"),
        (json!({ "name": "x", "kind": { "wrapped": [1, 2] } }), "kind.wrapped"),
        (json!({ "name": "x", "kind": { "named": [{ "rpm": 1 }] } }), "kind.named"),
        (json!({ "name": "x", "kind": { "named": { "inner": [1, 2] } } }), "kind.named.inner"),
    ] {
        let refused = of(&body).unwrap_err();
        assert!(refused.starts_with(&format!("{path}: ")), "{body}: {refused}");
        assert!(refused.contains("expected an object"), "{body}: {refused}");
    }
}

#[test]
fn everything_else_is_as_serde_has_it() {
    for body in [
        json!({ "name": "x" }),
        json!({ "name": "x", "inner": null, "list": [], "map": {}, "kind": "plain" }),
        json!({ "name": "x", "inner": { "rpm": 1 }, "list": [{ "tpm": -1 }], "map": { "a": { "rpm": null } } }),
        json!({ "name": "x", "pair": [1, 2.5], "kind": { "wrapped": { "rpm": 3 } } }),
        json!({ "name": "x", "pair": [1, 2], "kind": { "named": { "inner": { "rpm": 3 } } } }),
        json!({ "name": "x", "any": { "a": [1, [2, { "b": null }]] } }),
        json!({ "name": 1 }),
        json!({ "name": "x", "inner": { "rpm": -1 } }),
        json!({ "name": "x", "inner": { "rpm": 1.5 } }),
        json!({ "name": "x", "pair": [1] }),
        json!({ "name": "x", "kind": "other" }),
        json!({ "name": "x", "surprise": 1 }),
        json!({}),
    ] {
        let usual: Result<Outer, _> = serde_json::from_value(body.clone());
        match (of(&body), usual) {
            (Ok(mine), Ok(usual)) => assert_eq!(mine, usual, "{body}"),
            (Err(_), Err(_)) => {}
            (mine, usual) => panic!("{body}: {mine:?} {usual:?}"),
        }
    }
    let twice: Json = serde_json::from_str(r#"{"name":"x","name":"y"}"#).unwrap();
    assert!(read::<Outer>(twice).unwrap_err().inner().to_string().contains("duplicate field"));
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e9..1e9_f64).prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map("[a-d]", inner, 0..4)
                .prop_map(|map| Value::from(map.into_iter().collect::<serde_json::Map<_, _>>())),
        ]
    })
}

proptest! {
    #[test]
    fn nothing_is_lost_on_the_way(value in value()) {
        // As serde_json reads it: the last digit of a fraction is its own.
        let (sent, json) = (value.to_string(), serde_json::from_str::<Json>);
        let read: Value = read(json(&sent).unwrap()).unwrap();
        prop_assert_eq!(read, serde_json::from_str::<Value>(&sent).unwrap());
    }
}
