//! Answers are taken back, the last first.

use serde_json::json;

use super::{answer, card, counts, deck_with, queue_of, undo_last};
use crate::support::Platform;

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_taken_back_one_by_one_and_the_log_keeps_all() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    let id = deck_with(&student, json!({ "title": "Heart", "new_per_day": 2 })).await;
    undo_last(&student).await.expect(409);
    let (one, two) = (card(&student, &id, "One?").await, card(&student, &id, "Two?").await);
    answer(&student, &one, 4).await.expect(200);
    answer(&student, &two, 3).await.expect(200);
    assert_eq!(counts(&queue_of(&student, "").await), (0, 1, 0));
    let undone = undo_last(&student).await.expect(200).body;
    assert_eq!(
        (undone["card_id"].as_str(), &undone["state"], &undone["reps"]),
        (Some(&*two), &json!("new"), &json!(0))
    );
    assert_eq!(counts(&queue_of(&student, "").await), (1, 0, 0), "it may be begun again today");
    let undone = undo_last(&student).await.expect(200).body;
    assert_eq!(undone["card_id"].as_str(), Some(&*one));
    undo_last(&student).await.expect(409);
    assert_eq!(platform.number("select count(*) from reviews").await, 4);
    assert_eq!(platform.number("select count(*) from reviews where undoes is not null").await, 2);
    let stats = student.get("/api/study/stats").await.expect(200).body;
    assert_eq!(stats["days"], json!([]), "what was taken back does not count");
    // Nobody changes the log, not even its student.
    for sql in ["update reviews set rating = 4", "delete from reviews"] {
        let mut tx = platform.db().begin_as(student.id.parse().unwrap()).await.unwrap();
        assert!(sqlx::query(sql).execute(&mut *tx).await.is_err(), "{sql}");
    }
    answer(&student, &one, 4).await.expect(200);
    student.delete(&format!("/api/study/decks/{id}")).await.expect(204);
    undo_last(&student).await.expect(409);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tabs_that_take_back_at_once_take_back_each_answer_once() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    let id = deck_with(&student, json!({ "title": "Heart" })).await;
    for number in 0..4 {
        let card = card(&student, &id, &format!("{number}?")).await;
        answer(&student, &card, 3).await.expect(200);
    }
    let replies = futures::future::join_all((0..8).map(|_| undo_last(&student))).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 4);
    assert_eq!(replies.iter().filter(|reply| reply.status == 409).count(), 4);
    assert_eq!(platform.number("select count(*) from cards where state = 'new'").await, 4);
    platform.end().await;
}
