//! Notes make cards of their fields.

use serde_json::{Value, json};

use super::{answer, card, deck, note};
use crate::support::Platform;

fn ordinals(note: &Value) -> Vec<i64> {
    note["cards"].as_array().unwrap().iter().map(|card| card["ordinal"].as_i64().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn cards_follow_the_fields_and_those_that_stay_keep_their_schedule() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    let heart = deck(&student, "Heart").await;
    let body = json!({ "kind": "cloze", "fields": { "text": "{{c1::Preload}} and {{c2::afterload}}" }, "tags": ["Heart failure", "heart_failure"] });
    let made = note(&student, &heart, body).await.expect(201).body;
    assert_eq!(ordinals(&made), [1, 2]);
    assert_eq!((&made["tags"], &made["created_by"]), (&json!(["Heart_failure"]), &json!("student")));
    let kept = made["cards"][1]["id"].as_str().unwrap().to_owned();
    answer(&student, &kept, 4).await.expect(200);
    let path = format!("/api/study/notes/{}", made["id"].as_str().unwrap());
    let fields = json!({ "fields": { "text": "{{c2::Afterload}} and {{c5::contractility}}" } });
    let changed = student.patch(&path, fields).await.expect(200).body;
    assert_eq!(ordinals(&changed), [2, 5]);
    assert_eq!(changed["cards"][0]["id"], kept);
    assert_eq!(
        (&changed["cards"][0]["state"], &changed["cards"][1]["state"]),
        (&json!("review"), &json!("new"))
    );
    let reversed = json!({ "kind": "basic_reversed", "fields": { "front": "a", "back": "b" } });
    assert_eq!(ordinals(&note(&student, &heart, reversed).await.expect(201).body), [0, 1]);
    for (kind, fields, field) in [
        ("basic", json!({ "front": "<script>alert(1)</script>", "back": "b" }), "fields.front"),
        ("basic", json!({ "front": "a" }), "fields"),
        ("cloze", json!({ "text": "nothing" }), "fields.text"),
        ("image_occlusion", json!({ "boxes": [] }), "fields.image_id"),
        ("essay", json!({}), "kind"),
    ] {
        let refused = note(&student, &heart, json!({ "kind": kind, "fields": fields })).await.expect(422);
        assert_eq!(refused.body["error"]["details"][0]["field"], field, "{}", refused.body);
    }
    student.delete(&path).await.expect(204);
    student.get(&path).await.expect(404);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_keeps_its_card_and_the_picture_is_kept_for_its_note() {
    let platform = Platform::start().await;
    platform.pool([crate::support::key("good")]).await;
    let (student, other) = (platform.student().await, platform.student().await);
    let image = |of: &crate::support::student::Student| {
        let id = uuid::Uuid::from_u128(rand::random());
        let sql = format!(
            "insert into images (id, user_id, content_type, bytes, width, height, created_at)
             values ('{id}', '{}', 'image/png', 1, 1, 1, now() - interval '9 days')",
            of.id
        );
        (id.to_string(), sql)
    };
    let ((mine, insert), (others, insert_other)) = (image(&student), image(&other));
    platform.sql(insert).await;
    platform.sql(insert_other).await;
    let heart = deck(&student, "Heart").await;
    let picture = |image: &str, places: &[f64]| {
        let boxes: Vec<_> = places.iter().map(|x| json!({ "x": x, "y": 0.1, "w": 0.1, "h": 0.1 })).collect();
        json!({ "image_id": image, "boxes": boxes, "mode": "hide_one" })
    };
    let refused =
        note(&student, &heart, json!({ "kind": "image_occlusion", "fields": picture(&others, &[0.1]) }))
            .await;
    assert_eq!(refused.expect(422).body["error"]["details"][0]["field"], "fields.image_id");
    let body = json!({ "kind": "image_occlusion", "fields": picture(&mine, &[0.1, 0.3, 0.5]) });
    let made = note(&student, &heart, body).await.expect(201).body;
    assert_eq!(ordinals(&made), [0, 1, 2]);
    let path = format!("/api/study/notes/{}", made["id"].as_str().unwrap());
    let fewer = student.patch(&path, json!({ "fields": picture(&mine, &[0.5, 0.1]) })).await.expect(200).body;
    assert_eq!(ordinals(&fewer), [0, 1]);
    assert_eq!(fewer["cards"][0]["id"], made["cards"][2]["id"], "the box was the third before");
    assert_eq!(fewer["cards"][1]["id"], made["cards"][0]["id"]);
    // Housekeeping takes what nobody names.
    platform.enqueue(&jobs::catalogue::Sweep {}).await;
    platform.eventually("select count(*) = 1 from images").await;
    assert_eq!(platform.number(format!("select count(*) from images where id = '{mine}'")).await, 1);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_are_found_by_words_tags_and_states_and_changed_many_at_a_time() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    let (heart, kidney) = (deck(&student, "Heart::Valves").await, deck(&student, "Kidney").await);
    let first = card(&student, &heart, "100% of \"preload\"?").await;
    for (front, tag) in [("Afterload", "phys::heart"), ("Contractility", "phys")] {
        let body = json!({ "kind": "basic", "fields": { "front": front, "back": "b" }, "tags": [tag] });
        note(&student, &heart, body).await.expect(201);
    }
    let found = async |deck: &str, query: &str| -> Vec<String> {
        let body = student.get(&format!("/api/study/decks/{deck}/notes{query}")).await.expect(200).body;
        let items = body["items"].as_array().unwrap().iter();
        items.map(|note| note["fields"]["front"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(found(&heart, "").await, ["Contractility", "Afterload", "100% of \"preload\"?"]);
    assert_eq!(found(&heart, "?q=LOAD%20100%25").await, ["100% of \"preload\"?"]);
    assert_eq!(found(&heart, "?q=%22preload%22").await.len(), 1);
    assert_eq!(found(&heart, "?q=phys").await.len(), 2, "tags are searched, too");
    assert_eq!(found(&heart, "?q=a_t").await.len(), 0);
    assert_eq!(found(&heart, "?tag=PHYS").await, ["Contractility", "Afterload"]);
    assert_eq!(found(&heart, "?tag=phys::heart").await, ["Afterload"]);
    student.post(&format!("/api/study/cards/{first}/suspend"), json!({})).await.expect(200);
    assert_eq!(found(&heart, "?state=suspended").await.len(), 1);
    assert_eq!(found(&heart, "?state=new&limit=2").await.len(), 2);
    student.get(&format!("/api/study/decks/{heart}/notes?state=odd")).await.expect(422);
    let decks = student.get("/api/study/decks").await.expect(200).body;
    let above = decks["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(found(&above, "").await.len(), 3, "a deck has what is below it");

    let list = student.get(&format!("/api/study/decks/{heart}/notes")).await.expect(200).body;
    let ids: Vec<Value> = list["items"].as_array().unwrap().iter().map(|note| note["id"].clone()).collect();
    let bulk = async |action: &str, more: Value| {
        let mut body = json!({ "ids": ids, "action": action });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        student.post("/api/study/notes/bulk", body).await
    };
    let changed =
        async |action: &str, more: Value| bulk(action, more).await.expect(200).body["changed"].clone();
    assert_eq!(changed("tag", json!({ "tags": ["exam"] })).await, 3);
    assert_eq!(changed("tag", json!({ "tags": ["EXAM"] })).await, 0);
    assert_eq!(changed("untag", json!({ "tags": ["Phys"] })).await, 1);
    assert_eq!(changed("suspend", json!({})).await, 2, "one was suspended before");
    assert_eq!(changed("unsuspend", json!({})).await, 3);
    assert_eq!(changed("bury", json!({})).await, 3);
    assert_eq!(changed("reset", json!({})).await, 0, "they are new");
    assert_eq!(changed("move", json!({ "deck_id": kidney })).await, 3);
    assert_eq!(found(&kidney, "?tag=exam").await.len(), 3);
    bulk("move", json!({})).await.expect(422);
    bulk("move", json!({ "deck_id": uuid::Uuid::nil() })).await.expect(422);
    bulk("tag", json!({})).await.expect(422);
    assert_eq!(changed("delete", json!({})).await, 3);
    assert_eq!(platform.number("select count(*) from cards").await, 0);
    platform.end().await;
}
