//! A card is what its log makes of it.

use ::study::{
    scheduling::{Model, Parameters, memory::USUAL_RETENTION, rebuild},
    store::{cards, reviews},
};
use chrono::TimeDelta;
use rand::RngExt as _;
use serde_json::json;

use super::{again, answer_with, card, deck_with, queue_of, undo_last};
use crate::support::Platform;

#[tokio::test(flavor = "multi_thread")]
async fn a_card_made_anew_from_its_log_is_the_card() {
    let platform = Platform::setup().queues([]).start().await;
    let mut student = platform.student().await;
    let id = deck_with(&student, json!({ "title": "Heart", "new_per_day": 100 })).await;
    for number in 0..6 {
        card(&student, &id, &format!("{number}?")).await;
    }
    let mut random = rand::rng();
    let (mut answered, mut undone) = (0, 0);
    for _ in 0..150 {
        let queue = queue_of(&student, "").await;
        match queue["items"].as_array().unwrap().first() {
            Some(item) if random.random_bool(0.85) => {
                let rating = random.random_range(1..=4);
                let body = json!({ "rating": rating, "duration_ms": 5_000, "reps": item["reps"] });
                answer_with(&student, item["card_id"].as_str().unwrap(), body, None).await.expect(200);
                answered += 1;
            }
            Some(item) if random.random_bool(0.1) => {
                let path = format!("/api/study/cards/{}/reset", item["card_id"].as_str().unwrap());
                student.post(&path, json!({})).await.expect(200);
            }
            Some(_) => undone += i32::from(undo_last(&student).await.status == 200),
            None => {
                let next = queue["learning_due_at"].as_str().or(queue["day_ends_at"].as_str()).unwrap();
                let ahead = TimeDelta::hours(random.random_range(0..100));
                platform.sleep_until(next.parse::<chrono::DateTime<chrono::Utc>>().unwrap() + ahead);
                student = again(&platform, &student).await;
            }
        }
    }
    assert!(answered > 30 && undone > 2, "{answered} answers, {undone} taken back");
    let user = student.id.parse().unwrap();
    let mut tx = platform.db().begin_as(user).await.unwrap();
    let model = Model::new(&Parameters::default(), USUAL_RETENTION);
    let ids: Vec<uuid::Uuid> = sqlx::query_scalar("select id from cards").fetch_all(&mut *tx).await.unwrap();
    let ids: Vec<_> = ids.into_iter().map(domain::ids::CardId).collect();
    for card in cards::lock_all(&mut tx, user, &ids).await.unwrap() {
        let log = reviews::log(&mut tx, user, card.id).await.unwrap();
        assert_eq!(rebuild(&card.start(), &reviews::standing(&log), &model), card.schedule());
    }
    drop(tx);
    platform.end().await;
}
