//! Exams: the server keeps the time, and nobody sees an answer before the end.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use simulator::Script;

use super::material::{EXPLANATION, QUOTE, answer_of, at, question_set};
use crate::support::{
    Platform, key,
    student::{Reply, Student},
};

async fn begin(student: &Student, body: Value) -> Value {
    student.post("/api/study/quizzes", body).await.expect(201).body
}

/// The answer that made a set, in a conversation that is shared: where it is shown.
async fn conversation(platform: &Platform, student: &Student, set: &str) -> [String; 3] {
    let session = student.session().await;
    student.asks_in(&session, "Ask me about preload").await;
    let answer = student.messages(&session).await[1]["id"].as_str().unwrap().to_owned();
    platform.sql(format!("update question_sets set message_id = '{answer}' where id = '{set}'")).await;
    let shared =
        student.post(&format!("/api/chat/sessions/{session}/share"), json!({})).await.expect(200).body;
    let token = shared["path"].as_str().unwrap().strip_prefix("/shared/").unwrap();
    let messages = format!("/api/chat/sessions/{session}/messages");
    [messages, "/api/chat/search?q=ventricle".to_owned(), format!("/api/shared/{token}")]
}

async fn says_the_answers(student: &Student, paths: &[String]) {
    for path in paths {
        assert!(student.get(path).await.expect(200).body.to_string().contains("ventricle"), "{path}");
    }
}

fn tells_nothing(replies: &[(String, String)]) {
    for (what, reply) in replies {
        for secret in [EXPLANATION, QUOTE, "\"answer\"", "\"explanation\"", "\"score\""] {
            assert!(!reply.contains(secret), "{what} says {secret}: {reply}");
        }
    }
}

/// All that a student can ask about a quiz, its set and its questions, as long as it changes nothing that matters.
async fn all_that_is_shown(student: &Student, quiz: &Value, set: &str) -> Vec<(String, Reply)> {
    let id = quiz["id"].as_str().unwrap();
    let mut asked: Vec<(Method, String, Value)> = [
        "/api/study/quizzes",
        "/api/study/question-sets",
        "/api/study/topics",
        "/api/study/summaries",
        "/api/study/maps",
        "/api/study/decks",
        "/api/study/queue",
        "/api/study/today",
        "/api/study/stats",
    ]
    .map(|path| (Method::GET, path.to_owned(), Value::Null))
    .to_vec();
    asked.push((Method::GET, format!("/api/study/quizzes/{id}"), Value::Null));
    asked.push((Method::GET, format!("/api/study/question-sets/{set}"), Value::Null));
    asked.push((Method::PATCH, format!("/api/study/question-sets/{set}"), json!({ "title": "Mine" })));
    asked.push((Method::POST, format!("/api/study/quizzes/{id}/cards"), json!({})));
    for question in quiz["questions"].as_array().unwrap() {
        let question = question["question_id"].as_str().unwrap();
        let cards = json!({ "question_ids": [question] });
        asked.push((Method::POST, format!("/api/study/quizzes/{id}/cards"), cards));
        let flag = json!({ "flagged": true, "eliminated": [2] });
        asked.push((Method::PUT, format!("/api/study/quizzes/{id}/answers/{question}"), flag));
        asked.push((
            Method::POST,
            format!("/api/study/questions/{question}/report"),
            json!({ "reason": "Hm" }),
        ));
        asked.push((Method::DELETE, format!("/api/study/questions/{question}/report"), Value::Null));
    }
    for (mode, only_wrong) in [("tutor", false), ("tutor", true), ("exam", false)] {
        let body = json!({ "count": 200, "mode": mode, "wrong_only": only_wrong });
        asked.push((Method::POST, "/api/study/quizzes".to_owned(), body));
    }
    let mut shown = Vec::new();
    for (method, path, body) in asked {
        let request = student.request(method.clone(), &path);
        let request = if body.is_null() { request } else { request.json(&body) };
        let reply = Reply::read(request.send().await.unwrap()).await;
        shown.push((format!("{method} {path}"), reply));
    }
    shown
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_asked_before_the_end_of_an_exam_tells_its_answers() {
    let platform = Platform::start().await;
    let admin =
        platform.pool([key("good").answers(Script::answers(format!("**Answer: A**, {EXPLANATION}.")))]).await;
    admin.put("/api/admin/sharing", json!({ "enabled": true })).await.expect(200);
    let student = platform.student().await;
    let (set, _) = question_set(&platform, &student, "Preload", 8).await;
    let conversation = conversation(&platform, &student, &set).await;
    // The same questions in a tutor that began before, one of them answered, and one tutor that is over.
    let tutor = begin(&student, json!({ "count": 8, "mode": "tutor" })).await;
    let of_tutor = format!("/api/study/quizzes/{}", tutor["id"].as_str().unwrap());
    let (seen, _) = at(&tutor, 0);
    student.put(&format!("{of_tutor}/answers/{seen}"), json!({ "option": 0 })).await.expect(200);

    says_the_answers(&student, &conversation).await;
    let body = json!({ "question_set_ids": [set], "count": 8, "mode": "exam", "seconds_per_question": 60 });
    let exam = begin(&student, body).await;
    let of_exam = format!("/api/study/quizzes/{}", exam["id"].as_str().unwrap());
    let mut replies = vec![("POST exam".to_owned(), exam.to_string())];
    for place in 0..8 {
        let (question, position) = at(&exam, place);
        let reply = student
            .put(&format!("{of_exam}/answers/{question}"), json!({ "option": answer_of(position) }))
            .await;
        replies.push((format!("PUT {place}"), reply.expect(200).body.to_string()));
    }
    replies.extend(
        all_that_is_shown(&student, &exam, &set)
            .await
            .into_iter()
            .map(|(what, reply)| (what, reply.body.to_string())),
    );
    for path in &conversation {
        replies.push((path.clone(), student.get(path).await.expect(200).body.to_string()));
    }
    student.delete(&format!("/api/study/question-sets/{set}")).await.expect(409);
    replies.push(("GET tutor".to_owned(), student.get(&of_tutor).await.expect(200).body.to_string()));
    let elsewhere = student
        .put(&format!("{of_tutor}/answers/{}", at(&tutor, 1).0), json!({ "option": 0 }))
        .await
        .expect(409);
    replies.push(("PUT tutor".to_owned(), elsewhere.body.to_string()));
    let cards = student.post(&format!("{of_tutor}/cards"), json!({})).await.expect(200);
    assert_eq!(cards.body["created"], 0, "a note would show the answer");
    tells_nothing(&replies);
    let topics = student.get("/api/study/topics").await.expect(200).body;
    assert_eq!(topics["items"][0]["answered"], 1, "those of the exam do not count yet");

    let over = student.post(&format!("{of_exam}/finish"), json!({})).await.expect(200).body;
    assert_eq!((&over["score"]["right"], &over["state"]), (&json!(8), &json!("finished")));
    assert!(over.to_string().contains(EXPLANATION) && over.to_string().contains(QUOTE));
    let shown = student.get(&format!("/api/study/question-sets/{set}")).await.expect(200).body;
    assert!(shown.to_string().contains(EXPLANATION), "and so does its set again");
    says_the_answers(&student, &conversation).await;
    assert_eq!(student.get("/api/study/topics").await.body["items"][0]["answered"], 9);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exam_goes_on_after_a_reload_and_answers_may_be_changed_until_its_end() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    question_set(&platform, &student, "Preload", 3).await;
    let exam = begin(&student, json!({ "count": 3, "mode": "exam", "seconds_per_question": 60 })).await;
    let path = format!("/api/study/quizzes/{}", exam["id"].as_str().unwrap());
    let left = |quiz: &Value| {
        let time =
            |field: &str| quiz[field].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
        (time("ends_at") - time("now")).num_seconds()
    };
    assert!((179..=180).contains(&left(&exam)), "{}", left(&exam));
    let (question, position) = at(&exam, 1);
    let answer = async |body: Value| student.put(&format!("{path}/answers/{question}"), body).await;
    answer(json!({ "option": (answer_of(position) + 1) % 4, "flagged": true })).await.expect(200);
    answer(json!({ "option": null })).await.expect(200);
    answer(json!({ "option": answer_of(position) })).await.expect(200);
    platform.sleep_until(platform.parts.clock.now() + TimeDelta::seconds(100));

    let reloaded = student.get(&path).await.expect(200).body;
    assert!((70..=80).contains(&left(&reloaded)), "{}", left(&reloaded));
    assert_eq!(reloaded["ends_at"], exam["ends_at"]);
    let stands = &reloaded["questions"][1];
    assert_eq!((&stands["option"], &stands["flagged"]), (&json!(answer_of(position)), &json!(true)));
    let order = |quiz: &Value| {
        quiz["questions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|question| question["question_id"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(order(&reloaded), order(&exam));

    // Its time passes while nobody looks. Nothing is taken any more, and what was answered counts.
    platform.sleep_until(platform.parts.clock.now() + TimeDelta::seconds(90));
    answer(json!({ "option": (answer_of(position) + 1) % 4 })).await.expect(409);
    answer(json!({ "flagged": false })).await.expect(409);
    let repeated = answer(json!({ "option": answer_of(position), "flagged": true })).await.expect(200).body;
    assert_eq!(repeated["answer"], answer_of(position), "who repeats what was taken is told so");
    let listed = student.get("/api/study/quizzes").await.expect(200).body;
    assert_eq!((&listed["items"][0]["state"], &listed["items"][0]["right"]), (&json!("finished"), &json!(1)));
    let over = student.get(&path).await.expect(200).body;
    assert_eq!((&over["state"], &over["finished_at"]), (&json!("finished"), &exam["ends_at"]));
    let score = &over["score"];
    assert_eq!(
        (&score["right"], &score["answered"], &score["total"], &score["seconds"]),
        (&json!(1), &json!(1), &json!(3), &json!(180))
    );
    let finished = student.post(&format!("{path}/finish"), json!({})).await.expect(200).body;
    assert_eq!(finished["finished_at"], exam["ends_at"]);
    // Its questions may be asked again.
    assert_eq!(begin(&student, json!({ "count": 3, "mode": "exam" })).await["ends_at"], Value::Null);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_and_the_end_of_an_exam_at_once_leave_one_truth() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    question_set(&platform, &student, "Preload", 1).await;
    let exam = begin(&student, json!({ "count": 1, "mode": "exam" })).await;
    let path = format!("/api/study/quizzes/{}", exam["id"].as_str().unwrap());
    let (question, position) = at(&exam, 0);
    let right = json!({ "option": answer_of(position) });
    student.put(&format!("{path}/answers/{question}"), right.clone()).await.expect(200);
    let wrong = json!({ "option": (answer_of(position) + 1) % 4 });
    let put =
        |body: &Value| student.request(Method::PUT, &format!("{path}/answers/{question}")).json(body).send();
    let finish = async || student.post(&format!("{path}/finish"), json!({})).await;
    let (first, finished, second, again) = tokio::join!(put(&wrong), finish(), put(&right), finish());
    let shown: Vec<_> =
        [finished, again].into_iter().map(|reply| reply.expect(200).body["score"].clone()).collect();
    assert_eq!(shown[0], shown[1]);
    let over = student.get(&path).await.expect(200).body;
    assert_eq!(over["score"], shown[0]);
    for reply in [first, second] {
        assert!([200, 409].contains(&reply.unwrap().status().as_u16()));
    }
    platform.end().await;
}
