//! Many at once at a limit.

use serde_json::json;

use super::{at_once, cancel, split};
use crate::support::{Platform, key};

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_at_once_at_the_limit_let_exactly_the_limit_through() {
    let platform = Platform::setup().queues([]).start().await;
    platform.answers_took("chat", 200).await;
    let student = platform.student().await;
    let (passed, refused) = split(at_once(&student, 100, "What is preload?").await);
    assert_eq!((passed.len(), refused.len()), (20, 80));
    let reset_at = student.usage().await["reset_at"].as_str().unwrap().to_owned();
    assert!(reset_at.ends_with("T00:00:00Z"), "{reset_at}");
    for refused in &refused {
        assert_eq!(refused.status, 429);
        assert_eq!(
            refused.error(),
            json!({
                "code": "REQUEST_LIMIT_EXCEEDED",
                "message": "You've reached your daily request limit of 20.",
                "details": { "limit": 20, "used": 20, "reset_at": reset_at },
                "action": "upgrade",
                "upgrade_url": "/pricing",
            })
        );
    }
    let usage = student.usage().await;
    assert_eq!(usage["requests"], json!({ "used": 0, "held": 20, "limit": 20 }));
    assert_eq!(platform.number("select count(*) from messages where role = 'user'").await, 20);
    assert_eq!(platform.number("select count(*) from jobs").await, 20);

    // All is given back by those that are stopped while they wait.
    cancel(&student, &passed).await;
    let usage = student.usage().await;
    assert_eq!(usage["requests"], json!({ "used": 0, "held": 0, "limit": 20 }));
    assert_eq!(usage["tokens"], json!({ "used": 0, "held": 0, "limit": 10_000 }));
    let (passed, _) = split(at_once(&student, 30, "What is preload?").await);
    assert_eq!(passed.len(), 20);
    cancel(&student, &passed).await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_promised_to_as_many_as_they_last_for() {
    let platform = Platform::setup().queues([]).start().await;
    platform.answers_took("chat", 300).await;
    let student = platform.student().await;
    // 4,000 characters are 1,000 tokens, the tutor's own words 150, and 300 are for the answer: six fit into 10,000.
    let (passed, refused) = split(at_once(&student, 40, &"x".repeat(4_000)).await);
    assert_eq!((passed.len(), refused.len()), (6, 34));
    let reset_at = student.usage().await["reset_at"].clone();
    for refused in &refused {
        assert_eq!(refused.status, 429);
        assert_eq!(
            refused.error(),
            json!({
                "code": "TOKEN_LIMIT_EXCEEDED",
                "message": "You've reached your daily token limit of 10,000.",
                "details": {
                    "limit": 10_000, "used": 8_700, "needed": 1_450, "left": 1_300, "reset_at": reset_at,
                },
                "action": "upgrade",
                "upgrade_url": "/pricing",
            })
        );
    }
    // What is smaller still fits.
    let small = student.session().await;
    let small = student.sends(&small, &"x".repeat(3_400)).await.expect(202);
    assert_eq!(student.usage().await["tokens"], json!({ "used": 0, "held": 10_000, "limit": 10_000 }));
    cancel(&student, &passed).await;
    cancel(&student, &[small]).await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feature_has_its_own_limit_and_leaves_the_others_alone() {
    let platform = Platform::setup().queues([]).start().await;
    for feature in ["mcq", "flashcard", "chat"] {
        platform.answers_took(feature, 100).await;
    }
    let student = platform.student().await;
    let (passed, refused) = split(at_once(&student, 30, "/mcq 1 heart failure").await);
    assert_eq!((passed.len(), refused.len()), (5, 25));
    let reset_at = student.usage().await["reset_at"].clone();
    for refused in &refused {
        assert_eq!(refused.status, 429);
        assert_eq!(
            refused.error(),
            json!({
                "code": "MCQ_LIMIT_EXCEEDED",
                "message": "You've reached your daily MCQ limit of 5.",
                "details": { "feature": "mcq", "limit": 5, "used": 5, "reset_at": reset_at },
                "action": "upgrade",
                "upgrade_url": "/pricing",
            })
        );
    }
    let (cards, refused) = split(at_once(&student, 12, "/flashcard 1 heart failure").await);
    assert_eq!((cards.len(), refused.len()), (10, 2));
    assert_eq!(refused[0].error()["message"], "You've reached your daily flashcard limit of 10.");
    assert_eq!(refused[0].code(), "FLASHCARD_LIMIT_EXCEEDED");
    let (chats, refused) = split(at_once(&student, 10, "What is preload?").await);
    assert_eq!((chats.len(), refused.len()), (5, 5), "twenty requests in all");
    assert_eq!(refused[0].code(), "REQUEST_LIMIT_EXCEEDED");
    for jobs in [&passed, &cards, &chats] {
        cancel(&student, jobs).await;
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_that_is_answered_meanwhile_gets_no_more_than_its_limit() {
    let platform = Platform::start().await;
    platform.pool([key("good")]).await;
    platform.answers_took("chat", 200).await;
    let (student, other) = (platform.student().await, platform.student().await);
    let (mine, theirs) =
        tokio::join!(at_once(&student, 50, "What is preload?"), at_once(&other, 30, "What is afterload?"));
    assert_eq!((split(mine).0.len(), split(theirs).0.len()), (20, 20), "nobody takes from another's");
    platform.eventually("select not exists (select from jobs where finished_at is null)").await;
    for who in [&student, &other] {
        assert_eq!(who.usage().await["requests"], json!({ "used": 20, "held": 0, "limit": 20 }));
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paid_plan_has_more_and_admins_have_no_limit() {
    let platform = Platform::setup().queues([]).start().await;
    platform.answers_took("mcq", 500).await;
    for (who, fit) in [(platform.student_on("student").await, 50), (platform.student_on("admin").await, 60)] {
        let (passed, refused) = split(at_once(&who, 60, "/mcq 1 heart failure").await);
        assert_eq!((passed.len(), refused.len()), (fit, 60 - fit));
        if let Some(refused) = refused.first() {
            assert_eq!(refused.error()["message"], "You've reached your daily MCQ limit of 50.");
        }
        platform.sql("update jobs set state = 'cancelled', finished_at = now()").await;
    }
    let held = platform.number("select sum(requests_held)::bigint from usage_days").await;
    assert_eq!(held, 50, "nothing is held of who passes all limits");
    platform.end_with_jobs_left().await;
}
