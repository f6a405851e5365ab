//! A flashcard.

use serde::{Deserialize, Serialize};

use super::{Made, Quoted, Reason, Reasons, cloze};

/// How a card asks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardKind {
    /// A question and its answer.
    #[default]
    Basic,
    /// A text with something left out.
    Cloze,
}

/// A flashcard as a model makes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flashcard {
    /// How it asks.
    #[serde(default)]
    pub kind: CardKind,
    /// The question, or the text of a cloze.
    pub front: String,
    /// The answer; of a cloze what is shown below it, which may be nothing.
    #[serde(default)]
    pub back: String,
    /// What it stands on.
    #[serde(default)]
    pub source: Option<Quoted>,
}

impl Flashcard {
    /// How long each side may be, in characters.
    pub const MOST: usize = 2_000;
}

impl Made for Flashcard {
    const LIST: &'static str = "cards";

    fn reasons(&self) -> Reasons {
        let mut reasons = Reasons::default();
        reasons.text("front", &self.front, Self::MOST);
        match self.kind {
            CardKind::Basic => reasons.text("back", &self.back, Self::MOST),
            CardKind::Cloze => {
                reasons.optional("back", &self.back, Self::MOST);
                if let Err(why) = cloze::numbers(&self.front) {
                    reasons.add(Reason::Cloze(why));
                }
            }
        }
        Quoted::check(self.source.as_ref(), &mut reasons);
        reasons
    }

    fn gist(&self) -> String {
        cloze::plain(&self.front)
    }

    fn source(&self) -> Option<&Quoted> {
        self.source.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(json: &str) -> Flashcard {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_card_says_what_is_wrong_with_it() {
        assert!(card(r#"{"front":"What?","back":"That.","extra":1}"#).reasons().is_empty());
        assert!(card(r#"{"kind":"cloze","front":"{{c1::That}} is it."}"#).reasons().is_empty());
        let wrong = card(r#"{"kind":"cloze","front":"That <b>is</b> it."}"#).reasons();
        assert_eq!(
            wrong.to_string(),
            "`front` has HTML; write Markdown; \
             `front` of a cloze is a sentence with {{c1::…}} in it: nothing is left out"
        );
        let codes: Vec<_> = card(r#"{"front":" "}"#).reasons().0.iter().map(Reason::code).collect();
        assert_eq!(codes, ["empty", "empty"], "front and back");
        assert!(!card(&format!(r#"{{"front":"{}","back":"b"}}"#, "x".repeat(2_001))).reasons().is_empty());
    }
}
