//! Decks nest by their titles.

use serde_json::{Value, json};

use super::{card, deck};
use crate::support::{Platform, student::Student};

async fn titles(student: &Student) -> Vec<String> {
    let body = student.get("/api/study/decks").await.expect(200).body;
    body["items"].as_array().unwrap().iter().map(|deck| deck["title"].as_str().unwrap().to_owned()).collect()
}

async fn change(student: &Student, deck: &str, body: Value) -> crate::support::student::Reply {
    student.patch(&format!("/api/study/decks/{deck}"), body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deck_brings_those_above_it_and_takes_those_below_along() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    let mitral = deck(&student, " Heart :: Valves::Mitral ").await;
    assert_eq!(titles(&student).await, ["Heart", "Heart::Valves", "Heart::Valves::Mitral"]);
    // In whatever case it is written, a deck is one.
    deck(&student, "heart::valves::Aortic").await;
    assert!(titles(&student).await.contains(&"Heart::Valves::Aortic".to_owned()));
    for title in ["HEART", "heart::VALVES::mitral", "", "a::", "x\u{0}"] {
        let refused = student.post("/api/study/decks", json!({ "title": title })).await.expect(422);
        assert_eq!(refused.body["error"]["details"][0]["field"], "title", "{title}");
    }
    let list = student.get("/api/study/decks").await.expect(200).body;
    let valves = list["items"][1]["id"].as_str().unwrap().to_owned();
    let heart = list["items"][0]["id"].as_str().unwrap().to_owned();
    change(&student, &valves, json!({ "title": "Echo::Klappen" })).await.expect(200);
    let after = ["Echo", "Echo::Klappen", "Echo::Klappen::Aortic", "Echo::Klappen::Mitral", "Heart"];
    assert_eq!(titles(&student).await, after);
    change(&student, &valves, json!({ "title": "ECHO::klappen" })).await.expect(200);
    assert_eq!(titles(&student).await[2], "Echo::klappen::Aortic", "the case of what is above stays");
    for title in ["Echo::klappen::Mitral::x", "heart", ""] {
        change(&student, &valves, json!({ "title": title })).await.expect(422);
    }
    // A card of a deck below counts above, and goes with it.
    card(&student, &mitral, "What is it?").await;
    let found = student.get(&format!("/api/study/decks/{valves}")).await.expect(200).body;
    assert_eq!((&found["counts"]["new"], &found["counts"]["total"]), (&json!(1), &json!(1)));
    student.delete(&format!("/api/study/decks/{valves}")).await.expect(204);
    assert_eq!(titles(&student).await, ["Echo", "Heart"]);
    student.get(&format!("/api/study/decks/{mitral}")).await.expect(404);
    assert_eq!(platform.number("select count(*) from cards").await, 0);
    student.delete(&format!("/api/study/decks/{heart}")).await.expect(204);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_deck_says_is_within_bounds() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    let id = deck(&student, "Kidney").await;
    let usual = student.get(&format!("/api/study/decks/{id}")).await.expect(200).body;
    assert_eq!(usual["new_per_day"], 20);
    assert_eq!(usual["reviews_per_day"], 200);
    assert_eq!(usual["desired_retention"], json!(0.9));
    assert_eq!(usual["learning_steps"], json!([1, 10]));
    for retention in [0.7, 0.97] {
        change(&student, &id, json!({ "desired_retention": retention, "learning_steps": [] }))
            .await
            .expect(200);
    }
    for (field, wrong) in [
        ("new_per_day", json!(-1)),
        ("new_per_day", json!(10_000)),
        ("reviews_per_day", json!(10_000)),
        ("desired_retention", json!(0.69)),
        ("desired_retention", json!(0.98)),
        ("learning_steps", json!([0])),
        ("learning_steps", json!([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])),
        ("title", json!("x".repeat(301))),
        ("unknown", json!(1)),
    ] {
        let refused = change(&student, &id, json!({ field: wrong })).await.expect(422);
        let named = refused.body["error"]["details"][0]["field"].as_str().unwrap();
        assert!(named.starts_with(field), "{field}: {named}");
    }
    let many = format!(
        "insert into decks (id, user_id, title) select gen_random_uuid(), '{}', 'd' || n from generate_series(1, 999) n",
        student.id
    );
    platform.sql(many).await;
    student.post("/api/study/decks", json!({ "title": "one more" })).await.expect(409);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_another_students_is_not_there() {
    let platform = Platform::setup().queues([]).start().await;
    let (owner, other) = (platform.student().await, platform.student().await);
    let heart = deck(&owner, "Heart").await;
    let card_of_owner = card(&owner, &heart, "What?").await;
    let notes = owner.get(&format!("/api/study/decks/{heart}/notes")).await.expect(200).body;
    let note = notes["items"][0]["id"].as_str().unwrap().to_owned();
    other.get(&format!("/api/study/decks/{heart}")).await.expect(404);
    change(&other, &heart, json!({ "title": "Mine" })).await.expect(404);
    change(&other, &heart, json!({ "new_per_day": 1 })).await.expect(404);
    other.delete(&format!("/api/study/decks/{heart}")).await.expect(404);
    other.get(&format!("/api/study/decks/{heart}/notes")).await.expect(404);
    let body = json!({ "kind": "basic", "fields": { "front": "a", "back": "b" } });
    super::note(&other, &heart, body).await.expect(404);
    other.get(&format!("/api/study/notes/{note}")).await.expect(404);
    other.patch(&format!("/api/study/notes/{note}"), json!({ "tags": ["x"] })).await.expect(404);
    other.delete(&format!("/api/study/notes/{note}")).await.expect(404);
    super::answer(&other, &card_of_owner, 3).await.expect(404);
    other.post(&format!("/api/study/cards/{card_of_owner}/suspend"), json!({})).await.expect(404);
    other.get(&format!("/api/study/queue?deck={heart}")).await.expect(404);
    other.get(&format!("/api/study/stats?deck={heart}")).await.expect(404);
    let bulk = json!({ "ids": [note], "action": "delete" });
    assert_eq!(other.post("/api/study/notes/bulk", bulk).await.expect(200).body["changed"], 0);
    let bulk = json!({ "ids": [card_of_owner], "action": "reset" });
    assert_eq!(other.post("/api/study/cards/bulk", bulk).await.expect(200).body["changed"], 0);
    owner.get(&format!("/api/study/notes/{note}")).await.expect(200);
    platform.end().await;
}
