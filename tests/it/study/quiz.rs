//! Quizzes with a tutor: each answer is shown at once, the first stands, and what was missed comes back.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::material::{EXPLANATION, QUOTE, answer_of, at, question_set};
use crate::support::{
    Platform,
    student::{Reply, Student},
};

async fn begin(student: &Student, body: Value) -> Value {
    student.post("/api/study/quizzes", body).await.expect(201).body
}

fn path(quiz: &Value) -> String {
    format!("/api/study/quizzes/{}", quiz["id"].as_str().unwrap())
}

async fn answer(student: &Student, quiz: &Value, question: &str, body: Value) -> Reply {
    student.put(&format!("{}/answers/{question}", path(quiz)), body).await
}

/// Answers right, or wrong.
async fn answers(student: &Student, quiz: &Value, place: usize, right: bool) -> Value {
    let (question, position) = at(quiz, place);
    let option = (answer_of(position) + u8::from(!right)) % 4;
    answer(student, quiz, &question, json!({ "option": option })).await.expect(200).body
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tutor_shows_each_answer_when_it_is_given_and_the_first_stands() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    let (set, _) = question_set(&platform, &student, "Preload", 4).await;
    let body = json!({ "question_set_ids": [set], "count": 10, "mode": "tutor" });
    let quiz = begin(&student, body).await;
    assert_eq!(quiz["questions"].as_array().unwrap().len(), 4);
    assert_eq!(
        (&quiz["state"], &quiz["ends_at"], &quiz["score"]),
        (&json!("running"), &Value::Null, &Value::Null)
    );
    assert!(!quiz.to_string().contains(EXPLANATION) && !quiz.to_string().contains("\"answer\""));

    let (question, position) = at(&quiz, 0);
    let wrong = (answer_of(position) + 1) % 4;
    // It can be flagged and options struck out before it is answered, and nothing is shown for that.
    let flagged = json!({ "flagged": true, "eliminated": [3, 0, 3] });
    let seen = answer(&student, &quiz, &question, flagged).await.expect(200).body;
    assert_eq!(
        (&seen["flagged"], &seen["eliminated"], &seen["option"]),
        (&json!(true), &json!([0, 3]), &Value::Null)
    );
    assert!(!seen.to_string().contains(EXPLANATION));
    let seen = answer(&student, &quiz, &question, json!({ "option": wrong })).await.expect(200).body;
    assert_eq!((&seen["option"], &seen["answer"]), (&json!(wrong), &json!(answer_of(position))));
    assert!(seen["options"][0]["explanation"].as_str().unwrap().contains(EXPLANATION));
    assert_eq!(seen["flagged"], true, "what is not said stays");
    // A second thought, in this tab or another, changes nothing.
    let again =
        answer(&student, &quiz, &question, json!({ "option": answer_of(position) })).await.expect(200).body;
    assert_eq!(again, seen);

    let now = student.get(&path(&quiz)).await.expect(200).body;
    let told = |question: &Value| question.get("answer").is_some();
    let told: Vec<bool> = now["questions"].as_array().unwrap().iter().map(told).collect();
    assert_eq!(told, [true, false, false, false]);

    answers(&student, &quiz, 1, true).await;
    let over = student.post(&format!("{}/finish", path(&quiz)), json!({})).await.expect(200).body;
    let score = &over["score"];
    assert_eq!((&score["right"], &score["answered"], &score["total"]), (&json!(1), &json!(2), &json!(4)));
    assert_eq!(score["by_topic"], json!([{ "topic": "Preload", "right": 1, "total": 4 }]));
    assert!(over.to_string().contains(QUOTE), "the source is shown, too");
    assert_eq!(
        student.post(&format!("{}/finish", path(&quiz)), json!({})).await.expect(200).body["score"],
        *score
    );
    answer(&student, &quiz, &at(&quiz, 2).0, json!({ "option": 1 })).await.expect(409);
    answer(&student, &quiz, &question, json!({ "option": wrong })).await.expect(200);
    let listed = student.get("/api/study/quizzes").await.expect(200).body;
    assert_eq!((&listed["items"][0]["right"], &listed["items"][0]["state"]), (&json!(1), &json!("finished")));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_tabs_that_answer_at_once_see_one_answer() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    let (set, _) = question_set(&platform, &student, "Preload", 1).await;
    let quiz = begin(&student, json!({ "question_set_ids": [set], "count": 1, "mode": "tutor" })).await;
    let (question, _) = at(&quiz, 0);
    let tabs = (0..8).map(|tab| answer(&student, &quiz, &question, json!({ "option": tab % 4 })));
    let options: HashSet<String> = futures::future::join_all(tabs)
        .await
        .into_iter()
        .map(|reply| reply.expect(200).body["option"].to_string())
        .collect();
    assert_eq!(options.len(), 1, "{options:?}");
    let stands = student.get(&path(&quiz)).await.expect(200).body["questions"][0]["option"].to_string();
    assert!(options.contains(&stands));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_answers_become_notes_once_and_are_asked_again() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    let (heart, _) = question_set(&platform, &student, "Heart", 6).await;
    let (lung, _) = question_set(&platform, &student, "Lung", 6).await;
    let quiz =
        begin(&student, json!({ "question_set_ids": [heart, lung], "count": 6, "mode": "tutor" })).await;
    let topics: Vec<_> =
        quiz["questions"].as_array().unwrap().iter().map(|question| question["topic"].clone()).collect();
    assert_eq!(topics.iter().filter(|topic| *topic == "Heart").count(), 3, "as many of each");
    answers(&student, &quiz, 0, false).await;
    answers(&student, &quiz, 1, false).await;
    answers(&student, &quiz, 2, true).await;

    let cards = format!("{}/cards", path(&quiz));
    let made = student.post(&cards, json!({})).await.expect(200).body;
    assert_eq!(made["created"], 2);
    assert_eq!(
        student.post(&cards, json!({})).await.expect(200).body,
        json!({ "deck_id": made["deck_id"], "created": 0 })
    );
    let unanswered = at(&quiz, 4).0;
    student.post(&cards, json!({ "question_ids": [unanswered] })).await.expect(409);
    student.post(&cards, json!({ "question_ids": [uuid::Uuid::nil()] })).await.expect(422);
    student.post(&cards, json!({ "deck_id": uuid::Uuid::nil() })).await.expect(404);
    student.post(&format!("{}/finish", path(&quiz)), json!({})).await.expect(200);
    let named = json!({ "question_ids": [unanswered], "deck_id": made["deck_id"] });
    assert_eq!(student.post(&cards, named).await.expect(200).body["created"], 1);
    let front = "select count(*) from notes where guid like 'q-%' and fields ->> 'front' like '%Which is it?%**D.** Atrium%'
        and fields ->> 'back' like '%ventricle%'";
    assert_eq!(platform.number(front).await, 3);
    assert_eq!(platform.number("select count(*) from cards where state = 'new'").await, 3);
    assert_eq!(platform.number("select count(*) from decks where title = 'Missed questions'").await, 1);

    let again = begin(&student, json!({ "wrong_only": true, "count": 50, "mode": "tutor" })).await;
    assert_eq!(again["questions"].as_array().unwrap().len(), 2);
    answers(&student, &again, 0, true).await;
    let left = begin(&student, json!({ "wrong_only": true, "count": 50, "mode": "tutor" })).await;
    assert_eq!(left["questions"].as_array().unwrap().len(), 1, "the last answer counts");
    let lungs = begin(&student, json!({ "topics": ["lung"], "count": 50, "mode": "tutor" })).await;
    assert_eq!(lungs["questions"].as_array().unwrap().len(), 6);
    let topics = student.get("/api/study/topics").await.expect(200).body;
    let sum = |field: &str| {
        topics["items"].as_array().unwrap().iter().map(|topic| topic[field].as_i64().unwrap()).sum::<i64>()
    };
    assert_eq!((sum("questions"), sum("answered"), sum("right")), (12, 4, 2));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_was_reported_is_asked_no_more_and_counted_by_its_prompt() {
    let platform = Platform::start().await;
    let (student, other, admin) =
        (platform.student().await, platform.student().await, platform.admin().await);
    let (set, questions) = question_set(&platform, &student, "Preload", 2).await;
    let report = format!("/api/study/questions/{}/report", questions[0]);
    let reason = json!({ "reason": "Two are right" });
    let before = begin(&student, json!({ "count": 9, "mode": "tutor" })).await;
    other.post(&report, reason.clone()).await.expect(404);
    student.post(&report, json!({ "reason": " " })).await.expect(422);
    student.post(&report, json!({ "reason": "x".repeat(1001) })).await.expect(422);
    student.post(&report, reason.clone()).await.expect(204);
    student.post(&report, json!({ "reason": "It says Atrium" })).await.expect(204);
    let made = admin.get("/api/admin/made-items").await.expect(200).body;
    let line = &made["items"][0];
    assert_eq!(
        (&line["reported"], &line["provider"], &line["model"], &line["prompt"], &line["feature"]),
        (&json!(1), &json!("openai"), &json!("gpt-story"), &json!("mcq.v1"), &json!("mcq"))
    );
    assert!(!made.to_string().contains("Atrium"), "no content, no reason");
    let shown = student.get(&format!("/api/study/question-sets/{set}")).await.expect(200).body;
    assert_eq!((&shown["reported"], &shown["questions"][0]["reported"]), (&json!(1), &json!(true)));
    let quiz = begin(&student, json!({ "count": 9, "mode": "tutor" })).await;
    assert_eq!(quiz["questions"].as_array().unwrap().len(), 1);
    // Where it is asked already it stays.
    assert_eq!(student.get(&path(&before)).await.body["questions"].as_array().unwrap().len(), 2);

    student.delete(&report).await.expect(204);
    student.delete(&report).await.expect(404);
    assert_eq!(admin.get("/api/admin/made-items").await.body["items"][0]["reported"], 0);
    let quiz = begin(&student, json!({ "count": 9, "mode": "tutor" })).await;
    assert_eq!(quiz["questions"].as_array().unwrap().len(), 2);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sets_are_renamed_listed_in_pages_and_deleted_and_quizzes_keep_their_questions() {
    let platform = Platform::start().await;
    let (student, other) = (platform.student().await, platform.student().await);
    let (set, _) = question_set(&platform, &student, "Preload", 3).await;
    let (second, _) = question_set(&platform, &student, "Afterload", 1).await;
    let of_set = format!("/api/study/question-sets/{set}");
    let first = student.get("/api/study/question-sets?limit=1").await.expect(200).body;
    assert_eq!(first["items"][0]["id"], second, "the newest first");
    let cursor = first["next"].as_str().unwrap();
    let rest =
        student.get(&format!("/api/study/question-sets?limit=1&cursor={cursor}")).await.expect(200).body;
    assert_eq!(
        (&rest["items"][0]["id"], &rest["items"][0]["count"], &rest["next"]),
        (&json!(set), &json!(3), &Value::Null)
    );
    let shown = student.get(&of_set).await.expect(200).body;
    assert_eq!(
        (&shown["questions"][1]["answer"], &shown["questions"][0]["source"]["quote"]),
        (&json!(1), &json!(QUOTE))
    );
    assert_eq!(student.patch(&of_set, json!({ "title": " Mine " })).await.expect(200).body["title"], "Mine");
    student.patch(&of_set, json!({ "title": "a\nb" })).await.expect(422);

    let quiz = begin(&student, json!({ "question_set_ids": [set], "count": 3, "mode": "tutor" })).await;
    let of_quiz = path(&quiz);
    let question = at(&quiz, 0).0;
    for reply in [
        other.get(&of_set).await,
        other.patch(&of_set, json!({ "title": "x" })).await,
        other.delete(&of_set).await,
        other.get(&of_quiz).await,
        other.delete(&of_quiz).await,
        answer(&other, &quiz, &question, json!({ "option": 1 })).await,
        other.post(&format!("{of_quiz}/finish"), json!({})).await,
        other.post(&format!("{of_quiz}/cards"), json!({})).await,
        other
            .post("/api/study/quizzes", json!({ "question_set_ids": [set], "count": 1, "mode": "tutor" }))
            .await,
        other.delete(&format!("/api/study/questions/{question}/report")).await,
        answer(&student, &quiz, &uuid::Uuid::nil().to_string(), json!({ "option": 1 })).await,
    ] {
        reply.expect(404);
    }
    student.delete(&of_set).await.expect(204);
    student.delete(&of_set).await.expect(404);
    assert_eq!(student.get(&of_quiz).await.expect(200).body["questions"].as_array().unwrap().len(), 3);
    assert_eq!(answers(&student, &quiz, 0, true).await["option"], answer_of(at(&quiz, 0).1));
    student.delete(&of_quiz).await.expect(204);
    student.get(&of_quiz).await.expect(404);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_is_refused_with_its_field() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    let refused =
        student.post("/api/study/quizzes", json!({ "count": 1, "mode": "tutor" })).await.expect(409);
    assert!(refused.body["error"]["message"].as_str().unwrap().contains("no question"));
    let (set, _) = question_set(&platform, &student, "Preload", 1).await;
    let many: Vec<_> = (0..51).map(|_| set.clone()).collect();
    for (body, field) in [
        (json!({ "count": 0, "mode": "tutor" }), "count"),
        (json!({ "count": 201, "mode": "tutor" }), "count"),
        (json!({ "count": 1, "mode": "oral" }), "mode"),
        (json!({ "count": 1, "mode": "exam", "seconds_per_question": 9 }), "seconds_per_question"),
        (json!({ "count": 1, "mode": "exam", "seconds_per_question": 601 }), "seconds_per_question"),
        (json!({ "count": 1, "mode": "tutor", "seconds_per_question": 60 }), "seconds_per_question"),
        (json!({ "count": 1, "mode": "tutor", "question_set_ids": many }), "question_set_ids"),
        (json!({ "count": 1, "mode": "tutor", "question_set_ids": [] }), "question_set_ids"),
        (json!({ "count": 1, "mode": "tutor", "topics": ["a\0"] }), "topics[0]"),
    ] {
        let reply = student.post("/api/study/quizzes", body.clone()).await.expect(422);
        assert_eq!(reply.fields(), [field], "{body}");
    }
    let quiz = begin(&student, json!({ "count": 1, "mode": "tutor" })).await;
    let (question, _) = at(&quiz, 0);
    for (body, field) in [
        (json!({ "option": 4 }), "option"),
        (json!({ "option": -1 }), "option"),
        (json!({ "eliminated": [9] }), "eliminated[0]"),
        (json!({ "eliminated": [0, 1, 2, 3, 0] }), "eliminated"),
        (json!({ "answer": 1 }), "answer"),
    ] {
        let reply = answer(&student, &quiz, &question, body.clone()).await.expect(422);
        assert_eq!(reply.fields(), [field], "{body}");
    }
    platform.end().await;
}
