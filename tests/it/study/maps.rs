//! Concept maps: kept, renamed, taken along as text for Mermaid.

use serde_json::{Value, json};
use study::items::Map;

use super::material;
use crate::support::Platform;

fn map() -> Map {
    let node = |id: usize, label: &str| json!({ "id": format!("n{id}\""), "label": label, "kind": "cause", "note": "" });
    let labels = ["end", "A \"quoted\"]", "50 %\nof it", "Größe #1", "心", "x --> y"];
    let nodes: Vec<Value> = labels.iter().enumerate().map(|(id, label)| node(id, label)).collect();
    let edges: Vec<Value> =
        (1..6).map(|to| json!({ "from": "n0\"", "to": format!("n{to}\""), "verb": "leads|to" })).collect();
    serde_json::from_value(json!({ "nodes": nodes, "edges": edges })).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_map_is_kept_renamed_taken_along_and_deleted() {
    let platform = Platform::start().await;
    let (student, other) = (platform.student().await, platform.student().await);
    let id = material::map(&platform, &student, "Heart failure", &map()).await;
    let path = format!("/api/study/maps/{id}");
    let shown = student.get(&path).await.expect(200).body;
    assert_eq!(shown["map"], serde_json::to_value(map()).unwrap());
    let listed = student.get("/api/study/maps").await.expect(200).body;
    assert_eq!(
        (&listed["items"][0]["nodes"], &listed["items"][0]["title"]),
        (&json!(6), &json!("Heart failure"))
    );
    assert_eq!(student.patch(&path, json!({ "title": "HF" })).await.expect(200).body["title"], "HF");

    let file = student.get(&format!("{path}/export?format=mermaid")).await.expect(200);
    assert_eq!(file.headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(
        file.headers["content-disposition"],
        "attachment; filename=\"HF.mmd\"; filename*=UTF-8''HF.mmd"
    );
    let text = file.body.as_str().unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 1 + 6 + 5, "{text}");
    assert_eq!((lines[0], lines[2]), ("flowchart LR", "  n1[\"A #34;quoted#34;#93;\"]"));
    assert_eq!(lines[7], "  n0 -->|\"leads#124;to\"| n1");
    student.get(&format!("{path}/export?format=pdf")).await.expect(422);
    student.get(&format!("{path}/export")).await.expect(422);
    for reply in [
        other.get(&path).await,
        other.patch(&path, json!({ "title": "x" })).await,
        other.delete(&path).await,
        other.get(&format!("{path}/export?format=mermaid")).await,
    ] {
        reply.expect(404);
    }
    student.delete(&path).await.expect(204);
    student.delete(&path).await.expect(404);
    platform.end().await;
}
