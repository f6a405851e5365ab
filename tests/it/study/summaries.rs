//! Summaries: found by their words, taken along as Markdown, made into notes.

use serde_json::{Value, json};
use study::summary::SummaryKind;

use super::material::{QUOTE, source, summary};
use crate::support::{Platform, student::Student};

async fn titles(student: &Student, query: &str) -> Vec<Value> {
    let found = student.get(&format!("/api/study/summaries{query}")).await.expect(200).body;
    found["items"].as_array().unwrap().iter().map(|item| item["title"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn summaries_are_found_by_words_of_title_or_text_in_pages() {
    let platform = Platform::start().await;
    let (student, other) = (platform.student().await, platform.student().await);
    let points = [json!({ "text": "**Furosemide** acts in the loop, in 50 % of it.", "source": source() })];
    let id = summary(&platform, &student, SummaryKind::Highyield, "Diuretics", &points).await;
    let sections = [json!({ "heading": "Why", "body": "The loop of Henle.", "source": null })];
    summary(&platform, &student, SummaryKind::Explain, "Kidney\nin short", &sections).await;
    assert_eq!(titles(&student, "").await, ["Kidney in short", "Diuretics"]);
    for (query, found) in [
        ("?q=LOOP", vec!["Kidney in short", "Diuretics"]),
        ("?q=loop%20furosemide", vec!["Diuretics"]),
        ("?q=why%20kidney", vec!["Kidney in short"]),
        ("?q=50%20%25", vec!["Diuretics"]),
        ("?q=text", vec![]),
        ("?q=5_", vec![]),
        ("?q=Guyton", vec![]),
    ] {
        assert_eq!(titles(&student, query).await, found, "{query}");
    }
    let first = student.get("/api/study/summaries?limit=1").await.expect(200).body;
    let next = format!("?limit=1&cursor={}", first["next"].as_str().unwrap());
    assert_eq!(titles(&student, &next).await, ["Diuretics"]);
    student.get(&format!("/api/study/summaries?q={}", "x".repeat(201))).await.expect(422);

    let path = format!("/api/study/summaries/{id}");
    let shown = student.get(&path).await.expect(200).body;
    assert_eq!(
        (&shown["kind"], &shown["items"][0]["source"]["quote"], &shown["message_id"]),
        (&json!("highyield"), &json!(QUOTE), &Value::Null)
    );
    assert_eq!(student.patch(&path, json!({ "title": "Loop" })).await.expect(200).body["title"], "Loop");
    for reply in [
        other.get(&path).await,
        other.patch(&path, json!({ "title": "x" })).await,
        other.delete(&path).await,
        other.post(&format!("{path}/cards"), json!({})).await,
        other.get(&format!("{path}/export")).await,
    ] {
        reply.expect(404);
    }
    student.delete(&path).await.expect(204);
    student.get(&path).await.expect(404);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_summary_is_taken_along_as_markdown_and_made_into_notes_once() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    let points = [
        json!({ "text": "**Preload** is stretch.\u{0}", "source": source() }),
        json!({ "text": "It rises with volume.", "source": null }),
    ];
    let id = summary(&platform, &student, SummaryKind::Highyield, "Größe: \"Preload\"", &points).await;
    let path = format!("/api/study/summaries/{id}");
    let file = student.get(&format!("{path}/export")).await.expect(200);
    assert_eq!(file.headers["content-type"], "text/markdown; charset=utf-8");
    let named = file.headers["content-disposition"].to_str().unwrap();
    assert_eq!(
        named,
        "attachment; filename=\"Gr__e_ _Preload_.md\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%3A%20%22Preload%22.md"
    );
    let text = file.body.as_str().unwrap();
    assert!(
        text.starts_with("# Größe: \"Preload\"\n\n- **Preload** is stretch.[^s1]\n- It rises with volume.\n"),
        "{text}"
    );
    assert!(text.contains("[^s1]: Guyton, p. xii: “Preload is the stretch of the myocyte”"), "{text}");

    let cards = format!("{path}/cards");
    let made = student.post(&cards, json!({})).await.expect(200).body;
    assert_eq!(made["created"], 2);
    assert_eq!(
        student.post(&cards, json!({ "deck_id": made["deck_id"] })).await.expect(200).body["created"],
        0
    );
    student.post(&cards, json!({ "deck_id": uuid::Uuid::nil() })).await.expect(404);
    let cloze = "select count(*) from notes where kind = 'cloze' and fields ->> 'text' = '{{c1::Preload}} is stretch.'
        and source ->> 'label' = 'xii'";
    assert_eq!(platform.number(cloze).await, 1);
    let basic = "select count(*) from notes where kind = 'basic' and fields ->> 'front' like '%(2 of 2)'";
    assert_eq!(platform.number(basic).await, 1);
    platform.end().await;
}
