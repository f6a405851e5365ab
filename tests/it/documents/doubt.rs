//! What may have been read wrong says so, wherever it is seen.

use serde_json::{Value, json};
use simulator::Script;

use crate::support::{Platform, key, pdf::textbook};

/// The prompt that the provider got last.
fn prompt(platform: &Platform) -> String {
    let call = platform.simulator.calls().into_iter().rfind(|call| call.path.contains("chat")).unwrap();
    call.prompt["messages"].as_array().unwrap().last().unwrap()["content"].as_str().unwrap().to_owned()
}

/// A document of three pages, of which the first is known as this.
async fn first_page_is(platform: &Platform, known: &str) -> (crate::support::student::Student, Value) {
    platform.pool([key("good").answers(Script::answers("It is the stretch [1]."))]).await;
    let student = platform.student_on("student").await;
    let document = student.has_read("Physiology.pdf", &textbook()).await;
    platform.sql(&format!("update document_pages set {known} where page = 1")).await;
    (student, document)
}

/// What is told of its first page: in the answer as it comes, as stored, in a search, and on the page itself.
async fn told_of_first_page(student: &crate::support::student::Student, document: &Value) -> [Value; 4] {
    let session = student.session().await;
    let answer = student.asks_in(&session, "What does preload do to the stretch of the ventricle?").await;
    let told = answer.events.iter().find(|event| event.kind == "citations").expect("citations");
    let stored = student.messages(&session).await[1]["citations"][0].clone();
    let found = student.finds("preload ventricle diastole").await[0].clone();
    let path = format!("/api/documents/{}/pages/1", document["id"].as_str().unwrap());
    [told.data["citations"][0].clone(), stored, found, student.get(&path).await.expect(200).body]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_in_doubt_says_to_check_the_original_wherever_it_is_seen() {
    let platform = Platform::start().await;
    let (student, document) = first_page_is(&platform, "doubtful = true").await;
    assert_eq!(document["check_original"], false);
    for told in told_of_first_page(&student, &document).await {
        assert_eq!((&told["page"], &told["check_original"]), (&json!(1), &json!(true)), "{told}");
        assert_ne!(told["recognised"], true);
    }
    let prompt = prompt(&platform);
    let head = prompt.lines().find(|line| line.starts_with("[1]")).unwrap();
    assert!(head.contains("could not be verified") && head.contains("check the original"), "{head}");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn recognised_text_says_so_wherever_it_is_seen() {
    let platform = Platform::start().await;
    let (student, document) = first_page_is(&platform, "recognised = true").await;
    for told in told_of_first_page(&student, &document).await {
        assert_eq!((&told["check_original"], &told["recognised"]), (&json!(true), &json!(true)), "{told}");
    }
    assert!(prompt(&platform).contains("recognised in an image"));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_sure_says_nothing() {
    let platform = Platform::start().await;
    let (student, document) = first_page_is(&platform, "label = '12'").await;
    for told in told_of_first_page(&student, &document).await {
        assert_ne!(told["check_original"], true, "{told}");
        assert_eq!(told["label"], "12");
    }
    let prompt = prompt(&platform);
    assert!(prompt.lines().any(|line| line == "[1]"), "{prompt}");
    // Under the printed number, too, and within the fence, as the title.
    assert!(prompt.contains("\nPhysiology, page 12 (1 of the file)\n"), "{prompt}");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passage_that_cannot_be_embedded_is_found_by_its_words() {
    let platform = Platform::start().await;
    platform.pool([key("good").answers(Script::answers("The apex is weak [1]."))]).await;
    let student = platform.student_on("student").await;
    student.has_read("Physiology.pdf", &textbook()).await;
    platform.sql("update chunk_vectors set embedding = null where number / 4096 = 3").await;
    let found = student.finds("Takotsubo cardiomyopathy").await;
    let third = found.iter().find(|hit| hit["page"] == 3).expect("it is found");
    assert_eq!(third["found_by"], json!(["text"]), "{found:?}");
    let session = student.session().await;
    student.asks_in(&session, "What is Takotsubo cardiomyopathy, and who is stunned by it?").await;
    assert_eq!(student.messages(&session).await[1]["citations"][0]["page"], 3);
    platform.end().await;
}
