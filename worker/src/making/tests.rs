use std::sync::Arc;

use domain::{documents::citations::Citation, feature::Feature, ids::JobId};
use jobs::bus::{EventWriter, MemoryBus};
use serde_json::{Value, json};

use super::*;
use crate::{prompts::passage, router::Output as _, tasks};

fn kind(feature: Feature) -> &'static dyn Kind {
    tasks::of(feature).items().unwrap()
}

fn order(count: Option<u32>, passages: Vec<Citation>) -> Order {
    Order { job: JobId::generate(), count, passages: passages.into() }
}

/// What readers see after each of these calls, given in pieces of so many bytes.
async fn published(feature: Feature, order: &Order, calls: &[&str], piece: usize) -> (Vec<Value>, Vec<Item>) {
    let mut writer = EventWriter::new(Arc::new(MemoryBus::default()), order.job, 1);
    let mut output = ItemsOutput::new(&mut writer, kind(feature), order.clone());
    for call in calls {
        output.begin();
        let signs: Vec<char> = call.chars().collect();
        for piece in signs.chunks(piece) {
            output.push(&piece.iter().collect::<String>()).await;
        }
        output.end().await;
    }
    let items = output.into_items();
    (writer.items().to_vec(), items)
}

fn cards(fronts: &[&str]) -> String {
    let cards: Vec<_> = fronts.iter().map(|front| json!({ "front": front, "back": "b" })).collect();
    json!({ "cards": cards }).to_string()
}

#[tokio::test]
async fn items_are_told_as_they_close_whatever_the_pieces() {
    let text = format!("Sure! Here:\n```json\n{}\n```\nDone.", cards(&["One?", "Two?", "one", "Three?"]));
    for piece in 1..40 {
        let (told, items) = published(Feature::Flashcard, &order(Some(10), vec![]), &[&text], piece).await;
        let fronts: Vec<_> = told.iter().map(|told| told["item"]["front"].as_str().unwrap()).collect();
        assert_eq!(fronts, ["One?", "Two?", "Three?"], "the double is left out");
        assert_eq!(told[2]["index"], 2);
        assert_eq!(told[0]["kind"], "card");
        assert_eq!(items.len(), 3);
    }
}

#[tokio::test]
async fn a_call_that_takes_over_takes_back_what_the_one_before_told_and_not_sooner() {
    let (one, two) = (cards(&["One?", "Two?"]), cards(&["Three?"]));
    let (seen, items) =
        published(Feature::Flashcard, &order(Some(10), vec![]), &[&one, "Only prose.", &two], 5).await;
    assert_eq!((seen.len(), items.len()), (1, 1));
    assert_eq!(seen[0]["item"]["front"], "Three?");
    let (stays, items) =
        published(Feature::Flashcard, &order(Some(10), vec![]), &[&one, "Only prose."], 5).await;
    assert_eq!((stays.len(), items.len()), (2, 2), "what was seen stands");
}

#[tokio::test]
async fn no_more_is_told_than_was_ordered() {
    let many = cards(
        &(0..4_000)
            .map(|n| format!("Card {n}?"))
            .collect::<Vec<_>>()
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>(),
    );
    let (told, items) = published(Feature::Flashcard, &order(Some(7), vec![]), &[&many], 4_096).await;
    assert_eq!((told.len(), items.len()), (7, 7));
}

#[tokio::test]
async fn an_item_says_where_it_is_from_only_where_that_stands_there() {
    let passages = vec![passage(1, "Preload is end-diastolic volume.")];
    let text = json!({ "cards": [
        { "front": "One?", "back": "b", "source": { "passage": 1, "quote": "end-diastolic volume" } },
        { "front": "Two?", "back": "b", "source": { "passage": 1, "quote": "end-systolic volume" } },
        { "front": "Three?", "back": "b", "source": null },
    ] });
    let (told, _) = published(Feature::Flashcard, &order(Some(5), passages), &[&text.to_string()], 9).await;
    assert_eq!(told[0]["item"]["source"]["quote"], "end-diastolic volume");
    assert!(told[1]["item"]["source"].is_null() && told[2]["item"]["source"].is_null());
}

#[tokio::test]
async fn a_map_grows_connected_and_has_no_loose_ends() {
    let node = |id: usize| json!({ "id": format!("n{id}"), "label": format!("Node {id}"), "kind": "odd", "note": "" });
    let edge = |from: usize, to: usize| json!({ "from": format!("n{from}"), "to": format!("n{to}"), "verb": "raises" });
    let map = json!({
        "nodes": (0..12).map(node).collect::<Vec<_>>(),
        // Two that hang apart come first; then a part of eight; a double, a loop, an edge to nowhere.
        "edges": [edge(10, 11), edge(0, 1), edge(2, 3), edge(3, 4), edge(4, 5), edge(1, 2), edge(5, 6), edge(6, 7), edge(0, 1),
            edge(4, 4), edge(4, 77)],
    });
    let (told, items) = published(Feature::Map, &order(None, vec![]), &[&map.to_string()], 3).await;
    let nodes: Vec<_> = told.iter().filter(|told| told["kind"] == "node").collect();
    assert_eq!((nodes.len(), told.len()), (8, 8 + 7));
    assert!(nodes.iter().all(|node| node["item"]["kind"] == "other"));
    let mut seen = std::collections::HashSet::new();
    for told in &told {
        match told["kind"].as_str() {
            Some("node") => assert!(seen.insert(told["item"]["id"].clone())),
            _ => assert!(seen.contains(&told["item"]["from"]) && seen.contains(&told["item"]["to"])),
        }
    }
    assert_eq!(items.len(), told.len());
    let small = json!({ "nodes": (0..5).map(node).collect::<Vec<_>>(), "edges": [edge(0, 1), edge(1, 2), edge(2, 3), edge(3, 4)] });
    let (told, _) = self::published(Feature::Map, &order(None, vec![]), &[&small.to_string()], 3).await;
    assert!(told.is_empty(), "five nodes are no map");
}

#[tokio::test]
async fn the_right_option_is_not_always_at_the_place_that_the_model_likes() {
    let option = |text: &str| json!({ "text": text, "explanation": "Because." });
    let question = |n: usize| {
        json!({
            "topic": "heart", "difficulty": "easy", "stem": format!("Case {n}."), "lead_in": "Which of these is it?", "answer": 0,
            "options": Vec::from(["Alpha", "Beta", "Delta", "Gamma"].map(option)),
        })
    };
    let text = json!({ "questions": (0..8).map(question).collect::<Vec<_>>() }).to_string();
    let (told, _) = published(Feature::Mcq, &order(Some(8), vec![]), &[&text], 11).await;
    let mut places = [0; 4];
    for told in &told {
        let answer = usize::try_from(told["item"]["answer"].as_u64().unwrap()).unwrap();
        assert_eq!(told["item"]["options"][answer]["text"], "Alpha");
        places[answer] += 1;
    }
    assert_eq!(places, [2; 4]);
}
