//! What students keep and learn by.

mod commands;
mod decks;
mod exam;
mod exchange;
mod fitting;
mod idempotency;
mod maps;
mod material;
mod notes;
mod plans;
mod quality;
mod queue;
mod quiz;
mod rebuild;
mod reviewing;
mod stats;
mod summaries;
mod undo;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Platform,
    platform::PASSWORD,
    student::{Reply, Student},
};

/// The same student after so much time that they have to sign in again.
async fn again(platform: &Platform, student: &Student) -> Student {
    let body = json!({ "email": student.email, "password": PASSWORD });
    let reply = student.post("/api/auth/login", body).await.expect(200);
    platform.signed_in(student.http.clone(), &student.email, &reply.body)
}

/// A new deck; returns its id.
async fn deck(student: &Student, title: &str) -> String {
    deck_with(student, json!({ "title": title })).await
}

async fn deck_with(student: &Student, body: Value) -> String {
    let reply = student.post("/api/study/decks", body).await.expect(201);
    reply.body["id"].as_str().unwrap().to_owned()
}

async fn note(student: &Student, deck: &str, body: Value) -> Reply {
    student.post(&format!("/api/study/decks/{deck}/notes"), body).await
}

/// A new basic note; returns its card.
async fn card(student: &Student, deck: &str, front: &str) -> String {
    let body = json!({ "kind": "basic", "fields": { "front": front, "back": "It is so." } });
    let note = note(student, deck, body).await.expect(201).body;
    note["cards"][0]["id"].as_str().unwrap().to_owned()
}

async fn queue_of(student: &Student, query: &str) -> Value {
    student.get(&format!("/api/study/queue{query}")).await.expect(200).body
}

/// The fronts, or texts, of a queue.
fn fronts(queue: &Value) -> Vec<String> {
    let items = queue["items"].as_array().unwrap();
    let text = |item: &Value| {
        let fields = &item["fields"];
        fields["front"].as_str().or(fields["text"].as_str()).unwrap_or("-").to_owned()
    };
    items.iter().map(text).collect()
}

fn counts(queue: &Value) -> (i64, i64, i64) {
    let count = |name: &str| queue["counts"][name].as_i64().unwrap();
    (count("new"), count("learning"), count("due"))
}

async fn answer(student: &Student, card: &str, rating: u8) -> Reply {
    answer_with(student, card, json!({ "rating": rating, "duration_ms": 4_000 }), None).await
}

async fn answer_with(student: &Student, card: &str, body: Value, key: Option<&str>) -> Reply {
    let mut request = student.request(Method::POST, &format!("/api/study/cards/{card}/review")).json(&body);
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    Reply::read(request.send().await.unwrap()).await
}

async fn undo_last(student: &Student) -> Reply {
    student.post("/api/study/reviews/undo", json!({})).await
}
