//! Decks leave as files, and come back from them.

use std::io::Write as _;

use anki::{Limits, Package, WriteOptions};
use serde_json::{Value, json};

use super::{answer, card, deck, note};
use crate::support::{
    Platform,
    sse::Answer,
    student::{Student, job_of},
};

async fn exported(student: &Student, deck: &str, query: &str) -> Vec<u8> {
    let path = format!("/api/study/decks/{deck}/export?{query}");
    let response = student.request(reqwest::Method::GET, &path).send().await.unwrap();
    assert_eq!(response.status(), 200, "{path}");
    assert!(response.headers()["content-disposition"].to_str().unwrap().starts_with("attachment"));
    response.bytes().await.unwrap().to_vec()
}

async fn imports(student: &Student, file: &[u8]) -> Answer {
    let receipt = student.sends_file("/api/study/decks/import", "anything.bin", file).await.expect(202);
    student.events(&job_of(&receipt), None).await.finish().await
}

/// The number under a name in the last event.
fn told(answer: &Answer, name: &str) -> i64 {
    assert_eq!(answer.end(), "done", "{answer:?}");
    answer.end_data()[name].as_i64().unwrap()
}

async fn decks(student: &Student) -> Vec<(String, String)> {
    let list = student.get("/api/study/decks").await.expect(200).body;
    let text = |deck: &Value, name: &str| deck[name].as_str().unwrap().to_owned();
    list["items"].as_array().unwrap().iter().map(|deck| (text(deck, "title"), text(deck, "id"))).collect()
}

/// What a student has: notes with their cards, without ids.
async fn kept(student: &Student) -> Vec<Value> {
    let mut kept = Vec::new();
    for (title, id) in decks(student).await {
        let notes = student.get(&format!("/api/study/decks/{id}/notes")).await.expect(200).body;
        for note in notes["items"].as_array().unwrap() {
            let of_card = |card: &Value| {
                let names = ["ordinal", "state", "due_day", "interval", "suspended", "lapses", "reps"];
                names.map(|name| card[name].clone()).to_vec()
            };
            let cards: Vec<_> = note["cards"].as_array().unwrap().iter().map(of_card).collect();
            kept.push(json!([title, note["kind"], note["fields"], note["tags"], cards]));
        }
    }
    kept.sort_by_key(ToString::to_string);
    kept
}

/// A student with notes of three kinds in two decks, of which one card was answered.
async fn with_notes(platform: &Platform) -> (Student, String) {
    let student = platform.student().await;
    let below = deck(&student, "Heart::Valves").await;
    let answered = card(&student, &below, "What is **S3**?").await;
    answer(&student, &answered, 4).await.expect(200);
    for body in [
        json!({ "kind": "cloze", "tags": ["heart::sounds"],
                "fields": { "text": "{{c1::S1}} comes before {{c2::S2}}, by $x<y$.", "extra": "More." } }),
        json!({ "kind": "basic_reversed", "fields": { "front": "Mitral", "back": "Bicuspid" } }),
    ] {
        note(&student, &below, body).await.expect(201);
    }
    let top = decks(&student).await.into_iter().find(|(title, _)| title == "Heart").unwrap().1;
    (student, top)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deck_goes_to_another_student_whole_and_once() {
    let platform = Platform::start().await;
    let (student, heart) = with_notes(&platform).await;
    let file = exported(&student, &heart, "format=apkg&with=scheduling").await;
    let other = platform.student().await;
    let first = imports(&other, &file).await;
    first.assert_in_order();
    assert_eq!((told(&first, "notes_created"), told(&first, "cards"), told(&first, "reviews")), (3, 5, 1));
    assert_eq!(first.end_data()["warnings"], json!([]));
    let there = kept(&student).await;
    assert_eq!(kept(&other).await, there);
    for student in [&other, &student] {
        let again = imports(student, &file).await;
        assert_eq!((told(&again, "notes_created"), told(&again, "notes_updated")), (0, 0));
        assert_eq!((told(&again, "notes_unchanged"), told(&again, "reviews")), (3, 0));
        assert_eq!(kept(student).await, there, "nothing is doubled");
    }
    let reviews = "select count(*) from reviews where starts_with(key, E'\\x01import:')";
    assert_eq!(platform.number(reviews).await, 1);

    let new = platform.student().await;
    imports(&new, &exported(&student, &heart, "format=apkg").await).await;
    let states = kept(&new).await.iter().map(|note| note[4].to_string()).collect::<String>();
    assert!(states.contains("\"new\"") && !states.contains("\"review\""), "{states}");
    let table = exported(&student, &heart, "format=csv").await;
    assert_eq!(told(&imports(&new, &table).await, "notes_created"), 0);
    let path = format!("/api/study/decks/{heart}/export");
    other.get(&path).await.expect(404);
    student.get(&format!("{path}?format=doc")).await.expect(422);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_that_was_changed_elsewhere_is_brought_up_to_date() {
    let platform = Platform::start().await;
    let (student, heart) = with_notes(&platform).await;
    let file = exported(&student, &heart, "format=apkg&with=scheduling").await;
    let mut package: Package = anki::read(std::io::Cursor::new(file), &Limits::default()).unwrap();
    let changed = package.notes.iter_mut().find(|note| note.front.contains("S3")).unwrap();
    changed.back = "A gallop.".to_owned();
    changed.modified += 100;
    let options = WriteOptions { now: changed.modified, scheduling: true, decay: 0.15 };
    let mut file = std::io::Cursor::new(Vec::new());
    anki::write(&package, &options, &mut file).unwrap();
    let told_it = imports(&student, file.get_ref()).await;
    assert_eq!((told(&told_it, "notes_updated"), told(&told_it, "notes_created")), (1, 0));
    let there = kept(&student).await;
    let note = there.iter().find(|note| note[2]["front"] == "What is **S3**?").unwrap();
    assert_eq!(note[2]["back"], "A gallop.");
    assert_eq!(note[4][0][6], 1, "it keeps its schedule: {note}");
    platform.end().await;
}

/// A small package whose collection has 129 MB.
fn bomb() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let packed =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    zip.start_file("collection.anki21", packed).unwrap();
    for _ in 0..129 {
        zip.write_all(&vec![0; 1 << 20]).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_file_ends_in_a_reason_and_the_worker_lives() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    let refused = async |file: &[u8]| {
        let end = imports(&student, file).await;
        assert_eq!(end.end(), "error", "{end:?}");
        assert!(end.end_data()["message"].as_str().unwrap().len() > 20);
        end.end_data()["code"].as_str().unwrap().to_owned()
    };
    assert_eq!(refused(b"PK\x03\x04 no zip at all").await, "IMPORT_DAMAGED");
    assert_eq!(refused(b"#separator:Word\na").await, "IMPORT_BAD_LINE");
    assert_eq!(refused(b"caf\xe9;x").await, "IMPORT_NOT_TEXT");
    assert_eq!(refused(&bomb()).await, "IMPORT_TOO_LARGE");
    // No program, and nothing at all, are refused before they are stored.
    student.sends_file("/api/study/decks/import", "a.apkg", b"\x7fELF\0\0").await.expect(415);
    student.sends_file("/api/study/decks/import", "a.apkg", b"").await.expect(422);
    let table = "front;back\nWhat?;That.\n;no front\n";
    let end = imports(&student, table.as_bytes()).await;
    assert_eq!(told(&end, "notes_created"), 2);
    assert_eq!(end.end_data()["warnings"], json!(["Lines that are no notes were left out (1)."]));
    assert_eq!(told(&imports(&student, table.as_bytes()).await, "notes_unchanged"), 2);
    platform.end().await;
}
