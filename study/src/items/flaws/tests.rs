//! Real items of a board exam are let through, and a flaw that is put into one is seen.

#![expect(clippy::print_stderr, reason = "a test tells its figures")]

use std::{collections::BTreeMap, fs, path::Path};

use strum::IntoEnumIterator as _;

use super::{seeds::seeded, *};
use crate::items::{AnswerOption, Difficulty};

/// Real items, where they are there: the folder `data` beside the project's.
fn real() -> Vec<Question> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/mcq/medqa-200.jsonl");
    let Ok(text) = fs::read_to_string(&path) else {
        eprintln!("LEFT OUT: there is no {}", path.display());
        return vec![];
    };
    text.lines().map(|line| read(&serde_json::from_str(line).unwrap())).collect()
}

/// An item of the collection, which has no explanations and whose lead-in is the last sentence.
fn read(item: &serde_json::Value) -> Question {
    let text = item["question"].as_str().unwrap().trim().trim_end_matches('"');
    let ends = text.trim_end_matches(['?', ':', '.']);
    let at = ends.rfind(['.', '?', '!', '\n']).map_or(0, |at| at + 1);
    let key = item["answer_idx"].as_str().unwrap();
    let options = item["options"].as_object().unwrap();
    let option = |(letter, text): (&String, &serde_json::Value)| AnswerOption {
        text: text.as_str().unwrap().trim().trim_matches('"').trim().to_owned(),
        explanation: if letter == key {
            "Correct. It explains all findings."
        } else {
            "Incorrect. It does not fit."
        }
        .to_owned(),
    };
    Question {
        stem: text[..at].trim().to_owned(),
        lead_in: text[at..].trim().to_owned(),
        options: options.iter().map(option).collect(),
        answer: u8::try_from(options.keys().position(|letter| letter == key).unwrap()).unwrap(),
        difficulty: Difficulty::Hard,
        topic: String::new(),
        source: None,
    }
}

#[test]
fn of_real_items_at_most_six_in_a_hundred_are_flagged() {
    let items = real();
    let mut by_flaw: BTreeMap<&str, usize> = BTreeMap::new();
    let mut flagged = 0;
    for item in &items {
        let flaws = find(item);
        flagged += usize::from(!flaws.is_empty());
        for flaw in &flaws {
            *by_flaw.entry(flaw.code()).or_default() += 1;
        }
        if !flaws.is_empty() {
            let options: Vec<_> = item.options.iter().map(|option| option.text.as_str()).collect();
            eprintln!("{flaws:?}: {} {options:?} {}", item.lead_in, item.answer);
        }
    }
    eprintln!("{flagged} of {} real items are flagged: {by_flaw:?}", items.len());
    assert!(flagged * 100 <= items.len() * 6);
}

#[test]
fn of_items_with_one_seeded_flaw_at_least_ninety_five_in_a_hundred_are_found() {
    let items: Vec<Question> = real().into_iter().filter(|item| find(item).is_empty()).collect();
    let (mut seeds, mut seen) = (0, 0);
    for flaw in Flaw::iter() {
        let with: Vec<Question> =
            items.iter().enumerate().filter_map(|(index, item)| seeded(item, flaw, index)).collect();
        let (found, missed): (Vec<_>, Vec<_>) = with.iter().partition(|item| find(item).contains(&flaw));
        for item in missed.iter().take(3) {
            let options: Vec<_> = item.options.iter().map(|option| option.text.as_str()).collect();
            eprintln!("missed {flaw:?}: {} {options:?} {}", item.lead_in, item.answer);
        }
        eprintln!("{}: {} of {} seeds are found", flaw.code(), found.len(), with.len());
        assert!(items.is_empty() || found.len() * 100 >= with.len() * 90, "{}", flaw.code());
        (seeds, seen) = (seeds + with.len(), seen + found.len());
    }
    eprintln!("{seen} of {seeds} seeded flaws are found");
    assert!(seen * 100 >= seeds * 95);
}

fn sound() -> Question {
    let json = r#"{"question": "A man faints. What is the most likely cause?", "answer_idx": "A",
        "options": {"A": "Aortic stenosis", "B": "Hypovolemia", "C": "Epilepsy", "D": "Hypoglycemia"}}"#;
    read(&serde_json::from_str(json).unwrap())
}

#[test]
fn what_only_looks_like_a_flaw_is_none() {
    for text in ["Hepatitis A and B", "Allopurinol", "Factor II and X", "Neither sensitive nor specific"] {
        assert!(!options::is_combination(text) && !options::is_absolute(text), "{text}");
    }
    for lead_in in [
        "Which of the following best explains why the patient should not be given aspirin?",
        "What is the rate of false positive results?",
        "Which lasts at least a year?",
        "The fever does not abate, so which of the following is next?",
    ] {
        assert!(!lead_in::is_negative(lead_in), "{lead_in}");
    }
    assert!(!key::names_letter("A deficiency of vitamin A is likely; hepatitis B is not."));
    for explanation in [
        "Correct management of shock would raise it.",
        "Right-sided failure is rare.",
        "The correct answer is wider.",
    ] {
        let mut question = sound();
        question.options[1].explanation = explanation.to_owned();
        assert!(find(&question).is_empty(), "{explanation}");
    }
    assert!(!key::is_contradicted("The correct answer is likely since incorrect dosing was excluded"));
}
