use std::time::Instant;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Found, Splitter, parse};

const CARDS: &[&str] = &["cards"];
const MAP: &[&str] = &["nodes", "edges"];

fn split(lists: &'static [&'static str], text: &str) -> Vec<Found> {
    Splitter::new(lists).push(text.as_bytes())
}

fn fronts(text: &str) -> Vec<String> {
    let read =
        |found: &Found| parse::<Value>(&found.text).unwrap()["front"].as_str().unwrap_or("none").to_owned();
    split(CARDS, text).iter().map(read).collect()
}

#[test]
fn items_are_found_whatever_stands_around_them() {
    for text in [
        r#"{"cards":[{"front":"a","tags":["x",{"y":[1]}]},{"front":"b"}]}"#,
        r#"[{"front":"a"},{"front":"b"}]"#,
        "```json\n{ \"cards\" : [ {\"front\":\"a\"} , {\"front\":\"b\"} , ] }\n```\nDone!",
        "Sure [1], here {are} the \"cards\":\n[\n {\"front\":\"a\"},\n {\"front\":\"b\"}\n]",
        "{\"front\":\"a\"}\n{\"front\":\"b\"}\n",
        r#"{"result":{"title":"x","cards":[{"front":"a"},{"front":"b"}]}}"#,
        r#"{"flashcards":[{"front":"a"},{"front":"b"}]}"#,
        r#"[{"cards":[{"front":"a"}]},{"cards":[{"front":"b"}]}]"#,
        "<think>Perhaps [{\"front\":\"draft\"}] { \" </thin> no</think>[{\"front\":\"a\"},{\"front\":\"b\"}]",
        r#"{"cards":[{"front":"a"}]} and more: {"cards":[{"front":"b"}]}"#,
        r#"{"cards":[{"front":"a"},{"front":"b"},{"front":"c","back":"cut he"#,
        r#"{"cards":[{"front":"a"},{"front":"b"},{"front":"c","#,
    ] {
        assert_eq!(fronts(text), ["a", "b"], "{text}");
    }
}

#[test]
fn braces_and_quotes_in_strings_are_text() {
    let text = r#"{"cards":[{"front":"a } ] \" { \\"},{"front":"{{c1::b}} \ud83d\ude00"}]}"#;
    assert_eq!(fronts(text), ["a } ] \" { \\", "{{c1::b}} 😀"]);
}

#[test]
fn both_lists_of_a_map_are_told_apart() {
    let text = r#"{"nodes":[{"id":"1"},{"id":"2"}],"edges":[{"from":"1","to":"2"}]}"#;
    let lists: Vec<_> = split(MAP, text).into_iter().map(|found| found.list).collect();
    assert_eq!(lists, ["nodes", "nodes", "edges"]);
}

#[test]
fn an_item_that_breaks_costs_no_other() {
    let text = r#"{"cards":[{"front":"a"},{"front":"the "S1" sound"},{"front":"b"},{"front":"c"}]}"#;
    assert_eq!(fronts(text), ["a", "b", "c"]);
    let map = r#"{"nodes":[{"id":"1"},{"id":"2" x}],"edges":[{"from":"1"}]}"#;
    let lists: Vec<_> = split(MAP, map).into_iter().map(|found| found.list).collect();
    assert_eq!(lists, ["nodes", "edges"]);
}

#[test]
fn fields_of_an_item_are_no_items_though_they_are_called_so() {
    let text = r#"{"cards":[{"front":"a","cards":[{"front":"within"}]},{"front":"b"}]}"#;
    assert_eq!(fronts(text), ["a", "b"]);
    let questions = r#"{"stem":"s","options":[{"text":"1"},{"text":"2"}]}"#;
    assert_eq!(split(&["questions"], questions).len(), 1);
}

#[test]
fn what_is_too_deep_or_too_long_is_dropped() {
    let deep = format!("[{{\"a\":{}1{}}},{{\"front\":\"a\"}}]", "[".repeat(40), "]".repeat(40));
    let long = format!("[{{\"front\":\"{}\"}},{{\"front\":\"a\"}}]", "x".repeat(300 << 10));
    assert_eq!((fronts(&deep), fronts(&long)), (vec!["a".to_owned()], vec!["a".to_owned()]));
}

#[test]
fn an_end_within_json_is_known() {
    let mut splitter = Splitter::new(CARDS);
    splitter.push(b"{\"cards\":[{\"front\"");
    assert!(splitter.is_open());
    splitter.push(b":\"a\"}]}");
    assert!(!splitter.is_open());
}

#[test]
#[expect(clippy::print_stderr, reason = "a test tells its figures")]
fn fifty_cards_in_small_deltas_cost_little() {
    let card =
        json!({"kind": "basic", "front": "What is preload?".repeat(8), "back": "The stretch …".repeat(12)});
    let text = json!({ "cards": vec![card; 50] }).to_string();
    let begun = Instant::now();
    let mut splitter = Splitter::new(CARDS);
    let found: Vec<Found> = text.as_bytes().chunks(4).flat_map(|delta| splitter.push(delta)).collect();
    let parsed = found.iter().filter(|found| parse::<Value>(&found.text).is_ok()).count();
    eprintln!("splitting and parsing {} bytes of 50 cards took {:?}", text.len(), begun.elapsed());
    assert_eq!(parsed, 50);
}

/// A text as models send them, and how many items it has.
fn answers() -> impl Strategy<Value = (String, Vec<Value>)> {
    let card = (".{0,12}", prop::collection::vec(any::<i32>(), 0..3))
        .prop_map(|(front, numbers)| json!({"front": front, "more": {"numbers": numbers, "none": null}}));
    let around = "[a-zA-Z0-9 .,:\n`]{0,20}";
    (prop::collection::vec(card, 0..6), around, around, 0..4_u8).prop_map(|(cards, before, after, form)| {
        let list = json!(cards).to_string();
        let json = match form {
            0 => json!({ "cards": cards }).to_string(),
            1 => format!("{{\"cards\" : {} , ] }}", list.trim_end_matches(']')).replace("[ ,", "["),
            2 => cards.iter().map(Value::to_string).collect::<Vec<_>>().join("\n"),
            _ => list,
        };
        (format!("{before}{json}{after}"), cards)
    })
}

proptest! {
    #[test]
    fn every_item_comes_once_in_order_in_any_chunks((text, cards) in answers(), cuts in prop::collection::vec(1_usize..9, 1..40)) {
        let mut splitter = Splitter::new(CARDS);
        let (mut found, mut rest, mut cuts) = (vec![], text.as_bytes(), cuts.iter().cycle());
        while !rest.is_empty() {
            let (chunk, after) = rest.split_at(rest.len().min(*cuts.next().unwrap()));
            found.extend(splitter.push(chunk));
            rest = after;
        }
        let values: Vec<Value> = found.iter().map(|found| serde_json::from_str(&found.text).unwrap()).collect();
        prop_assert_eq!(values, cards);
    }

    #[test]
    fn a_stream_that_is_cut_gives_the_items_before((text, cards) in answers(), cut in any::<prop::sample::Index>()) {
        let bytes = text.as_bytes();
        let found = Splitter::new(CARDS).push(&bytes[..cut.index(bytes.len() + 1)]);
        prop_assert!(found.len() <= cards.len());
        for (found, card) in found.iter().zip(&cards) {
            prop_assert_eq!(&serde_json::from_str::<Value>(&found.text).unwrap(), card);
        }
    }

    #[test]
    fn any_garbage_gives_objects_or_nothing(bytes in prop_oneof![
        prop::collection::vec(any::<u8>(), 0..300),
        r#"([{}\[\]",:\\<>/]|think|cards|[a-f0-9 \n]){0,120}"#.prop_map(String::into_bytes),
    ]) {
        let whole = Splitter::new(CARDS).push(&bytes);
        let mut one = Splitter::new(CARDS);
        let by_bytes: Vec<Found> = bytes.chunks(1).flat_map(|byte| one.push(byte)).collect();
        prop_assert_eq!(&whole, &by_bytes);
        let length: usize = whole.iter().map(|found| found.text.len()).sum();
        prop_assert!(length <= bytes.len(), "no byte is in two items");
        let objects = whole.iter().all(|found| found.text.starts_with('{') && found.text.ends_with('}'));
        prop_assert!(objects);
    }
}
