//! The platform takes no character from an answer and adds none, unless it is certain; what was cut is never told as
//! done, nor cited from.

use serde_json::{Value, json};
use simulator::{Case, Rule, Script, say};

use super::{World, said_by_assistant, said_by_student};
use crate::support::{key, pdf::pdf};

/// What the case sends.
const QT: &str = "QTcF is $QT/\\sqrt[3]{RR}$ [1]. Potassium is [3, 5] mmol/L. Code: `a[7]`. Source [9].";

const QT_QUESTION: &str = "How is the QT interval corrected for heart rate?";

/// One page about the QT interval.
pub(super) fn qt_page() -> Vec<u8> {
    pdf(&[
        "The QT interval is corrected for heart rate. Fridericia divides the QT interval by the cube root of the RR \
           interval; Bazett divides it by the square root. A corrected QT interval above 500 ms is a risk.",
    ])
}

/// Three pages, each about preload in other words.
pub(super) fn three_passages() -> Vec<u8> {
    pdf(&[
        "Preload is the stretch of the ventricular muscle at the end of diastole, before the contraction begins.",
        "The preload of the ventricle rises with venous return and with the volume of the blood in the veins.",
        "A larger preload stretches the ventricle, and by the law of Frank and Starling it contracts with more force.",
    ])
}

pub(super) const PRELOAD_QUESTION: &str = "What is the preload of the ventricle and what does it depend on?";

/// How many passages were told.
fn passages(answer: &crate::support::sse::Answer) -> usize {
    let told = answer.events.iter().find(|event| event.kind == "citations");
    told.map_or(0, |told| told.data["citations"].as_array().unwrap().len())
}

/// The numbers that a stored answer cites.
fn cited(message: &Value) -> Vec<u64> {
    message["citations"].as_array().unwrap().iter().map(|citation| citation["n"].as_u64().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn brackets_that_are_no_citations_are_told_stored_and_sent_back() {
    let script = Script::case(Case::BracketsThatAreNoCitations);
    let world = World::of([key("writes").answers(script)]).await;
    // Without documents nothing is touched.
    world.is_told_as(QT_QUESTION, QT, QT).await;

    world.student.has_read("QT.pdf", &qt_page()).await;
    let told = QT.replace(" [9]", "");
    let sent_back = told.replace(" [1]", "");
    let answer = world.is_told_as(QT_QUESTION, &told, &sent_back).await;
    assert_eq!(passages(&answer), 1);
    world.is_healthy(0).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn citations_in_other_dress_become_links() {
    let script = Script::case(Case::CitationsInOtherDress);
    let world = World::of([key("writes").answers(script)]).await;
    world.student.has_read("Preload.pdf", &three_passages()).await;
    let session = world.student.session().await;
    let answer = world.student.asks_in(&session, PRELOAD_QUESTION).await;
    assert_eq!(passages(&answer), 3, "{answer:?}");
    let told = "A [1][2][3]. B [2]. C [1]. D. E [1]. F [7-9] mmHg.";
    assert_eq!((answer.text().as_str(), answer.end()), (told, "done"));
    let stored = world.student.messages(&session).await[1].clone();
    assert_eq!((&stored["content"], cited(&stored)), (&json!(told), vec![1, 2, 3]));
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn brackets_of_every_kind_are_told_as_they_were_sent() {
    let sent = [
        "[18F]FDG and [131I] are tracers; sodium is [135, 145] mmol/L, the score lies in [1, 10].",
        "See [1](https://a.example), a note[^1], [x] done, [ ] open, a[1], [2019] and [0.5, 1].",
        "```c\nint a[9] = {[1] = 2, [9] = 3};\n```\nand `b[9]` and ~~~ [the end].",
        "$$\\sqrt[3]{x} + y[9]$$ and \\( a[9] \\) and \\[ b [9] \\] and $c[9]$ it is.",
        "95 % CI [1, 3], range [1-3] and P = [2], within [1, 2].",
        "Costs $5 to $10, **bold**, `code`, * a star, # a hash, <b>, &amp; and \\[.",
    ];
    let world = World::of([key("writes")]).await;
    world.student.has_read("Preload.pdf", &three_passages()).await;
    for text in sent {
        // Piece by piece, as streams come.
        let pieces: Vec<String> = text.chars().map(String::from).collect();
        world.script(0, Script::rules([Rule::events(say::whole(pieces.iter().map(String::as_str)))]));
        let session = world.student.session().await;
        let answer = world.student.asks_in(&session, PRELOAD_QUESTION).await;
        assert_eq!((answer.text().as_str(), passages(&answer)), (text, 3));
        let stored = world.student.messages(&session).await[1].clone();
        assert_eq!((&stored["content"], cited(&stored)), (&json!(text), vec![]), "{text}");
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_keeps_the_brackets_that_cited_nothing() {
    let world =
        World::of([key("writes").answers(Script::answers("Dose [1], range [1, 2], item [3]. "))]).await;
    let session = world.student.session().await;
    world.student.asks_in(&session, PRELOAD_QUESTION).await;
    // Now there are documents: the earlier answer still cited none of them.
    world.student.has_read("Preload.pdf", &three_passages()).await;
    world.student.asks_in(&session, PRELOAD_QUESTION).await;
    let last = world.calls(0).pop().unwrap();
    assert_eq!(said_by_assistant(&last.prompt)[0].trim(), "Dose [1], range [1, 2], item [3].");
    world.end().await;
}

/// An Ollama that reads no more than its default context of a prompt.
fn cuts(text: &str) -> Script {
    Script::rules([Rule::streams(say::NDJSON, [say::ollama(text), say::ollama_done(2_048)]).at("/api/chat")])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_context_is_asked_to_grow_and_what_was_cut_is_not_cited() {
    let world = World::of([key("small").provider("ollama").answers(Script::case(Case::SmallContext))]).await;
    let page = "Preload is the stretch of the ventricular muscle at the end of diastole. ".repeat(18);
    world.student.has_read("Preload.pdf", &pdf(&[&page, &page.replace("Preload", "The preload")])).await;
    let session = world.student.session().await;
    // A history of 3,000 tokens.
    for n in 0..3 {
        let question = format!("Question {n} about the ventricle. {}", "Tell me of the heart. ".repeat(170));
        world.script(0, Script::answers(format!("Answer {n}. {}", "It beats on and on. ".repeat(10))));
        world.student.asks_in(&session, &question).await;
    }
    world.script(0, cuts("Stretch [1]."));
    world.forget();
    let answer = world.student.asks_in(&session, PRELOAD_QUESTION).await;
    assert!(answer.text().starts_with("Stretch"), "{answer:?}");
    let prompt = world.calls(0)[0].prompt.clone();
    let room = prompt["options"]["num_ctx"].as_u64().unwrap_or_else(|| panic!("no num_ctx: {prompt}"));
    let sent = prompt["messages"].to_string().len() as u64 / 5;
    assert!(room > sent + 1_000, "{room} for about {sent}");
    // The system's words and the passages are there, whatever went.
    assert_eq!(prompt["messages"][0]["role"], "system");
    assert!(said_by_student(&prompt).last().unwrap().contains("Passages from my documents"));
    let stored = world.student.messages(&session).await.pop().unwrap();
    assert_eq!(cited(&stored), Vec::<u64>::new(), "nobody knows what it read: {stored}");
    world.is_open().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_cut_is_told_as_cut() {
    let world = World::of([key("writes")]).await;
    for (provider, rule) in [
        ("openai", Rule::events([say::text("Half of it"), say::finish("length"), say::DONE.to_owned()])),
        ("gemini", Rule::events([say::gemini("Half of it", Some("MAX_TOKENS"))])),
    ] {
        let world = World::of([key("cut").provider(provider).answers(Script::rules([rule]))]).await;
        let answer = world.asks("What is preload?").await;
        assert_eq!(answer.text(), "Half of it");
        let cut = answer.end() == "truncated" || answer.end_data()["finish_reason"] == "length";
        assert!(cut, "{provider}: {:?}", answer.end_data());
        world.end().await;
    }
    world.end().await;
}
