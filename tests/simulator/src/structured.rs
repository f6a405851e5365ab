//! Answers under a schema, as a model gives them that keeps to it: JSON of the kinds that are asked for by name.
//!
//! The demo provider makes its items from the passages that the prompt brings, word for word, and else says what it is: no model
//! thought about them.

use serde_json::{Value, json};

use crate::{
    Ask,
    passages::{self, Prompt},
    sentences::{is_whole, sentences},
};

/// More than are ever asked for at once.
const MOST: usize = 60;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Form {
    /// The name of the list.
    list: String,
    count: usize,
    topic: String,
    /// How many were made before.
    before: usize,
    /// The prompt, whose passages items may be from.
    prompt: String,
}

/// Reads what is asked for; none where it is text.
pub(crate) fn read(ask: &Ask) -> Option<Form> {
    const PLACES: [&str; 5] = [
        "/response_format/json_schema/schema",
        "/generationConfig/responseJsonSchema",
        "/generationConfig/responseSchema",
        "/format",
        "/tools/0/input_schema",
    ];
    let schema = PLACES.iter().find_map(|place| ask.body.pointer(place))?;
    let lists = schema.get("properties")?.as_object()?;
    let known = ["cards", "questions", "points", "sections", "nodes"];
    let list = known.into_iter().find(|name| lists.contains_key(*name))?;
    let most = lists.get(list)?.get("maxItems").and_then(Value::as_u64).unwrap_or(5);
    let said = ask.question.lines();
    let after = |start: &str| said.clone().rev().find_map(|line| Some(line.split_once(start)?.1.trim()));
    let count =
        after("Number: ").and_then(|count| count.parse().ok()).unwrap_or(usize::try_from(most).ok()?.min(8));
    let made = ask.question.split_once("These are made already.").map_or("", |(_, made)| made);
    Some(Form {
        list: list.to_owned(),
        count: count.min(MOST),
        topic: after("Topic: ").unwrap_or("the topic").chars().take(60).collect(),
        before: made.lines().filter(|line| line.starts_with("- ")).count(),
        prompt: ask.question.clone(),
    })
}

impl Form {
    /// The answer: made up, or from the passages alone.
    pub(crate) fn answer(&self, demo: bool) -> String {
        let prompt = passages::read(&self.prompt);
        let quotes = prompt.as_ref().map(quotes).unwrap_or_default();
        let numbers = self.before + 1..=self.before + self.count;
        let items: Vec<Value> = if demo && !quotes.is_empty() {
            quotes.iter().skip(self.before).take(self.count).map(|quote| self.quoted(quote)).collect()
        } else {
            numbers
                .map(|number| self.made_up(number, demo, quotes.get(number % quotes.len().max(1))))
                .collect()
        };
        if self.list == "nodes" {
            return self.map(demo).to_string();
        }
        json!({ (self.list.as_str()): items }).to_string()
    }

    fn made_up(&self, number: usize, demo: bool, quote: Option<&Quote>) -> Value {
        let topic = &self.topic;
        let source = quote.map(Quote::source);
        let by = if demo {
            "No language model made this: it is a sample of the demo provider."
        } else {
            "It fits."
        };
        match self.list.as_str() {
            "cards" => json!({
                "kind": "basic",
                "front": format!("Sample {number} on {topic}: what is asked here?"),
                "back": format!("Fact {number}. {by}"),
                "source": source,
            }),
            "questions" => {
                let option = |text: &str| {
                    let first = text == "Alpha";
                    json!({ "text": text, "explanation": if first { "It comes first." } else { "Another comes before it." } })
                };
                json!({
                    "topic": topic,
                    "difficulty": "medium",
                    "stem": format!("Sample {number} on {topic}. {by}"),
                    "lead_in": "Which letter of the Greek alphabet comes first?",
                    "options": Vec::from(["Alpha", "Beta", "Delta", "Gamma"].map(option)),
                    "answer": 0,
                    "source": source,
                })
            }
            "sections" => json!({
                "heading": format!("Part {number} of {topic}"),
                "body": format!("Text of part {number}. {by}"),
                "source": source,
            }),
            _ => json!({ "text": format!("**Point {number}** on {topic}. {by}"), "source": source }),
        }
    }

    /// An item that is a sentence of a passage.
    fn quoted(&self, quote: &Quote) -> Value {
        let source = quote.source();
        let (gap, word) = quote.gap();
        match self.list.as_str() {
            "cards" => json!({
                "kind": "cloze",
                "front": gap.replace("____", &format!("{{{{c1::{word}}}}}")),
                "back": "",
                "source": source,
            }),
            "questions" => {
                let mut options = quote.others(&word);
                options.push(word.clone());
                options.sort();
                let answer = options.iter().position(|option| *option == word);
                json!({
                    "topic": self.topic,
                    "difficulty": "easy",
                    "stem": format!("In your document: {gap}"),
                    "lead_in": "Which word stands in the gap?",
                    "options": options.iter().map(|option| json!({
                        "text": option,
                        "explanation": if *option == word { "It stands there." } else { "It stands elsewhere." },
                    })).collect::<Vec<_>>(),
                    "answer": answer,
                    "source": source,
                })
            }
            "sections" => json!({ "heading": quote.heading, "body": quote.text, "source": source }),
            _ => json!({ "text": quote.text, "source": source }),
        }
    }

    fn map(&self, demo: bool) -> Value {
        let about = if demo { "A sample of the demo provider." } else { "" };
        let node = |number: usize| {
            let label = if number == 0 { self.topic.clone() } else { format!("Part {number}") };
            json!({ "id": format!("n{number}"), "label": label, "kind": "concept", "note": about })
        };
        let edge = |number: usize| {
            let from = if number < 4 { 0 } else { number - 3 };
            json!({ "from": format!("n{from}"), "to": format!("n{number}"), "verb": "includes" })
        };
        json!({
            "nodes": (0..9).map(node).collect::<Vec<_>>(),
            "edges": (1..9).map(edge).collect::<Vec<_>>(),
        })
    }
}

/// A sentence of a passage.
#[derive(Debug)]
struct Quote {
    passage: u32,
    heading: String,
    text: String,
}

/// The sentences that an item can be made of.
fn quotes(prompt: &Prompt<'_>) -> Vec<Quote> {
    let mut quotes = Vec::new();
    for (passage, heading, text) in &prompt.passages {
        for sentence in sentences(text).into_iter().filter(|sentence| is_whole(sentence)) {
            let text = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
            let plain = !text.contains(['<', '>', '{', '}', '$', '*', '_', '|']);
            let quote = Quote { passage: *passage, heading: (*heading).to_owned(), text };
            if plain && (40..400).contains(&quote.text.len()) && quote.words().len() >= 8 {
                quotes.push(quote);
            }
        }
    }
    quotes.truncate(MOST);
    quotes
}

impl Quote {
    fn source(&self) -> Value {
        json!({ "passage": self.passage, "quote": self.text })
    }

    /// Its words of five letters or more, the longest first, each once.
    fn words(&self) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for word in
            self.text.split(|sign: char| !sign.is_alphabetic()).filter(|word| word.chars().count() > 4)
        {
            let word = word.to_lowercase();
            if !words.contains(&word) {
                words.push(word);
            }
        }
        words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        words
    }

    /// The sentence with a gap, and what is left out of it.
    fn gap(&self) -> (String, String) {
        let word = self.words().into_iter().next().unwrap_or_default();
        let whole =
            self.text.split(|sign: char| !sign.is_alphabetic()).find(|part| part.to_lowercase() == word);
        let whole = whole.unwrap_or_default();
        (self.text.replacen(whole, "____", 1), whole.to_owned())
    }

    /// Three words that could be taken for another.
    fn others(&self, word: &str) -> Vec<String> {
        let others = self.words().into_iter().filter(|other| *other != word.to_lowercase());
        others.take(3).collect()
    }
}
