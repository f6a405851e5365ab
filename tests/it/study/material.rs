//! Material as commands leave it, without asking a model.

use domain::ids::{MapId, QuestionId, QuestionSetId, SummaryId, UserId};
use serde_json::{Value, json};
use study::{
    items::{Map, Question},
    store::{made_items::Maker, maps, question_sets, summaries},
    summary::SummaryKind,
};

use crate::support::{Platform, student::Student};

/// What no response may say before it may be seen.
pub(super) const EXPLANATION: &str = "since the ventricle is stretched";

/// A quote that is only in a question's source.
pub(super) const QUOTE: &str = "Preload is the stretch of the myocyte";

/// Where the right option of each question stands.
pub(super) fn answer_of(position: usize) -> u8 {
    u8::try_from(position % 4).unwrap()
}

pub(super) fn maker() -> Maker {
    Maker { provider: "openai".into(), model: "gpt-story".into(), prompt: "mcq.v1".into() }
}

pub(super) fn source() -> Value {
    json!({ "document_id": uuid::Uuid::nil(), "title": "Guyton", "page": 12, "label": "xii", "quote": QUOTE })
}

fn user(student: &Student) -> UserId {
    student.id.parse().unwrap()
}

/// A set of so many questions on a topic. Returns its id, and those of the questions.
pub(super) async fn question_set(
    platform: &Platform,
    student: &Student,
    topic: &str,
    count: usize,
) -> (String, Vec<String>) {
    let id = QuestionSetId::generate();
    let questions: Vec<_> = (0..count)
        .map(|position| {
            let option = |name: &str| json!({ "text": format!("{name} {position}"), "explanation": format!("{name}: {EXPLANATION}.") });
            let question: Question = serde_json::from_value(json!({
                "stem": format!("A man of {} years.", 40 + position), "lead_in": "Which is it?",
                "options": (["Aorta", "Vena cava", "Ductus", "Atrium"].map(option)), "answer": answer_of(position),
                "difficulty": (["easy", "medium", "hard"][position % 3]), "topic": topic,
            }))
            .unwrap();
            (QuestionId::generate(), question, (position == 0).then(source))
        })
        .collect();
    let mut tx = platform.db().begin_as(user(student)).await.unwrap();
    question_sets::insert_made(&mut tx, user(student), id, topic, None, &maker(), &questions).await.unwrap();
    tx.commit().await.unwrap();
    (id.to_string(), questions.iter().map(|(id, ..)| id.to_string()).collect())
}

pub(super) async fn summary(
    platform: &Platform,
    student: &Student,
    kind: SummaryKind,
    title: &str,
    items: &[Value],
) -> String {
    let id = SummaryId::generate();
    let mut tx = platform.db().begin_as(user(student)).await.unwrap();
    summaries::insert_made(&mut tx, user(student), id, kind, title, None, items).await.unwrap();
    tx.commit().await.unwrap();
    id.to_string()
}

pub(super) async fn map(platform: &Platform, student: &Student, title: &str, map: &Map) -> String {
    let id = MapId::generate();
    let mut tx = platform.db().begin_as(user(student)).await.unwrap();
    maps::insert_made(&mut tx, user(student), id, title, None, map).await.unwrap();
    tx.commit().await.unwrap();
    id.to_string()
}

/// The question of a quiz that stands at this place, and where it stood in its set.
pub(super) fn at(quiz: &Value, place: usize) -> (String, usize) {
    let question = &quiz["questions"][place];
    let age: usize =
        question["stem"].as_str().unwrap().trim_matches(|sign: char| !sign.is_ascii_digit()).parse().unwrap();
    (question["question_id"].as_str().unwrap().to_owned(), age - 40)
}
