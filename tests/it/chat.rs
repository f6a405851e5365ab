//! Asking, from the first question on.

use serde_json::json;
use simulator::Script;

use crate::support::{Platform, key, student::job_of};

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_in_a_stream_and_stored() {
    let platform = Platform::start().await;
    platform
        .pool([key("good").answers(Script::answers("Preload is the stretch at the end of diastole."))])
        .await;
    let student = platform.student().await;
    let session = student.session().await;

    let answer = student.asks_in(&session, "What is preload?").await;
    assert_eq!(answer.text(), "Preload is the stretch at the end of diastole.");
    let kinds: Vec<_> = answer.events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds[..2], ["queued", "started"]);
    assert_eq!(answer.end(), "done");

    let messages = student.messages(&session).await;
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0]["content"], "What is preload?");
    assert_eq!(messages[1]["parent_id"], messages[0]["id"]);
    assert_eq!(messages[1]["status"], "complete");
    assert_eq!(messages[1]["content"], answer.text());
    assert_eq!(messages[1]["id"], answer.end_data()["message_id"]);
    let used = student.usage().await["tokens"]["used"].as_i64().unwrap();
    let usage = &answer.end_data()["usage"];
    assert_eq!(used, usage["prompt_tokens"].as_i64().unwrap() + usage["completion_tokens"].as_i64().unwrap());
    let sessions = student.get("/api/chat/sessions").await.expect(200);
    assert_eq!(sessions.body["items"][0]["title"], "What is preload?");
    platform.never_logged([answer.text(), "What is preload?".to_owned()]);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_model_is_sent_the_conversation_and_only_this_branch_of_it() {
    let platform = Platform::start().await;
    let good = key("good").answers(Script::answers("First answer."));
    platform.pool([good.clone()]).await;
    let student = platform.student().await;
    let session = student.session().await;
    student.asks_in(&session, "First question").await;
    student.asks_in(&session, "Second question").await;
    let messages = student.messages(&session).await;

    // Another answer to the second question, and then the first question in other words.
    let second = messages[2]["id"].as_str().unwrap();
    let reply = student.post(&format!("/api/chat/messages/{second}/regenerate"), json!({})).await.expect(202);
    student.events(&job_of(&reply), None).await.finish().await;
    let first = messages[0]["id"].as_str().unwrap();
    let edit = json!({ "content": "First question, edited" });
    let reply = student.post(&format!("/api/chat/messages/{first}/edit"), edit).await.expect(202);
    assert_eq!(reply.body["message"]["parent_id"], json!(null));
    student.events(&job_of(&reply), None).await.finish().await;

    let sent: Vec<Vec<String>> =
        platform.simulator.calls().iter().map(|call| contents(&call.prompt)).collect();
    assert_eq!(sent[1], ["First question", "First answer.", "Second question"]);
    assert_eq!(sent[2], sent[1], "regenerating asks the same");
    assert_eq!(sent[3], ["First question, edited"], "an edited question knows nothing of what came after it");
    let messages = student.messages(&session).await;
    assert_eq!(messages.len(), 7);
    assert_eq!(messages[4]["parent_id"], messages[2]["id"], "a branch under the same parent");
    platform.end().await;
}

fn contents(request: &serde_json::Value) -> Vec<String> {
    let messages = request["messages"].as_array().unwrap();
    let said = messages.iter().filter(|message| message["role"] != "system");
    said.map(|message| message["content"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_is_a_job_of_its_own_feature_with_its_own_keys() {
    let platform = Platform::start().await;
    let chat = key("chat").feature("chat").answers(Script::answers("A chat."));
    let mcq = key("mcq").feature("mcq");
    platform.pool([chat, mcq]).await;
    let student = platform.student().await;
    assert_eq!(student.asks("/mcq 1 heart failure").await.items().len(), 1);
    assert_eq!(student.asks("heart failure?").await.text(), "A chat.");
    let usage = student.usage().await;
    assert_eq!(usage["features"]["mcq"]["used"], 1);
    assert_eq!(usage["features"]["chat"]["used"], 1);
    assert_eq!(usage["requests"]["used"], 2);

    let session = student.session().await;
    for (sent, hint) in [("/mcqs heart", "There is no command /mcqs"), ("/map", "/map needs a topic")] {
        let reply = student.sends(&session, sent).await.expect(422);
        let problem = reply.body["error"]["details"][0]["problem"].as_str().unwrap();
        assert!(problem.starts_with(hint), "{problem}");
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_send_gets_the_first_answer() {
    let platform = Platform::start().await;
    platform.pool([key("good")]).await;
    let student = platform.student().await;
    let session = student.session().await;
    let path = format!("/api/chat/sessions/{session}/messages");
    let send = |content: &'static str| {
        let request = student.request(reqwest::Method::POST, &path).header("idempotency-key", "once");
        let request = request.json(&json!({ "content": content }));
        async move { crate::support::student::Reply::read(request.send().await.unwrap()).await }
    };
    // Ten at once: one is stored, and all get the same receipt.
    let replies = futures::future::join_all((0..10).map(|_| send("What is preload?"))).await;
    for reply in &replies {
        assert_eq!(reply.status, 202, "{}", reply.body);
        assert_eq!(reply.body["job"]["id"], replies[0].body["job"]["id"]);
    }
    student.events(&job_of(&replies[0]), None).await.finish().await;
    assert_eq!(student.messages(&session).await.len(), 2);
    send("Something else").await.expect(422);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_answer_at_a_time_in_a_conversation() {
    let platform = Platform::start().await;
    let slow = Script::healthy().first_token_after(std::time::Duration::from_millis(400));
    platform.pool([key("slow").answers(slow)]).await;
    let student = platform.student().await;
    let session = student.session().await;
    let both = tokio::join!(student.sends(&session, "One"), student.sends(&session, "Two"));
    let (accepted, refused) = if both.0.status == 202 { both } else { (both.1, both.0) };
    accepted.clone().expect(202);
    assert_eq!(refused.expect(409).code(), "CONFLICT");
    student.events(&job_of(&accepted), None).await.finish().await;
    student.sends(&session, "Two").await.expect(202);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stop_ends_the_call_and_keeps_what_was_said() {
    let platform = Platform::start().await;
    let slow = Script::healthy().chunks(1_000).token_every(std::time::Duration::from_millis(20));
    platform.pool([key("slow").answers(slow)]).await;
    let student = platform.student().await;
    let session = student.session().await;
    let receipt = student.sends(&session, "Tell me all").await.expect(202);
    let mut events = student.events(&job_of(&receipt), None).await;
    events.until("delta").await;
    student.delete(&format!("/api/jobs/{}", job_of(&receipt))).await.expect(202);
    let answer = events.finish().await;
    assert_eq!(answer.end(), "cancelled");
    let messages = student.messages(&session).await;
    assert_eq!(messages[1]["status"], "cancelled");
    assert_eq!(messages[1]["content"], answer.text(), "what the reader has is what is stored");
    assert!(student.usage().await["tokens"]["used"].as_i64().unwrap() > 0, "what was delivered is charged");
    // The simulator finds that nobody listens when it has something to say.
    while platform.simulator.totals().open > 0 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let call = platform.simulator.calls().pop().unwrap();
    assert!(call.aborted && call.chunks_sent < 1_000, "the provider was left alone: {call:?}");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_leaves_does_not_stop_the_answer() {
    let platform = Platform::start().await;
    let slow = Script::healthy().token_every(std::time::Duration::from_millis(5));
    platform.pool([key("slow").answers(slow)]).await;
    let student = platform.student().await;
    let session = student.session().await;
    let mut events = student.streams(&session, "What is preload?").await;
    events.until("delta").await;
    drop(events);
    platform
        .eventually("select exists (select from messages where status = 'complete' and role = 'assistant')")
        .await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_a_conversation_gives_up_its_answer() {
    let platform = Platform::start().await;
    let slow = Script::healthy().chunks(1_000).token_every(std::time::Duration::from_millis(20));
    platform.pool([key("slow").answers(slow)]).await;
    let student = platform.student().await;
    let session = student.session().await;
    let mut events = student.streams(&session, "Tell me all").await;
    events.until("delta").await;
    student.delete(&format!("/api/chat/sessions/{session}")).await.expect(204);
    assert_eq!(events.finish().await.end(), "cancelled");
    student.get(&format!("/api/chat/sessions/{session}")).await.expect(404);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_may_follow_an_answer_of_an_older_branch() {
    let platform = Platform::start().await;
    platform.pool([key("good").answers(Script::answers("An answer."))]).await;
    let student = platform.student().await;
    let session = student.session().await;
    student.asks_in(&session, "First").await;
    student.asks_in(&session, "Second").await;
    let messages = student.messages(&session).await;
    let (question, answer) = (&messages[0]["id"], &messages[1]["id"]);
    let path = format!("/api/chat/sessions/{session}/messages");

    let body = json!({ "content": "Another second", "parent_id": answer });
    let reply = student.post(&path, body).await.expect(202);
    assert_eq!(&reply.body["message"]["parent_id"], answer);
    student.events(&job_of(&reply), None).await.finish().await;

    let elsewhere = student.session().await;
    let other = format!("/api/chat/sessions/{elsewhere}/messages");
    for (path, parent) in [(&path, question), (&other, answer)] {
        let body = json!({ "content": "Nowhere", "parent_id": parent });
        let refused = student.post(path, body).await.expect(422);
        assert_eq!(refused.body["error"]["details"][0]["field"], "parent_id");
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_found_by_their_words_in_any_form_the_best_first_and_only_ones_own() {
    let platform = Platform::start().await;
    let said = "Contractility of the ventricle is Sjögren's 50% of \\\\frac. Preload: the heart contracts at its own pace.";
    platform.pool([key("good").answers(Script::answers(said))]).await;
    let (student, other) = (platform.student().await, platform.student().await);
    let session = student.session().await;
    student.asks_in(&session, "Why does it contract?").await;
    other.asks("What contracts?").await;
    let found = async |q: &str| -> Vec<serde_json::Value> {
        let q: String = url::form_urlencoded::byte_serialize(q.as_bytes()).collect();
        let reply = student.get(&format!("/api/chat/search?q={q}")).await.expect(200);
        reply.body["items"].as_array().unwrap().clone()
    };
    let hits = found("contracting").await;
    assert_eq!(hits.len(), 2, "{hits:?}");
    assert!(hits.iter().all(|hit| hit["session_id"] == session));
    let marked = |hit: &serde_json::Value| -> Vec<String> {
        let parts = hit["excerpt"].as_array().unwrap().iter();
        parts
            .filter(|part| part["hit"] == true)
            .map(|part| part["text"].as_str().unwrap().to_owned())
            .collect()
    };
    assert!(hits.iter().any(|hit| marked(hit).contains(&"contract".to_owned())), "{hits:?}");
    assert!(
        hits.iter().any(|hit| hit["role"] == "assistant" && marked(hit).contains(&"contracts".to_owned()))
    );
    assert_eq!(found("heart preload").await.len(), 1, "all words, in any order");
    assert_eq!(found("heart kidney").await.len(), 0);
    assert_eq!(found("sjogren").await.len(), 1, "accents make no difference");
    for odd in ["it's", "a & b | !c", "'", "\\\\", "%", "_", "the", "<->", ":*", "50%", "\u{1}"] {
        found(odd).await;
    }
    student.get("/api/chat/search?q=").await.expect(422);
    student.get(&format!("/api/chat/search?q={}", "x".repeat(201))).await.expect(422);
    student.get("/api/chat/search?q=x&limit=51").await.expect(422);
    student.post(&format!("/api/chat/sessions/{session}/trash"), json!({})).await.expect(204);
    assert_eq!(found("contracting").await.len(), 0, "what is thrown away is not found");
    platform.end_with_jobs_left().await;
}
