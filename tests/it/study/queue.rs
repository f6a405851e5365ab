//! What is asked on a day.

use serde_json::json;

use super::{answer, card, counts, deck_with, fronts, queue_of};
use crate::support::Platform;

#[tokio::test(flavor = "multi_thread")]
async fn limits_of_decks_above_hold_below_and_the_day_counts_what_was_done() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    let above = deck_with(&student, json!({ "title": "Heart", "new_per_day": 3 })).await;
    let below = deck_with(&student, json!({ "title": "Heart::Valves", "new_per_day": 2 })).await;
    let apart = deck_with(&student, json!({ "title": "Heartburn", "new_per_day": 1 })).await;
    for number in 0..4 {
        card(&student, &below, &format!("Valve {number}")).await;
        card(&student, &above, &format!("Heart {number}")).await;
        card(&student, &apart, &format!("Burn {number}")).await;
    }
    let of_below = queue_of(&student, &format!("?deck={below}")).await;
    assert_eq!(fronts(&of_below), ["Valve 0", "Valve 1"]);
    let of_above = queue_of(&student, &format!("?deck={above}")).await;
    assert_eq!(fronts(&of_above), ["Valve 0", "Heart 0", "Valve 1"]);
    let all = queue_of(&student, "").await;
    assert_eq!((counts(&all), fronts(&all).len()), ((4, 0, 0), 4));
    assert_eq!(all, queue_of(&student, "").await, "asked twice, it is the same");
    assert_eq!(fronts(&queue_of(&student, "?limit=1").await).len(), 1);
    let first = of_below["items"][0]["card_id"].as_str().unwrap();
    answer(&student, first, 4).await.expect(200);
    assert_eq!(counts(&queue_of(&student, &format!("?deck={below}")).await), (1, 0, 0));
    assert_eq!(counts(&queue_of(&student, &format!("?deck={above}")).await), (2, 0, 0));
    let today = student.get("/api/study/today").await.expect(200).body;
    assert_eq!((&today["new"], &today["decks_due"]), (&json!(3), &json!(3)));
    student.get("/api/study/queue?limit=0").await.expect(422);
    student.get("/api/study/queue?limit=201").await.expect(422);
    student.get("/api/study/queue?deck=x").await.expect(422);
    let second = of_below["items"][1]["card_id"].as_str().unwrap();
    student.post(&format!("/api/study/cards/{second}/bury"), json!({})).await.expect(200);
    assert_eq!(fronts(&queue_of(&student, &format!("?deck={below}")).await), ["Valve 2"]);
    student.post(&format!("/api/study/cards/{second}/dance"), json!({})).await.expect(404);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_missed_week_a_day_is_capped_new_cards_pause_and_the_end_is_told() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    let id = deck_with(&student, json!({ "title": "Heart" })).await;
    for number in 0..120 {
        card(&student, &id, &format!("Question {number}")).await;
    }
    platform
        .sql("update cards set state = 'review', stability = 5, difficulty = 5, interval = 5, reps = 2,
                     due_day = (current_date - date '1970-01-01') - position % 8, last_day = (current_date - date '1970-01-01') - 20
              where position <= 100")
        .await;
    let queue = queue_of(&student, "").await;
    // With no habit yet a day has 1.3 times 20.
    assert_eq!((&queue["backlog"]["cap"], counts(&queue)), (&json!(26), (0, 0, 26)));
    assert!(queue["backlog"]["days"].as_i64().unwrap() >= 4, "{}", queue["backlog"]);
    let first = queue["items"][0]["card_id"].as_str().unwrap().to_owned();
    answer(&student, &first, 3).await.expect(200);
    let after = queue_of(&student, "").await;
    assert_eq!(
        (&after["backlog"]["cap"], counts(&after)),
        (&json!(26), (0, 0, 25)),
        "the cap holds through the day"
    );
    let today = student.get("/api/study/today").await.expect(200).body;
    assert_eq!((&today["due"], &today["backlog"]["cap"]), (&json!(25), &json!(26)));
    platform.end().await;
}
