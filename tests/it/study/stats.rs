//! What reviews add up to.

use serde_json::json;

use super::{answer, card, deck};
use crate::support::Platform;

#[tokio::test(flavor = "multi_thread")]
async fn statistics_count_what_was_answered_and_what_will_be_due() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    let empty = student.get("/api/study/stats").await.expect(200).body;
    assert_eq!((&empty["days"], &empty["retention"]["true"]), (&json!([]), &json!(null)));
    assert_eq!(empty["forecast"].as_array().unwrap().len(), 30);
    assert_eq!(empty["hours"].as_array().unwrap().len(), 24);
    let (heart, kidney) = (deck(&student, "Heart").await, deck(&student, "Kidney").await);
    let cards = [card(&student, &heart, "1?").await, card(&student, &heart, "2?").await];
    platform
        .sql("update cards set state = 'review', stability = 30, difficulty = 5, interval = 30, reps = 2,
                     due_day = (current_date - date '1970-01-01') - 1, last_day = (current_date - date '1970-01-01') - 31")
        .await;
    assert_eq!(student.get("/api/study/stats").await.expect(200).body["forecast"][0]["due"], 2);
    answer(&student, &cards[0], 1).await.expect(200);
    answer(&student, &cards[1], 3).await.expect(200);
    let stats = student.get(&format!("/api/study/stats?deck={heart}&days=7")).await.expect(200).body;
    assert_eq!((&stats["days"][0]["reviews"], &stats["days"][0]["again"]), (&json!(2), &json!(1)));
    let retention = &stats["retention"];
    assert_eq!(
        (&retention["true"], &retention["mature"], &retention["young"]),
        (&json!(0.5), &json!(0.5), &json!(null))
    );
    assert!((retention["desired"].as_f64().unwrap() - 0.9).abs() < 0.001);
    assert_eq!((&stats["totals"]["learning"], &stats["totals"]["mature"]), (&json!(1), &json!(1)));
    assert_eq!(stats["totals"]["streak_days"], 1);
    let of_hours: i64 =
        stats["hours"].as_array().unwrap().iter().map(|hour| hour["reviews"].as_i64().unwrap()).sum();
    assert_eq!(of_hours, 2);
    let other = student.get(&format!("/api/study/stats?deck={kidney}")).await.expect(200).body;
    assert_eq!((&other["days"], &other["totals"]["cards"]), (&json!([]), &json!(0)));
    student.get("/api/study/stats?days=0").await.expect(422);
    student.get("/api/study/stats?days=100000").await.expect(422);
    platform.end().await;
}
