//! Every case of the collection that the rules were written after, where it is there: that the simulator's cases are
//! its, byte for byte, and that each comes to the right end.

use std::{path::Path, time::Duration};

use domain::keys::Provider;
use medai::providers::EmbedderKind;
use serde_json::Value;
use simulator::{Case, Part, Rule, Script, Simulator};

use super::{QUESTION, World};
use crate::support::{
    Platform, key,
    keys::KeySpec,
    pdf::{pdf, textbook},
};

/// The collection; none on a machine that has only the repository.
fn cases() -> Option<Vec<Value>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/provider-cases/cases.json");
    let file = std::fs::read_to_string(path).ok()?;
    Some(serde_json::from_str(&file).unwrap())
}

/// The cases of the simulator that a case of the collection is made of, key by key.
fn named(id: &str) -> Vec<Case> {
    match id {
        "thoughts-eat-the-answer" => vec![Case::ThoughtsEatTheAnswer; 4],
        "unknown-field" => vec![Case::UnknownField, Case::SaysFine],
        "no-system-instruction" => vec![Case::NoSystemInstruction, Case::SaysFine],
        "temperature" => vec![Case::OwnTemperature, Case::SaysFine],
        "no-eyes" => vec![Case::NoEyes, Case::SaysFine],
        "424" => vec![Case::FailedDependency424, Case::SaysFine],
        "recitation" => vec![Case::Recitation, Case::SaysFine],
        "half-and-a-refusal" => vec![Case::HalfAnAnswer, Case::RefusesMaxTokens],
        "addresses" => vec![Case::SaysFine; 2],
        "pictures-past" => vec![Case::SaysFine; 3],
        "thirty-seconds-of-thoughts" => vec![Case::ThirtySecondsOfThoughts; 2],
        other => Case::ALL.into_iter().filter(|case| case.name() == other).collect(),
    }
}

fn rules(key: &Value) -> Vec<Rule> {
    serde_json::from_value(key["rules"].clone()).unwrap()
}

#[test]
fn the_simulators_cases_are_those_of_the_collection() {
    let Some(cases) = cases() else { return };
    assert_eq!(cases.len(), 29);
    for case in cases {
        let id = case["id"].as_str().unwrap();
        let theirs: Vec<Vec<Rule>> = case["keys"].as_array().unwrap().iter().map(rules).collect();
        let ours: Vec<Vec<Rule>> = named(id).into_iter().map(Case::rules).collect();
        assert_eq!(ours, theirs, "{id}");
    }
}

/// How a question of a case ends, and what is told by then; any of them.
fn right(id: &str) -> &'static [(&'static str, &'static str)] {
    match id {
        "thoughts-eat-the-answer"
        | "daily-limit-told-in-the-body"
        | "a-key-at-its-own-limit"
        | "nothing-but-a-line" => &[("error", "")],
        "no-system-instruction" => &[("done", "Hi"), ("done", "fine")],
        "at-least-16-tokens" => &[("done", "Hi")],
        "brackets-that-are-no-citations" => {
            &[("done", "QTcF is $QT/\\sqrt[3]{RR}$ [1]. Potassium is [3, 5] mmol/L. Code: `a[7]`. Source.")]
        }
        "citations-in-other-dress" => &[("done", "A [1][2][3]. B [2]. C [1]. D. E [1]. F [7-9] mmHg.")],
        "content-as-a-list" | "think-tags" => &[("done", "Preload is stretch.")],
        "done-without-a-reason" => &[("done", "Preload is the stretch.")],
        "thirty-seconds-of-thoughts" => &[("done", "Answer.")],
        "a-model-that-loads" | "small-context" | "stream-ignored" => &[("done", "Stretch.")],
        "an-early-end-mark" => &[("done", "First half second half.")],
        "half-and-a-refusal" => &[("truncated", "Preload is the stretch of ")],
        "half-an-emoji" => &[
            ("done", "The heart 🫀 pumps."),
            ("done", "The heart \u{fffd}\u{fffd} pumps."),
            ("done", "The heart \u{fffd} pumps."),
        ],
        "retry-after-as-a-date-in-seconds" => &[("waiting", "")],
        _ => &[("done", "fine")],
    }
}

/// A key of the collection. Names are for the log, and must not mean anything to the simulator.
fn spec(case: &Value, at: usize) -> KeySpec {
    const NAMES: [&str; 4] = ["first", "second", "third", "fourth"];
    let of = |field: &str| case["keys"][at][field].as_str().map(|text| &*text.to_owned().leak());
    let mut rules = rules(&case["keys"][at]);
    // What takes long is told in a twentieth of its time, and so is patience.
    if is_slow(case) {
        for rule in &mut rules {
            rule.wait /= 20.0;
            for part in &mut rule.parts {
                if let Part::Pause(seconds) = part {
                    *seconds /= 20.0;
                }
            }
        }
    }
    let priority = i32::try_from(case["keys"][at]["priority"].as_i64().unwrap()).unwrap();
    let spec = KeySpec { model: of("model"), base: of("base").unwrap_or_default(), ..key(NAMES[at]) };
    spec.provider(of("provider").unwrap())
        .feature(of("feature").unwrap_or("*"))
        .priority(priority)
        .answers(Script::rules(rules))
}

fn is_slow(case: &Value) -> bool {
    let seconds = |rule: &Rule| {
        rule.wait
            + rule.parts.iter().map(|part| if let Part::Pause(s) = part { *s } else { 0.0 }).sum::<f64>()
    };
    case["keys"].as_array().unwrap().iter().flat_map(rules).any(|rule| seconds(&rule) > 10.0)
}

async fn world_of(case: &Value) -> World {
    let embedder = case["settings"]["EMBEDDER"].as_str();
    let slow = is_slow(case);
    let setup = Platform::setup().config(|config| {
        match embedder {
            Some("openai") => config.embedding.embedder = EmbedderKind::Of(Provider::OpenAi),
            Some("ollama") => config.embedding.embedder = EmbedderKind::Of(Provider::Ollama),
            _ => {}
        }
        if slow {
            config.providers.first_token_timeout = Duration::from_secs(1);
        }
    });
    let mut world = World::with(setup, []).await;
    for at in 0..case["keys"].as_array().unwrap().len() {
        let spec = spec(case, at);
        if case["keys"][at]["skip_test"] == false {
            let simulator = Simulator::start().await.unwrap();
            let reply = world.tries(&spec, &simulator, false).await;
            if reply.status == 201 {
                let id = reply.body["id"].as_str().unwrap().to_owned();
                world.servers.push(super::Server { spec, simulator, id });
            }
        } else {
            world.adds(spec).await;
        }
    }
    world.platform.pool_is_read().await;
    world
}

/// Asks what a case asks; how it ended, and what was told.
async fn ask(world: &World, case: &Value) -> (String, String) {
    let id = case["id"].as_str().unwrap();
    match case["document"].as_str() {
        Some("three passages") => {
            world.student.has_read("Preload.pdf", &super::truth::three_passages()).await
        }
        Some(_) => world.student.has_read("QT.pdf", &super::truth::qt_page()).await,
        None => Value::Null,
    };
    let session = world.student.session().await;
    let answer = match id {
        "no-eyes" | "pictures-past" => world.shows_a_picture(&session).await,
        "citations-in-other-dress" => world.student.asks_in(&session, super::truth::PRELOAD_QUESTION).await,
        "begins-with-the-assistant" => {
            world.student.asks_in(&session, &format!("QUESTION-ONE {}", "x".repeat(9_880))).await;
            let answer = world.student.asks_in(&session, "And why?").await;
            let text =
                if answer.text().starts_with("ANSWER-ONE") { "fine".to_owned() } else { answer.text() };
            return (answer.end().to_owned(), text);
        }
        "retry-after-as-a-date-in-seconds" => {
            let mut events = world.student.streams(&session, QUESTION).await;
            events.until("waiting").await;
            return ("waiting".to_owned(), String::new());
        }
        _ => world.student.asks_in(&session, case["ask"].as_str().unwrap_or(QUESTION)).await,
    };
    (answer.end().to_owned(), answer.text())
}

async fn comes_out_right(case: Value) {
    let id = case["id"].as_str().unwrap();
    let world = world_of(&case).await;
    if case["keys"][0]["feature"] == "embedding" {
        let read = world.student.has_read("Physiology.pdf", &textbook()).await;
        assert!(["ready", "partly_ready"].contains(&read["status"].as_str().unwrap()), "{read}");
        let organs: Vec<String> =
            (1..=24).map(|n| format!("Organ {n} has a function that no other has. ").repeat(9)).collect();
        let organs = pdf(&organs.iter().map(String::as_str).collect::<Vec<_>>());
        let read = world.student.has_read("Organs.pdf", &organs).await;
        assert_eq!(read["status"], "ready", "{read}");
    } else {
        let (end, text) = ask(&world, &case).await;
        let right = right(id);
        assert!(right.contains(&(end.as_str(), text.as_str())), "{end} {text:?} instead of {right:?}");
    }
    for at in 0..world.servers.len() {
        let key = world.key(at).await;
        assert_eq!(key["status"], "active", "{key}");
    }
    // A spent quota is evidence; nothing else here is.
    if !["daily-limit-told-in-the-body", "a-key-at-its-own-limit"].contains(&id) {
        world.is_open().await;
    }
    if id == "retry-after-as-a-date-in-seconds" {
        return world.platform.end_with_jobs_left().await;
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_case_of_the_collection_comes_out_right() {
    let Some(cases) = cases() else { return };
    let limit = std::sync::Arc::new(tokio::sync::Semaphore::new(4));
    let mut running = Vec::new();
    for case in cases {
        let (id, limit) = (case["id"].as_str().unwrap().to_owned(), limit.clone());
        let task = tokio::spawn(async move {
            let _slot = limit.acquire().await;
            comes_out_right(case).await;
        });
        running.push((id, task));
    }
    let mut wrong = Vec::new();
    for (id, task) in running {
        if let Err(error) = task.await {
            let said = error.into_panic();
            let text = said.downcast_ref::<String>().cloned().unwrap_or_default();
            wrong.push(format!("{id}: {text}"));
        }
    }
    assert!(wrong.is_empty(), "{} went wrong:\n{}", wrong.len(), wrong.join("\n\n"));
}
