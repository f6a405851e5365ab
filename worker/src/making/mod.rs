//! What is made item by item: cards, questions, points, sections, nodes and edges.
//!
//! A model is asked for JSON under a schema (`kind.rs`); its stream is cut into items as each closes (`collector.rs`, `map.rs`),
//! which are checked, with their quotes (`quotes.rs`), and told at once (`output.rs`). What has flaws is asked for once more,
//! and larger amounts come by several calls (`run.rs`).

use std::sync::Arc;

use domain::{documents::citations::Citation, ids::JobId};
use serde_json::{Value, json};
use study::items::{Edge, Flashcard, Node, Point, Question, Reasons, Section};
use uuid::Uuid;

mod collector;
mod kind;
mod map;
mod output;
mod quotes;
mod run;

#[cfg(test)]
mod tests;

pub(crate) use collector::{Collector, ListCollector};
pub(crate) use kind::{By, Keep, Kind};
pub(crate) use map::MapCollector;
pub(crate) use output::ItemsOutput;
pub(crate) use run::{Made, make};

/// What is to be made.
#[derive(Clone)]
pub(crate) struct Order {
    /// For which job: what looks like chance hangs on it.
    pub(crate) job: JobId,
    /// How many, where that is counted.
    pub(crate) count: Option<u32>,
    /// What items may be from, with their text.
    pub(crate) passages: Arc<[Citation]>,
}

impl Order {
    /// The most items that there may be.
    pub(crate) fn most(&self) -> usize {
        self.count.map_or(usize::MAX, |count| count as usize)
    }

    /// What looks like chance comes from this: the same job makes the same of the same words.
    pub(crate) fn seed(&self) -> u64 {
        self.job.0.as_u64_pair().1
    }
}

/// One thing that was made.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item {
    /// What it is going to be known by, where it is kept by itself.
    pub(crate) id: Uuid,
    pub(crate) what: What,
    /// Where it is from, if its quote stands there: `{document_id, title, page, label, quote}`.
    pub(crate) source: Option<Value>,
}

/// Of which kind it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum What {
    Card(Flashcard),
    Question(Question),
    Point(Point),
    Section(Section),
    Node(Node),
    Edge(Edge),
}

impl Item {
    /// The name of its kind in events.
    pub(crate) const fn kind(&self) -> &'static str {
        match self.what {
            What::Card(_) => "card",
            What::Question(_) => "question",
            What::Point(_) => "point",
            What::Section(_) => "section",
            What::Node(_) => "node",
            What::Edge(_) => "edge",
        }
    }

    /// As readers get it.
    pub(crate) fn to_json(&self) -> Value {
        let (id, source) = (self.id, &self.source);
        match &self.what {
            What::Card(card) => json!({
                "id": id, "kind": card.kind, "front": card.front, "back": card.back, "source": source,
            }),
            What::Question(question) => json!({
                "id": id, "stem": question.stem, "lead_in": question.lead_in, "options": question.options,
                "answer": question.answer, "difficulty": question.difficulty, "topic": question.topic,
                "source": source,
            }),
            What::Point(point) => json!({ "text": point.text, "source": source }),
            What::Section(section) => {
                json!({ "heading": section.heading, "body": section.body, "source": source })
            }
            What::Node(node) => json!(node),
            What::Edge(edge) => json!(edge),
        }
    }

    /// What it asks or says, in short, so that it is not made again.
    pub(crate) fn gist(&self) -> String {
        use study::items::Made as _;
        match &self.what {
            What::Card(item) => item.gist(),
            What::Question(item) => item.gist(),
            What::Point(item) => item.gist(),
            What::Section(item) => item.gist(),
            What::Node(item) => item.gist(),
            What::Edge(item) => item.gist(),
        }
    }
}

/// An item that is not shown, and why. Both are for the model: neither is ever logged.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Flawed {
    /// As the model wrote it.
    pub(crate) text: String,
    pub(crate) why: Why,
}

/// Why an item is not shown.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Why {
    /// It is no item of its kind.
    Form(String),
    /// It is one, with flaws.
    Flaws(Reasons),
}

impl Why {
    /// For the model.
    pub(crate) fn reason(&self) -> String {
        match self {
            Self::Form(why) => why.clone(),
            Self::Flaws(reasons) => reasons.to_string(),
        }
    }

    /// For counting.
    pub(crate) fn codes(&self) -> Vec<&'static str> {
        match self {
            Self::Form(_) => vec!["form"],
            Self::Flaws(reasons) => reasons.0.iter().map(study::items::Reason::code).collect(),
        }
    }
}

/// What is counted of the items of a call, for admins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// As they came.
    pub(crate) items: u32,
    /// That repeat another.
    pub(crate) doubles: u32,
    /// Quotes that were named.
    pub(crate) quotes: u32,
    /// Of these, those that do not stand in their passage.
    pub(crate) unproved: u32,
}

impl Counts {
    fn add(&mut self, more: Self) {
        self.items += more.items;
        self.doubles += more.doubles;
        self.quotes += more.quotes;
        self.unproved += more.unproved;
    }
}
