//! What students think of answers: thumbs, and errors that they report to admins.

use serde_json::{Value, json};
use simulator::Script;

use crate::support::{
    Platform, key,
    student::{Admin, Reply, Student},
};

const SECRET: &str = "My patient is called Lovelace";

/// Asks, and returns the ids of the conversation and of the answer.
async fn answered(student: &Student, question: &str) -> (String, String) {
    let session = student.session().await;
    student.asks_in(&session, question).await;
    let answer = student.messages(&session).await[1]["id"].as_str().unwrap().to_owned();
    (session, answer)
}

async fn vote(student: &Student, answer: &str, vote: &str) -> Reply {
    student.put(&format!("/api/chat/messages/{answer}/vote"), json!({ "vote": vote })).await
}

async fn report(student: &Student, answer: &str, body: Value) -> Reply {
    student.put(&format!("/api/chat/messages/{answer}/report"), body).await
}

/// What the student sees of it.
async fn said(student: &Student, session: &str) -> (Value, Value) {
    let answer = student.messages(session).await[1].clone();
    (answer["vote"].clone(), answer["reported"].clone())
}

async fn reports(admin: &Admin, query: &str) -> Vec<Value> {
    let reply = admin.get(&format!("/api/admin/feedback/reports{query}")).await.expect(200);
    reply.body["items"].as_array().unwrap().clone()
}

async fn counts(admin: &Admin) -> Value {
    admin.get("/api/admin/feedback").await.expect(200).body["items"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_student_has_one_vote_on_an_answer_which_can_be_changed_and_taken_back() {
    let platform = Platform::start().await;
    let admin = platform.pool([key("good").model("gpt-story").answers(Script::answers("Yes."))]).await;
    let (student, other) = (platform.student().await, platform.student().await);
    let (session, answer) = answered(&student, "Is it so?").await;
    vote(&student, &answer, "up").await.expect(204);
    assert_eq!(said(&student, &session).await, (json!("up"), Value::Null));
    vote(&student, &answer, "down").await.expect(204);
    vote(&student, &answer, "down").await.expect(204);
    assert_eq!(said(&student, &session).await.0, "down");
    let (_, theirs) = answered(&other, "And this?").await;
    vote(&other, &theirs, "up").await.expect(204);
    let one = json!({ "provider": "openai", "model": "gpt-story", "up": 1, "down": 1, "reports": 0 });
    assert_eq!(counts(&admin).await, json!([one]));
    // Who tidies up does not take a vote back.
    other
        .delete(&format!(
            "/api/chat/sessions/{}",
            other.get("/api/chat/sessions").await.body["items"][0]["id"].as_str().unwrap()
        ))
        .await
        .expect(204);
    assert_eq!(counts(&admin).await[0]["up"], 1);
    let path = format!("/api/chat/messages/{answer}/vote");
    student.delete(&path).await.expect(204);
    student.delete(&path).await.expect(404);
    assert_eq!(said(&student, &session).await.0, Value::Null);
    assert_eq!(counts(&admin).await[0]["down"], 0);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_votes_on_or_reports_what_is_anothers_or_is_no_answer() {
    let platform = Platform::start().await;
    let admin = platform.pool([key("good")]).await;
    let (student, other) = (platform.student().await, platform.student().await);
    let (session, answer) = answered(&student, "Is it so?").await;
    vote(&student, &answer, "up").await.expect(204);
    report(&student, &answer, json!({ "kind": "wrong" })).await.expect(204);
    let question = student.messages(&session).await[0]["id"].as_str().unwrap().to_owned();
    for (who, message) in [(&other, &answer), (&admin.0, &answer), (&student, &question)] {
        vote(who, message, "down").await.expect(404);
        report(who, message, json!({ "kind": "other" })).await.expect(404);
        for what in ["vote", "report"] {
            who.delete(&format!("/api/chat/messages/{message}/{what}")).await.expect(404);
        }
    }
    assert_eq!(said(&student, &session).await, (json!("up"), json!("wrong")));
    // An answer that is being written, and one in the trash.
    platform.sql("update queues set paused_at = now()").await;
    let busy = student.session().await;
    let receipt = student.sends(&busy, "And now?").await.expect(202);
    let pending = student.messages(&busy).await[1]["id"].as_str().unwrap().to_owned();
    vote(&student, &pending, "up").await.expect(404);
    student.delete(&format!("/api/jobs/{}", crate::support::student::job_of(&receipt))).await.expect(202);
    platform.sql("update queues set paused_at = null").await;
    for (body, field) in [
        (json!({ "kind": "rude" }), "kind"),
        (json!({ "kind": "wrong", "reason": "x".repeat(1001) }), "reason"),
        (json!({ "kind": "wrong", "reason": "\0" }), "reason"),
        (json!({ "kind": "wrong", "share": "yes" }), "share"),
        (json!({}), "kind"),
    ] {
        let refused = report(&student, &answer, body).await.expect(422);
        assert_eq!(refused.body["error"]["details"][0]["field"], field);
    }
    assert_eq!(
        vote(&student, &answer, "sideways").await.expect(422).body["error"]["details"][0]["field"],
        "vote"
    );
    admin.get("/api/admin/feedback?days=0").await.expect(422);
    admin.get("/api/admin/feedback/reports?state=lost").await.expect(422);
    student.post(&format!("/api/chat/sessions/{session}/trash"), json!({})).await.expect(204);
    vote(&student, &answer, "down").await.expect(404);
    student.post(&format!("/api/chat/sessions/{session}/restore"), json!({})).await.expect(200);
    platform.sql("update jobs set run_at = now(), state = 'ready' where name = 'empty_trash' and state = 'scheduled'").await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_shows_admins_the_texts_only_where_the_student_agreed() {
    let platform = Platform::start().await;
    let admin =
        platform.pool([key("good").model("gpt-story").answers(Script::answers("Give 500 mg."))]).await;
    let student = platform.student().await;
    platform.never_logged([SECRET.to_owned(), "The dose is ten times".to_owned(), "Give 500 mg.".to_owned()]);
    let (session, answer) = answered(&student, SECRET).await;
    let reason = json!({ "kind": "unsafe", "reason": " The dose is ten times too high. " });
    report(&student, &answer, reason.clone()).await.expect(204);
    assert_eq!(said(&student, &session).await.1, "unsafe");
    let found = reports(&admin, "").await;
    let seen = found[0].as_object().unwrap();
    for (field, value) in [
        ("kind", json!("unsafe")),
        ("reason", json!("The dose is ten times too high.")),
        ("question", Value::Null),
        ("answer", Value::Null),
        ("provider", json!("openai")),
        ("model", json!("gpt-story")),
        ("feature", json!("chat")),
        ("handled_at", Value::Null),
    ] {
        assert_eq!(seen[field], value, "{field}");
    }
    let all = admin.get("/api/admin/feedback/reports").await.body.to_string();
    for hidden in [SECRET, "Give 500", &student.email, &student.id] {
        assert!(!all.contains(hidden), "{hidden}: {all}");
    }

    // Reported again, with what it is about: a copy, which stays as it was.
    let mut agreed = reason;
    agreed["share"] = json!(true);
    report(&student, &answer, agreed).await.expect(204);
    student.delete(&format!("/api/chat/sessions/{session}")).await.expect(204);
    let found = reports(&admin, "?state=open&kind=unsafe").await;
    assert_eq!(
        (found.len(), &found[0]["question"], &found[0]["answer"]),
        (1, &json!(SECRET), &json!("Give 500 mg."))
    );
    assert_eq!(reports(&admin, "?kind=wrong").await.len(), 0);
    assert_eq!(counts(&admin).await[0]["reports"], 1);
    // Withdrawn, the copy is gone, also when its conversation was before.
    student.delete(&format!("/api/chat/messages/{answer}/report")).await.expect(204);
    assert_eq!(platform.number("select count(*) from answer_reports").await, 0);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_handled_once_with_a_note_and_that_is_in_the_audit_log() {
    let platform = Platform::start().await;
    let admin = platform.pool([key("good")]).await;
    let student = platform.student().await;
    let (_, first) = answered(&student, "One?").await;
    let (_, second) = answered(&student, SECRET).await;
    report(&student, &first, json!({ "kind": "wrong" })).await.expect(204);
    report(&student, &second, json!({ "kind": "bad_citation", "share": true })).await.expect(204);
    let listed = reports(&admin, "?limit=1").await;
    assert_eq!(listed[0]["kind"], "bad_citation", "the newest first");
    let path = format!("/api/admin/feedback/reports/{}/handle", listed[0]["id"].as_str().unwrap());
    platform.admin_with("ops").await.post(&path, json!({})).await.expect(403);
    let viewer = platform.admin_with("viewer").await;
    viewer.get("/api/admin/feedback/reports").await.expect(403);
    let support = platform.admin_with("support").await;
    let note = json!({ "note": "The page was read wrong; read anew." });
    let handled = support.post(&path, note).await.expect(200).body;
    assert_eq!(handled["handled_by"], support.email);
    assert_eq!(handled["note"], "The page was read wrong; read anew.");
    assert_eq!(reports(&admin, "?state=open").await.len(), 1);
    assert_eq!(reports(&admin, "?state=handled").await[0]["id"], listed[0]["id"]);
    let log = admin.get("/api/admin/audit?action=handle_report").await.expect(200).body;
    let entry = &log["items"][0];
    assert_eq!((&entry["target_id"], &entry["admin_email"]), (&listed[0]["id"], &json!(support.email)));
    assert_eq!(entry["details"]["note"], "The page was read wrong; read anew.");
    assert!(!log.to_string().contains(SECRET));
    // Reported otherwise, it is to be looked into anew.
    report(&student, &second, json!({ "kind": "bad_citation", "reason": "Still" })).await.expect(204);
    assert_eq!(reports(&admin, "?state=open").await.len(), 2);

    let sweep =
        "update answer_reports set handled_at = now() - interval '91 days' where kind = 'bad_citation'";
    platform.sql(sweep).await;
    platform
        .sql("update answer_reports set reported_at = now() - interval '366 days' where kind = 'wrong'")
        .await;
    vote(&student, &first, "up").await.expect(204);
    vote(&student, &second, "up").await.expect(204);
    let old = format!(
        "update answer_votes set voted_at = now() - interval '366 days' where message_id = '{first}'"
    );
    platform.sql(old).await;
    platform.enqueue(&jobs::catalogue::Sweep {}).await;
    platform.eventually("select not exists (select from answer_reports)").await;
    platform.eventually("select count(*) = 1 from answer_votes").await;
    platform.end().await;
}
