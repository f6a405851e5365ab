//! Cards are answered, and come back.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{again, answer, answer_with, card, counts, deck, deck_with, fronts, note, queue_of};
use crate::support::{Platform, student::Student};

/// A moment of the story's first day.
async fn tomorrow(student: &Student) -> DateTime<Utc> {
    queue_of(student, "").await["day_ends_at"].as_str().unwrap().parse().unwrap()
}

/// Answers everything of this day, in the order of the queue. Returns how many answers that took.
async fn study(platform: &Platform, student: &Student, rating: impl Fn(&Value) -> u8) -> usize {
    let (mut answers, mut student) = (0, student.clone());
    loop {
        let queue = queue_of(&student, "").await;
        if let Some(item) = queue["items"].as_array().unwrap().first() {
            let told = rating(item);
            let name = ["again", "hard", "good", "easy"][usize::from(told) - 1];
            let next = item["next"][name]["label"].clone();
            let reply = answer(&student, item["card_id"].as_str().unwrap(), told).await.expect(200).body;
            assert_eq!(reply["next_interval"], next, "what was told is what happens");
            answers += 1;
            assert!(answers < 500, "it never ends");
        } else if let Some(at) = queue["learning_due_at"].as_str() {
            platform.sleep_until(at.parse().unwrap());
            student = again(platform, &student).await;
        } else {
            return answers;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deck_is_reviewed_for_three_days() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    student.patch("/api/study/settings", json!({ "time_zone": "Europe/Berlin" })).await.expect(200);
    let id = deck_with(&student, json!({ "title": "Heart", "new_per_day": 5 })).await;
    for number in 0..8 {
        card(&student, &id, &format!("Question {number}")).await;
    }
    // The story begins at the beginning of a day, so that it does not hang on the time at which it is run.
    platform.sleep_until(tomorrow(&student).await);
    let student = again(&platform, &student).await;
    let first = queue_of(&student, "").await;
    assert_eq!(fronts(&first), ["Question 0", "Question 1", "Question 2", "Question 3", "Question 4"]);
    assert_eq!((counts(&first), &first["backlog"]), ((5, 0, 0), &Value::Null));
    assert_eq!(first["items"][0]["next"]["good"]["label"], "10m");
    // Two steps each, and one of them forgotten once.
    assert_eq!(study(&platform, &student, |item| if item["reps"] == 0 { 3 } else { 4 }).await, 10);
    let student = again(&platform, &student).await;
    let done = student.get("/api/study/today").await.expect(200).body;
    assert_eq!((&done["reviewed_today"], &done["new"], &done["due"]), (&json!(10), &json!(0), &json!(0)));

    platform.sleep_until(tomorrow(&student).await);
    let student = again(&platform, &student).await;
    let second = queue_of(&student, "").await;
    assert_eq!(counts(&second), (3, 0, 0), "what was easy comes later");
    study(&platform, &student, |_| 3).await;
    let student = again(&platform, &student).await;
    platform.sleep_until(tomorrow(&student).await + TimeDelta::days(20));
    let student = again(&platform, &student).await;
    let third = queue_of(&student, "").await;
    let (new, learning, due) = counts(&third);
    assert_eq!((new, learning, due), (0, 0, 8), "all are due, none is new");
    let answers = study(&platform, &student, |item| if item["state"] == "review" { 1 } else { 3 }).await;
    assert_eq!(answers, 16, "each is forgotten, and relearned in one step");
    let student = again(&platform, &student).await;
    let stats = student.get("/api/study/stats?days=60").await.expect(200).body;
    assert_eq!(stats["retention"]["true"], json!(0.0));
    assert_eq!(stats["days"].as_array().unwrap().len(), 3);
    assert_eq!(platform.number("select count(*) from cards where lapses = 1 and state = 'review'").await, 8);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn siblings_wait_for_another_day_and_leeches_for_a_change() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    let id = deck_with(&student, json!({ "title": "Heart", "learning_steps": [] })).await;
    let body = json!({ "kind": "cloze", "fields": { "text": "{{c1::a}} {{c2::b}} {{c3::c}}" } });
    let made = note(&student, &id, body).await.expect(201).body;
    let queue = queue_of(&student, "").await;
    assert_eq!((fronts(&queue).len(), &queue["items"][0]["ordinal"]), (1, &json!(1)));
    let first = made["cards"][0]["id"].as_str().unwrap();
    answer(&student, first, 3).await.expect(200);
    assert_eq!(counts(&queue_of(&student, "").await), (0, 0, 0), "its siblings are buried for the day");
    student.post(&format!("/api/study/cards/{first}/reset"), json!({})).await.expect(200);
    assert_eq!(counts(&queue_of(&student, "").await), (1, 0, 0));

    platform
        .sql("update cards set state = 'review', stability = 1, difficulty = 9, due_day = 0, interval = 1, last_day = 0, lapses = 7, reps = 20, imported =
              '{\"state\":\"review\",\"step\":0,\"memory\":{\"stability\":1.0,\"difficulty\":9.0},\"due\":{\"on\":0},\"interval\":1,\"last_day\":0,\"reps\":20,\"lapses\":7}'
              where ordinal = 3")
        .await;
    let third = made["cards"][2]["id"].as_str().unwrap();
    let reply = answer(&student, third, 1).await.expect(200).body;
    assert_eq!((&reply["card"]["leech"], &reply["card"]["suspended"]), (&json!(true), &json!(true)));
    let path = format!("/api/study/notes/{}", made["id"].as_str().unwrap());
    assert_eq!(student.get(&path).await.expect(200).body["tags"], json!(["leech"]));
    answer(&student, third, 3).await.expect(409);
    // To take it back is to take all of it back.
    let undone = super::undo_last(&student).await.expect(200).body;
    assert_eq!((&undone["suspended"], &undone["lapses"]), (&json!(false), &json!(7)));
    assert_eq!(student.get(&path).await.expect(200).body["tags"], json!([]));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_answer_a_card_once() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    let id = deck_with(&student, json!({ "title": "Heart", "learning_steps": [30] })).await;
    let one = card(&student, &id, "What?").await;
    answer(&student, &one, 3).await.expect(200);
    let refused = answer(&student, &one, 3).await.expect(409);
    assert_eq!(refused.body["error"]["details"]["card"]["state"], "review", "it tells what the card is now");
    let other = card(&student, &id, "Why?").await;
    let shown = json!({ "rating": 1, "duration_ms": 1, "reps": 0 });
    answer_with(&student, &other, shown.clone(), None).await.expect(200);
    answer_with(&student, &other, shown, None).await.expect(409);
    let at_once = (0..6).map(|_| {
        let (student, id) = (student.clone(), id.clone());
        async move { card(&student, &id, "At once?").await }
    });
    let cards = futures::future::join_all(at_once).await;
    let replies = futures::future::join_all((0..8).map(|_| answer(&student, &cards[0], 4))).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1);
    assert_eq!(replies.iter().filter(|reply| reply.status == 409).count(), 7);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_were_given_without_a_line_come_later_in_their_order() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    let id = deck(&student, "Heart").await;
    let one = card(&student, &id, "What?").await;
    let now = platform.parts.clock.now();
    platform.sql("update cards set created_at = now() - interval '3 days'").await;
    let at = |minutes: i64, rating: u8| {
        let at = now - TimeDelta::minutes(minutes);
        json!({ "rating": rating, "duration_ms": 3_600_000, "reviewed_at": at })
    };
    answer_with(&student, &one, at(60, 3), None).await.expect(200);
    let reply = answer_with(&student, &one, at(45, 3), None).await.expect(200).body;
    assert_eq!(reply["card"]["state"], "review");
    let longest = "select count(*) from reviews where duration_ms = 600000";
    assert_eq!(platform.number(longest).await, 2, "longer than ten minutes is ten minutes");
    // One that is in the future is now; one that is before the last answer is after it.
    let other = card(&student, &id, "Why?").await;
    answer_with(&student, &other, at(-600, 1), None).await.expect(200);
    assert_eq!(
        platform.number("select count(*) from reviews where reviewed_at > now() + interval '1 hour'").await,
        0
    );
    answer_with(&student, &other, at(999_999, 3), None).await.expect(200);
    let order = "select count(*) from reviews a join reviews b using (card_id) where a.id < b.id and a.reviewed_at >= b.reviewed_at";
    assert_eq!(platform.number(order).await, 0);
    for wrong in [
        json!({ "rating": 0, "duration_ms": 1 }),
        json!({ "rating": 5, "duration_ms": 1 }),
        json!({ "rating": 3, "duration_ms": -1 }),
        json!({ "rating": 3, "duration_ms": 1, "reviewed_at": "yesterday" }),
        json!({ "rating": 3 }),
    ] {
        answer_with(&student, &other, wrong, None).await.expect(422);
    }
    student.patch("/api/study/settings", json!({ "time_zone": "Mars/Olympus" })).await.expect(422);
    platform.end().await;
}
