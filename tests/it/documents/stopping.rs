//! Documents that go away.

use serde_json::json;

use crate::support::{
    Platform,
    documents::document_of,
    pdf::{pdf, textbook},
    student::job_of,
};

/// A long one, whose embedding takes a while.
fn long() -> Vec<u8> {
    let pages: Vec<String> = (0..60)
        .map(|n| {
            format!("Page {n}. {}", "The ventricle fills and empties, and each beat is another. ".repeat(30))
        })
        .collect();
    pdf(&pages.iter().map(String::as_str).collect::<Vec<_>>())
}

const NOTHING_LEFT: &str =
    "select not exists (select from documents) and not exists (select from document_pages)
  and not exists (select from chunks) and not exists (select from chunk_vectors)
  and not exists (select from document_words)";

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_deleted_midway_leaves_nothing() {
    let platform = Platform::start().await;
    let student = platform.student_on("student").await;
    let receipt = student.uploads("Long.pdf", &long()).await.expect(202);
    let mut events = student.events(&job_of(&receipt), None).await;
    while events.until("progress").await.data["step"] != json!("embedding") {}
    let path = format!("/api/documents/{}", document_of(&receipt));
    student.delete(&path).await.expect(204);
    assert_eq!(events.finish().await.end(), "cancelled");
    student.get(&path).await.expect(404);
    platform.eventually("select not exists (select from jobs where finished_at is null)").await;
    platform.eventually(NOTHING_LEFT).await;
    assert_eq!(platform.stored_files(), 0);
    assert_eq!(
        student.usage().await["features"]["pdf"]["used"],
        0,
        "it came to nothing, so it is not counted"
    );
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_document_takes_file_chunks_and_vectors_along() {
    let platform = Platform::start().await;
    let student = platform.student_on("student").await;
    let document = student.has_read("Heart.pdf", &textbook()).await;
    assert!(platform.number("select count(*) from chunk_vectors").await >= 3);
    assert_eq!(platform.stored_files(), 1);
    student.delete(&format!("/api/documents/{}", document["id"].as_str().unwrap())).await.expect(204);
    platform.eventually(NOTHING_LEFT).await;
    platform.eventually("select not exists (select from jobs where finished_at is null)").await;
    assert_eq!(platform.stored_files(), 0);
    assert!(student.finds("preload").await.is_empty());
    // The same file is welcome again.
    assert_eq!(student.has_read("Heart.pdf", &textbook()).await["status"], "ready");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_that_is_stopped_says_so_and_can_be_tried_again() {
    let platform = Platform::start().await;
    let student = platform.student_on("student").await;
    let receipt = student.uploads("Long.pdf", &long()).await.expect(202);
    let mut events = student.events(&job_of(&receipt), None).await;
    events.until("progress").await;
    student.delete(&format!("/api/jobs/{}", job_of(&receipt))).await.expect(202);
    assert_eq!(events.finish().await.end(), "cancelled");
    let stopped = student.is_read(document_of(&receipt)).await;
    assert_eq!((&stopped["status"], &stopped["error"]["code"]), (&json!("failed"), &json!("PDF_CANCELLED")));
    let again = student.uploads("Long.pdf", &long()).await.expect(202);
    assert_eq!(document_of(&again), document_of(&receipt));
    assert_eq!(student.is_read(document_of(&again)).await["status"], "ready");
    assert_eq!(student.usage().await["features"]["pdf"]["used"], 1);
    platform.end().await;
}
