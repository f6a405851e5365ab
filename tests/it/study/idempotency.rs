//! An answer that is sent again is stored once.

use reqwest::Method;
use serde_json::json;

use super::{answer_with, card, deck, undo_last};
use crate::support::{Platform, student::Reply};

#[tokio::test(flavor = "multi_thread")]
async fn eight_requests_with_one_key_make_one_review() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    let id = deck(&student, "Heart").await;
    let (one, other) = (card(&student, &id, "What?").await, card(&student, &id, "Why?").await);
    let body = json!({ "rating": 4, "duration_ms": 100 });
    let sent = (0..8).map(|_| answer_with(&student, &one, body.clone(), Some("the key")));
    let replies = futures::future::join_all(sent).await;
    let first = replies[0].clone().expect(200).body;
    for reply in replies {
        assert_eq!(reply.expect(200).body, first, "all are told the same");
    }
    assert_eq!(platform.number("select count(*) from reviews").await, 1);
    let again = json!({ "rating": 3, "duration_ms": 100 });
    answer_with(&student, &one, again, Some("the key")).await.expect(422);
    answer_with(&student, &other, body.clone(), Some("the key")).await.expect(422);
    // Of two cards at once with one key, one has it.
    let third = card(&student, &id, "Who?").await;
    let sent = [&other, &third].map(|card| answer_with(&student, card, body.clone(), Some("another")));
    let mut statuses: Vec<u16> =
        futures::future::join_all(sent).await.iter().map(|reply| reply.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422]);
    // A key is its student's.
    let stranger = platform.student().await;
    let deck_of_stranger = deck(&stranger, "Heart").await;
    let theirs = card(&stranger, &deck_of_stranger, "What?").await;
    answer_with(&stranger, &theirs, body.clone(), Some("the key")).await.expect(200);
    // After it was taken back, the key still tells what it did, and does nothing.
    let undo = async || {
        let request =
            student.request(Method::POST, "/api/study/reviews/undo").header("idempotency-key", "back");
        Reply::read(request.send().await.unwrap()).await
    };
    let undone = undo().await.expect(200).body;
    assert_eq!(undo().await.expect(200).body, undone, "the second takes back nothing more");
    undo_last(&student).await.expect(200);
    assert_eq!(answer_with(&student, &one, body, Some("the key")).await.expect(200).body, first);
    assert_eq!(
        platform.number(format!("select count(*) from cards where id = '{one}' and state = 'new'")).await,
        1
    );
    platform.end().await;
}
