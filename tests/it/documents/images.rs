//! Images of messages.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Platform, key, student::Reply};

/// The smallest PNG there is: one red pixel.
const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0,
    1, 8, 2, 0, 0, 0, 0x90, 0x77, 0x53, 0xDE, 0, 0, 0, 12, b'I', b'D', b'A', b'T', 0x08, 0xD7, 0x63, 0xF8,
    0xCF, 0xC0, 0, 0, 3, 1, 1, 0, 0x18, 0xDD, 0x8D, 0xB0, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xAE, 0x42,
    0x60, 0x82,
];

#[tokio::test(flavor = "multi_thread")]
async fn an_image_is_seen_by_every_provider() {
    for (provider, data) in [
        ("gemini", "/contents/0/parts/0/inlineData/data"),
        ("openai", "/messages/1/content/0/image_url/url"),
        ("ollama", "/messages/1/images/0"),
    ] {
        let platform = Platform::start().await;
        platform.pool([key("good").provider(provider)]).await;
        let student = platform.student_on("student").await;
        let image = student.sends_file("/api/images", "x-ray.png", PNG).await.expect(201).body;
        assert_eq!((&image["width"], &image["content_type"]), (&json!(1), &json!("image/png")));
        let session = student.session().await;
        let path = format!("/api/chat/sessions/{session}/messages");
        let body = json!({ "content": "What is on this image?", "attachments": [image["id"]] });
        let receipt = student.post(&path, body.clone()).await.expect(202);
        let job = crate::support::student::job_of(&receipt);
        assert_eq!(student.events(&job, None).await.finish().await.end(), "done");
        let call = platform.simulator.calls().pop().unwrap();
        let sent =
            call.prompt.pointer(data).and_then(Value::as_str).unwrap_or_else(|| panic!("{}", call.prompt));
        assert!(sent.contains("iVBORw0KGgo"), "a PNG in base64: {sent}");
        assert_eq!(student.messages(&session).await[0]["attachments"][0]["id"], image["id"]);
        student.post(&path, body).await.expect(422);
        let file = student.request(Method::GET, image["url"].as_str().unwrap()).send().await.unwrap();
        assert_eq!(file.headers()["content-type"], "image/png");
        assert!(file.headers()["content-security-policy"].to_str().unwrap().starts_with("sandbox"));
        assert_eq!(student.usage().await["features"]["image"]["used"], 1);
        platform.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn images_have_their_limits() {
    let platform = Platform::setup().config(|config| config.files.max_image_mb = 1).start().await;
    platform.pool([key("good")]).await;
    let free = platform.student().await;
    assert_eq!(free.sends_file("/api/images", "x.png", PNG).await.expect(429).code(), "IMAGE_LIMIT_EXCEEDED");
    let student = platform.student_on("student").await;
    for bytes in [&b"%PDF-1.7"[..], b"GIF89a\x01\0\x01\0\0\0\0", b"<svg xmlns='http://www.w3.org/2000/svg'/>"]
    {
        student.sends_file("/api/images", "x.png", bytes).await.expect(415);
    }
    student.sends_file("/api/images", "x.png", &PNG[..40]).await.expect(422);
    let large = [PNG, &vec![0; 1_500_000]].concat();
    student.sends_file("/api/images", "x.png", &large).await.expect(413);
    assert_eq!(student.usage().await["requests"]["used"], 0);
    // Somebody else's image cannot be attached, nor one that is none.
    let image = student.sends_file("/api/images", "x.png", PNG).await.expect(201).body;
    let other = platform.student_on("student").await;
    let session = other.session().await;
    let path = format!("/api/chat/sessions/{session}/messages");
    for id in [image["id"].clone(), json!(uuid::Uuid::nil())] {
        let reply: Reply =
            other.post(&path, json!({ "content": "What is this?", "attachments": [id] })).await;
        assert_eq!(reply.expect(422).body["error"]["details"][0]["field"], "attachments");
    }
    other.get(image["url"].as_str().unwrap()).await.expect(404);
    platform.end().await;
}
