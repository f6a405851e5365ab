//! Students keep their conversations in order: pins, folders, the archive, and titles that say what there is.

use serde_json::{Value, json};
use simulator::Script;
use sqlx::{AssertSqlSafe, Row as _};

use crate::support::{
    Platform, key,
    student::{Reply, Student},
};

/// The conversations of a list, by their titles.
async fn titles(student: &Student, query: &str) -> Vec<String> {
    let reply = student.get(&format!("/api/chat/sessions{query}")).await.expect(200);
    let items = reply.body["items"].as_array().unwrap();
    items.iter().map(|session| session["title"].as_str().unwrap_or("-").to_owned()).collect()
}

/// A conversation with a title; returns its id.
async fn titled(student: &Student, title: &str) -> String {
    let reply = student.post("/api/chat/sessions", json!({ "title": title })).await.expect(201);
    reply.body["id"].as_str().unwrap().to_owned()
}

async fn change(student: &Student, session: &str, change: Value) -> Reply {
    student.patch(&format!("/api/chat/sessions/{session}"), change).await
}

async fn folder(student: &Student, name: &str) -> String {
    let reply = student.post("/api/chat/folders", json!({ "name": name })).await.expect(201);
    reply.body["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_pinned_stands_first_and_pages_go_on_from_there() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    let mut sessions = Vec::new();
    for title in ["one", "two", "three", "four"] {
        sessions.push(titled(&student, title).await);
    }
    let before = student.get(&format!("/api/chat/sessions/{}", sessions[0])).await.body;
    let pinned = change(&student, &sessions[0], json!({ "pinned": true })).await.expect(200).body;
    assert_eq!((&pinned["pinned"], &pinned["archived"]), (&json!(true), &json!(false)));
    assert_eq!(pinned["updated_at"], before["updated_at"], "it was not used");
    change(&student, &sessions[1], json!({ "pinned": true })).await.expect(200);
    assert_eq!(titles(&student, "").await, ["two", "one", "four", "three"]);

    let mut paged = Vec::new();
    let mut next = String::new();
    loop {
        let page = student.get(&format!("/api/chat/sessions?limit=1{next}")).await.expect(200).body;
        paged.push(page["items"][0]["title"].as_str().unwrap().to_owned());
        let Some(cursor) = page["next"].as_str() else { break };
        next = format!("&cursor={cursor}");
    }
    assert_eq!(paged, ["two", "one", "four", "three"]);
    change(&student, &sessions[1], json!({ "pinned": false })).await.expect(200);
    assert_eq!(titles(&student, "").await, ["one", "four", "three", "two"]);
    change(&student, &sessions[1], json!({})).await.expect(200);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_archived_is_out_of_the_list_until_it_is_asked_in() {
    let platform = Platform::start().await;
    platform.pool([key("good").answers(Script::answers("It is the stretch."))]).await;
    let student = platform.student().await;
    let kept = titled(&student, "Kidneys").await;
    let away = titled(&student, "Heart failure").await;
    student.asks_in(&away, "What is preload?").await;
    change(&student, &away, json!({ "archived": true })).await.expect(200);
    assert_eq!(titles(&student, "").await, ["Kidneys"]);
    assert_eq!(titles(&student, "?archived=true").await, ["Heart failure"]);
    // Searches find it, by its title and by what was said.
    assert_eq!(titles(&student, "?q=FAIL%20hear").await, ["Heart failure"]);
    assert_eq!(titles(&student, "?q=100%25").await, [""; 0]);
    let found = student.get("/api/chat/search?q=stretch").await.expect(200).body;
    assert_eq!(found["items"][0]["session_id"], away);
    assert_eq!(student.messages(&away).await.len(), 2, "it can be read");

    change(&student, &away, json!({ "archived": false })).await.expect(200);
    assert_eq!(titles(&student, "").await, ["Heart failure", "Kidneys"]);
    for asked in ["send", "edit", "regenerate"] {
        change(&student, &away, json!({ "archived": true })).await.expect(200);
        let question = student.messages(&away).await[0]["id"].as_str().unwrap().to_owned();
        match asked {
            "send" => drop(student.asks_in(&away, "And afterload?").await),
            _ => {
                let path = format!("/api/chat/messages/{question}/{asked}");
                let receipt = student.post(&path, json!({ "content": "Why?" })).await.expect(202);
                student.events(&crate::support::student::job_of(&receipt), None).await.finish().await;
            }
        }
        assert_eq!(titles(&student, "").await, ["Heart failure", "Kidneys"], "{asked} brings it back");
    }
    assert_eq!(titles(&student, "?archived=true").await, [""; 0]);
    student.delete(&format!("/api/chat/sessions/{kept}")).await.expect(204);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_holds_conversations_and_leaves_them_when_it_goes() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    let (heart, kidney) = (folder(&student, " Heart ").await, folder(&student, "Kidney").await);
    let (one, two) = (titled(&student, "one").await, titled(&student, "two").await);
    titled(&student, "three").await;
    let put = change(&student, &one, json!({ "folder_id": heart })).await.expect(200).body;
    assert_eq!(put["folder_id"], heart);
    change(&student, &two, json!({ "folder_id": heart, "pinned": true })).await.expect(200);
    assert_eq!(titles(&student, &format!("?folder={heart}")).await, ["two", "one"]);
    assert_eq!(titles(&student, &format!("?folder={kidney}")).await, [""; 0]);
    assert_eq!(titles(&student, "").await, ["two", "three", "one"], "all of them");
    assert_eq!(titles(&student, "?loose=true").await, ["two", "three"], "pinned ones are at the top, too");
    assert_eq!(titles(&student, "?q=one").await, ["one"]);
    change(&student, &one, json!({ "archived": true })).await.expect(200);
    assert_eq!(titles(&student, &format!("?folder={heart}")).await, ["two"]);
    change(&student, &one, json!({ "archived": false })).await.expect(200);

    let names = async || {
        let items = student.get("/api/chat/folders").await.expect(200).body["items"].clone();
        let names =
            items.as_array().unwrap().iter().map(|folder| folder["name"].as_str().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names().await, ["Heart", "Kidney"]);
    for taken in [
        student.post("/api/chat/folders", json!({ "name": "hEART" })).await,
        student.patch(&format!("/api/chat/folders/{kidney}"), json!({ "name": "heart" })).await,
    ] {
        assert_eq!(taken.expect(422).body["error"]["details"][0]["field"], "name");
    }
    student.patch(&format!("/api/chat/folders/{heart}"), json!({ "name": "A cor" })).await.expect(200);
    assert_eq!(names().await, ["A cor", "Kidney"]);
    // A conversation that is trashed, too, is in none after it.
    student.post(&format!("/api/chat/sessions/{two}/trash"), json!({})).await.expect(204);
    student.delete(&format!("/api/chat/folders/{heart}")).await.expect(204);
    student.get(&format!("/api/chat/sessions?folder={heart}")).await.expect(404);
    let back = student.post(&format!("/api/chat/sessions/{two}/restore"), json!({})).await.expect(200).body;
    assert_eq!(back["folder_id"], Value::Null);
    assert_eq!(titles(&student, "?loose=true").await, ["two", "three", "one"]);
    change(&student, &one, json!({ "folder_id": kidney })).await.expect(200);
    change(&student, &one, json!({ "folder_id": null })).await.expect(200);
    assert_eq!(titles(&student, &format!("?folder={kidney}")).await, [""; 0]);

    let ninety_nine = format!(
        "insert into folders (id, user_id, name) select gen_random_uuid(), '{}', 'f' || n from generate_series(1, 99) n",
        student.id
    );
    platform.sql(ninety_nine).await;
    let full = student.post("/api/chat/folders", json!({ "name": "One more" })).await.expect(409);
    assert!(full.body["error"]["message"].as_str().unwrap().contains("100 folders"));
    platform.sql("update jobs set run_at = now(), state = 'ready' where name = 'empty_trash' and state = 'scheduled'").await;
    platform.end_with_jobs_left().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn anothers_folder_and_anothers_conversation_are_not_there() {
    let platform = Platform::setup().queues([]).start().await;
    let (student, other) = (platform.student().await, platform.student().await);
    let (mine, theirs) = (folder(&student, "Heart").await, folder(&other, "Heart").await);
    let session = titled(&student, "one").await;
    for gone in [&theirs, &uuid::Uuid::nil().to_string()] {
        let refused = change(&student, &session, json!({ "folder_id": gone })).await.expect(422);
        assert_eq!(refused.body["error"]["details"][0]["field"], "folder_id");
        student.get(&format!("/api/chat/sessions?folder={gone}")).await.expect(404);
        student.patch(&format!("/api/chat/folders/{gone}"), json!({ "name": "Mine" })).await.expect(404);
        student.delete(&format!("/api/chat/folders/{gone}")).await.expect(404);
    }
    for body in [json!({ "pinned": true }), json!({ "archived": true }), json!({ "folder_id": theirs })] {
        change(&other, &session, body).await.expect(404);
    }
    let listed = other.get("/api/chat/folders").await.expect(200).body;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(titles(&other, "?q=one").await, [""; 0]);
    // Not even SQL puts a conversation into another's folder.
    let mut tx = platform.db().begin_as(student.id.parse().unwrap()).await.unwrap();
    let steal = format!("update sessions set folder_id = '{theirs}'");
    let error = sqlx::query(AssertSqlSafe(steal)).execute(&mut *tx).await.unwrap_err();
    assert_eq!(error.as_database_error().unwrap().constraint(), Some("sessions_folder"));
    drop(tx);
    change(&student, &session, json!({ "folder_id": mine })).await.expect(200);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_to_folders_and_lists_is_checked() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    for name in ["", "  ", "two\nlines", &"x".repeat(61)] {
        let refused = student.post("/api/chat/folders", json!({ "name": name })).await.expect(422);
        assert_eq!(refused.body["error"]["details"][0]["field"], "name", "{name:?}");
    }
    let session = titled(&student, "one").await;
    for (field, value) in [("pinned", json!("yes")), ("archived", json!(1)), ("folder_id", json!("heart"))] {
        let refused = change(&student, &session, json!({ field: value })).await.expect(422);
        assert_eq!(refused.body["error"]["details"][0]["field"], field);
    }
    let long = format!("q={}", "x".repeat(201));
    for query in ["folder=heart", "archived=perhaps", "loose=1", "q=%00", &long, "cursor=e30"] {
        student.get(&format!("/api/chat/sessions?{query}")).await.expect(422);
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_that_begins_with_a_command_is_titled_by_what_it_makes() {
    let platform = Platform::start().await;
    platform.pool([key("good")]).await;
    let student = platform.student().await;
    student.asks("/mcq beta blockers").await;
    student.asks("/map  the RAAS").await;
    student.asks("/flashcard cranial nerves").await;
    let expected = ["Flashcards: cranial nerves", "Concept map: the RAAS", "Questions: beta blockers"];
    assert_eq!(titles(&student, "").await, expected);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_conversations_are_listed_along_an_index() {
    let platform = Platform::setup().queues([]).start().await;
    let (student, other) = (platform.student().await, platform.student().await);
    let heart = folder(&student, "Heart").await;
    for (who, folder) in [(&student, format!("'{heart}'::uuid")), (&other, "null::uuid".to_owned())] {
        platform
            .sql(format!(
                "insert into sessions (id, user_id, title, pinned, archived, folder_id, updated_at)
                 select gen_random_uuid(), '{}', 'Conversation ' || n, n % 1000 = 0, n % 10 = 1,
                        case when n % 3 = 0 then {folder} end, now() - n * interval '1 minute'
                 from generate_series(1, 10000) n",
                who.id
            ))
            .await;
    }
    platform.sql_as_owner("analyze sessions").await;
    // As `domain::chat::sessions` asks.
    let order = "order by pinned desc, updated_at desc, id desc limit 101";
    let lists = [
        (
            format!(
                "trashed_at is null and archived = false and (not true or pinned or folder_id is null) {order}"
            ),
            "sessions_by_user",
        ),
        (
            format!(
                "trashed_at is null and archived = true and (not false or pinned or folder_id is null) {order}"
            ),
            "sessions_by_user",
        ),
        (
            format!(
                "trashed_at is null and archived = false and (pinned, updated_at, id) < (false, now() - interval '5 days', '{heart}') {order}"
            ),
            "sessions_by_user",
        ),
        (
            format!("folder_id = '{heart}' and trashed_at is null and not archived {order}"),
            "sessions_by_folder",
        ),
    ];
    let mut tx = platform.db().begin_as(student.id.parse().unwrap()).await.unwrap();
    for (list, index) in lists {
        let explain = format!("explain (analyze, buffers) select id from sessions where {list}");
        let rows = sqlx::query(AssertSqlSafe(explain)).fetch_all(&mut *tx).await.unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        assert!(plan.iter().any(|line| line.contains(index)), "{list}: {plan:#?}");
        assert!(!plan.iter().any(|line| line.contains("Sort")), "{list}: {plan:#?}");
    }
    drop(tx);
    assert_eq!(titles(&student, "?limit=100&loose=true").await.len(), 100);
    assert_eq!(titles(&student, "?q=conversation%209999").await, ["Conversation 9999"]);
    platform.end().await;
}
