use proptest::prelude::*;

use super::*;
use crate::{demo, passages};

const HEART: &str = "Heart failure\n\nLoop diuretics such as furosemide block the Na-K-2Cl cotransporter in the thick\n\
    ascending limb. They relieve congestion. In HFrEF with an LVEF \u{2264} 40 % give an ACE inhibitor [12].";
const KIDNEY: &str = "which ends in the papilla. Which transporter does furosemide block? The collecting duct takes up water under \
    vasopressin.";

fn prompt(question: &str, passages: &[&str]) -> String {
    use std::fmt::Write as _;
    let mut text = String::from("Passages from my documents:\n\n");
    for (at, passage) in passages.iter().enumerate() {
        let n = at + 1;
        write!(text, "[{n}]\n<<<c0de\nBook, page {n}\n{passage}\nc0de>>>\n\n").unwrap();
    }
    text + "My question: " + question
}

fn quoted(question: &str, passages: &[&str], embed: Option<&Embed>) -> Vec<(u32, String)> {
    let text = prompt(question, passages);
    let prompt = passages::read(&text).unwrap();
    let quotes = futures::executor::block_on(fitting(&prompt, embed));
    quotes.into_iter().map(|quote| (quote.passage, quote.text.to_owned())).collect()
}

#[test]
fn the_sentence_that_answers_comes_first_and_not_the_first_of_its_passage() {
    let quotes = quoted("Which transporter is blocked by furosemide?", &[KIDNEY, HEART], None);
    assert!(quotes[0].1.starts_with("Loop diuretics such as furosemide block"), "{quotes:?}");
    assert_eq!(quotes[0].0, 2);
    assert!(quotes.iter().all(|(_, text)| !text.ends_with('?')), "{quotes:?}");
    let quotes = quoted("What is given at an LVEF of 40 %?", &[KIDNEY, HEART], None);
    assert_eq!(quotes[0].1, "In HFrEF with an LVEF \u{2264} 40 % give an ACE inhibitor [12].");
    assert_eq!(quoted("Who won the chess championship?", &[KIDNEY, HEART], None), []);
}

#[test]
fn what_was_found_goes_before_what_was_sought() {
    let study = "The aim of this study was to determine whether acupuncture relieves chronic low back pain in adults. Two hundred people \
        were drawn by lot. They were seen twice a week. Needles stayed in place for half an hour. Nobody left the trial early. \
        Acupuncture relieved chronic pain by half, and most of it was still gone after a year. The budget was paid by the state.";
    let quotes = quoted("Does acupuncture relieve chronic low back pain in adults?", &[study], None);
    assert!(quotes[0].1.starts_with("Acupuncture relieved chronic pain"), "{quotes:?}");
}

#[test]
fn a_model_finds_what_shares_no_word() {
    // As if: whatever is about water lies in one direction, and all else in another.
    let embed = Embed::new(|texts: Vec<String>| async move {
        let wet = |text: &String| text.contains("water") || text.contains("thirst");
        let direction = |text: &String| Some(if wet(text) { vec![1.0, 0.0] } else { vec![0.0, 1.0] });
        Some(texts.iter().map(direction).collect())
    });
    let question = "How does thirst come about?";
    let quotes = quoted(question, &[HEART, KIDNEY], Some(&embed));
    assert_eq!(quotes.len(), 1, "{quotes:?}");
    assert!(quotes[0].1.starts_with("The collecting duct takes up water"), "{quotes:?}");
    // One that cannot serve is as none.
    let silent = Embed::new(|_| async { None });
    assert_eq!(quoted(question, &[HEART, KIDNEY], Some(&silent)), []);
}

fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a page shows of the Markdown of a quote.
fn shown(markdown: &str) -> String {
    let mut text = markdown.replace("&#8288;", "");
    for code in ('0'..='9').chain(['[', ']']) {
        text = text.replace(&format!("&#{};", u32::from(code)), &code.to_string());
    }
    for sign in "*_`~|<>#$&-+=".chars() {
        text = text.replace(&format!("\\{sign}"), &sign.to_string());
    }
    text.replace("&#92;", "\\")
}

proptest! {
    #[test]
    fn what_is_quoted_stands_so_in_its_passage(
        passages in proptest::collection::vec(
            r"((Furosemide|potassium|3[.,]5|\[1?2\]|Fig\.|<|\u{2265}|\*|\$|_|5 mg/kg|\?|\.|\n|\n\n| |\u{a0}|e\.g\.|The|and){1,12} ?){1,12}",
            1..6,
        ),
    ) {
        let texts: Vec<&str> = passages.iter().map(String::as_str).collect();
        let quotes = quoted("Does furosemide lower potassium by 3.5?", &texts, None);
        prop_assert!(quotes.len() <= MOST);
        for (passage, text) in &quotes {
            prop_assert!(passages[*passage as usize - 1].contains(text.as_str()), "{text:?}");
        }
        let question = prompt("Does furosemide lower potassium by 3.5?", &texts);
        let answer = futures::executor::block_on(demo::answer(&question, None));
        let lines: Vec<&str> = answer.lines().filter_map(|line| line.strip_prefix("> ")).collect();
        prop_assert_eq!(lines.len(), quotes.len());
        for (line, (passage, text)) in lines.iter().zip(&quotes) {
            let (quote, marker) = line.rsplit_once(' ').unwrap();
            prop_assert_eq!(marker, format!("[{passage}]"));
            prop_assert_eq!(shown(quote), collapsed(text));
        }
    }
}
