//! Nobody else sees anything of a document.

use reqwest::Method;
use serde_json::json;

use crate::support::{Platform, key, pdf::textbook, student::Reply};

#[tokio::test(flavor = "multi_thread")]
async fn another_student_sees_none_of_it() {
    let platform = Platform::start().await;
    platform.pool([key("good")]).await;
    let (owner, thief) = (platform.student_on("student").await, platform.student_on("student").await);
    let document = owner.has_read("Physiology.pdf", &textbook()).await;
    let id = document["id"].as_str().unwrap();
    let nil = uuid::Uuid::nil().to_string();
    for (method, path) in [
        (Method::GET, "/api/documents/{id}"),
        (Method::DELETE, "/api/documents/{id}"),
        (Method::GET, "/api/documents/{id}/pages/1"),
        (Method::GET, "/api/documents/{id}/file"),
        (Method::POST, "/api/documents/{id}/password"),
        (Method::POST, "/api/documents/{id}/ocr"),
        (Method::GET, "/api/documents/search?q=preload&document={id}"),
        (Method::GET, "/api/images/{id}"),
    ] {
        let ask = async |id: &str| {
            let request = thief.request(method.clone(), &path.replace("{id}", id));
            let request =
                if method == Method::POST { request.json(&json!({ "password": "x" })) } else { request };
            Reply::read(request.send().await.unwrap()).await.expect(404)
        };
        assert_eq!(ask(id).await.error(), ask(&nil).await.error(), "the two are never told apart: {path}");
    }
    let job = document["job_id"].as_str().unwrap();
    thief.get(&format!("/api/jobs/{job}/events")).await.expect(404);
    assert_eq!(thief.get("/api/documents").await.expect(200).body["items"], json!([]));
    assert!(thief.finds("preload").await.is_empty());
    // Also with documents of one's own.
    let own = thief
        .has_read(
            "Mine.pdf",
            &crate::support::pdf::pdf(&["Something about the bones of the hand and the wrist."]),
        )
        .await;
    assert!(thief.finds("preload").await.iter().all(|hit| hit["document_id"] == own["id"]));
    let answer = thief.asks("What is preload of the ventricle?").await;
    assert_eq!(answer.count("citations"), 0);
    let session = thief.session().await;
    let path = format!("/api/chat/sessions/{session}/documents");
    let request = thief.request(Method::PUT, &path).json(&json!({ "documents": [id] }));
    Reply::read(request.send().await.unwrap()).await.expect(422);
    assert_eq!(owner.get(&format!("/api/documents/{id}")).await.expect(200).body["status"], "ready");
    platform.end().await;
}
