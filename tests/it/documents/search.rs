//! Searching documents.

use serde_json::json;

use crate::support::{
    Platform,
    pdf::{pdf, textbook},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_search_finds_by_meaning_and_by_words() {
    let platform = Platform::start().await;
    let student = platform.student_on("student").await;
    assert!(student.finds("anything").await.is_empty(), "there is nothing yet");
    let document = student.has_read("Physiology.pdf", &textbook()).await;
    // Words that the page does not have.
    let found = student.finds("broken heart syndrome in older women").await;
    assert_eq!((&found[0]["page"], &found[0]["title"]), (&json!(3), &json!("Physiology")));
    // A word that says it all.
    let found = student.finds("aquaporin").await;
    assert_eq!(found[0]["page"], 2);
    assert!(found[0]["found_by"].as_array().unwrap().contains(&json!("text")), "{}", found[0]);
    assert!(found[0]["snippet"].as_str().unwrap().contains("aquaporin"));
    assert!(found[0]["similarity"].as_f64().is_some());

    let id = document["id"].as_str().unwrap();
    let within = format!("/api/documents/search?q=preload&top_k=1&document={id}");
    assert_eq!(student.get(&within).await.expect(200).body["items"].as_array().unwrap().len(), 1);
    let elsewhere = format!("/api/documents/search?q=preload&document={}", uuid::Uuid::nil());
    student.get(&elsewhere).await.expect(404);
    for bad in ["q=", "q=x&top_k=0", "q=x&top_k=51", "top_k=1"] {
        student.get(&format!("/api/documents/search?{bad}")).await.expect(422);
    }
    assert_eq!(platform.number("select count(*) from searches").await, 0, "what was looked for is forgotten");
    let payloads =
        "select count(*) from jobs where payload::text like '%aquaporin%' or ending::text like '%aquaporin%'";
    assert_eq!(platform.number(payloads).await, 0, "and was in no job");
    assert_eq!(student.usage().await["requests"]["used"], 1, "searches are not counted");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accents_and_ligatures_do_not_matter() {
    let platform = Platform::start().await;
    let student = platform.student_on("student").await;
    let names = pdf(&["Sjögren and Ménière gave their names to what they described in their patients."]);
    student.has_read("Names.pdf", &names).await;
    let found = student.finds("Sjogren Meniere").await;
    assert!(found[0]["found_by"].as_array().unwrap().contains(&json!("text")), "{found:?}");
    platform.end().await;
}
