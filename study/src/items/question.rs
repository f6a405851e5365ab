//! A multiple-choice question with one best answer.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::{Made, Quoted, Reasons, flaws};
use crate::chance::mixed;

/// How hard a question is.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::EnumString,
    strum::IntoStaticStr,
    sqlx::Type,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case", from = "String")]
#[sqlx(type_name = "difficulty", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", ascii_case_insensitive)]
pub enum Difficulty {
    /// Recall of one fact.
    Easy,
    /// A step of reasoning. Also what a model says in words of its own.
    #[default]
    Medium,
    /// Several steps.
    Hard,
}

impl From<String> for Difficulty {
    fn from(word: String) -> Self {
        word.trim().parse().unwrap_or_default()
    }
}

/// One option, and why it is or is not the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerOption {
    /// What it says.
    pub text: String,
    /// Why it is, or is not, the best answer.
    #[serde(default)]
    pub explanation: String,
}

/// A question as a model makes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The vignette; nothing where the lead-in stands alone.
    #[serde(default)]
    pub stem: String,
    /// What is asked.
    pub lead_in: String,
    /// Exactly [`Question::OPTIONS`].
    pub options: Vec<AnswerOption>,
    /// Which of them is right, from 0. A model may say it by its letter.
    #[serde(deserialize_with = "number_or_letter")]
    pub answer: u8,
    /// How hard it is.
    #[serde(default)]
    pub difficulty: Difficulty,
    /// What it is about, in a few words.
    #[serde(default)]
    pub topic: String,
    /// What it stands on.
    #[serde(default)]
    pub source: Option<Quoted>,
}

impl Question {
    /// How many options there are.
    pub const OPTIONS: usize = 4;

    /// The question with its options in an order of ours, since models like some places better: of each four questions of
    /// a set (of this `seed`) the right option is once at each place. Numbers are sorted instead.
    #[must_use]
    pub fn arranged(mut self, seed: u64, index: u64) -> Self {
        let answer = usize::from(self.answer);
        if self.options.len() != Self::OPTIONS || answer >= Self::OPTIONS {
            return self;
        }
        if let Some(values) = flaws::values(&self.options) {
            let mut order: Vec<usize> = (0..Self::OPTIONS).collect();
            order.sort_by(|one, other| {
                values.get(*one).partial_cmp(&values.get(*other)).unwrap_or(std::cmp::Ordering::Equal)
            });
            self.options = order.iter().filter_map(|at| self.options.get(*at).cloned()).collect();
            self.answer = place(order.iter().position(|at| *at == answer).unwrap_or(answer));
            return self;
        }
        let right = self.options.remove(answer);
        let to = places(mixed(seed ^ mixed(index / 4))).get(index_in_block(index)).copied().unwrap_or(answer);
        self.options.insert(to.min(self.options.len()), right);
        self.answer = place(to);
        self
    }
}

fn number_or_letter<'de, D: Deserializer<'de>>(from: D) -> Result<u8, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Key {
        Number(u8),
        Letter(char),
    }
    match Key::deserialize(from)? {
        Key::Number(number) => Ok(number),
        Key::Letter(letter) => {
            let at = "ABCD".find(letter.to_ascii_uppercase()).and_then(|at| u8::try_from(at).ok());
            at.ok_or_else(|| D::Error::custom("`answer` is a number from 0 to 3"))
        }
    }
}

fn index_in_block(index: u64) -> usize {
    usize::try_from(index % 4).unwrap_or(0)
}

fn place(at: usize) -> u8 {
    u8::try_from(at).unwrap_or(u8::MAX)
}

/// The four places in an order that hangs on this number (Fisher and Yates).
fn places(mut drawn: u64) -> [usize; 4] {
    let mut places = [0, 1, 2, 3];
    for left in (2..=4_u64).rev() {
        let (last, other) =
            (usize::try_from(left - 1).unwrap_or(0), usize::try_from(drawn % left).unwrap_or(0));
        places.swap(last, other);
        drawn /= left;
    }
    places
}

impl Made for Question {
    const LIST: &'static str = "questions";

    fn reasons(&self) -> Reasons {
        let mut reasons = Reasons::default();
        reasons.optional("stem", &self.stem, 4_000);
        reasons.text("lead_in", &self.lead_in, 500);
        reasons.optional("topic", &self.topic, 120);
        for option in &self.options {
            reasons.text("text", &option.text, 400);
            reasons.text("explanation", &option.explanation, 1_500);
        }
        Quoted::check(self.source.as_ref(), &mut reasons);
        for flaw in flaws::find(self) {
            reasons.add(flaw.into());
        }
        reasons
    }

    fn gist(&self) -> String {
        format!("{}\n{}", self.stem, self.lead_in)
    }

    fn source(&self) -> Option<&Quoted> {
        self.source.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(options: [&str; 4], answer: u8) -> Question {
        let option = |text: &str| AnswerOption { text: text.to_owned(), explanation: "Since.".to_owned() };
        Question {
            stem: String::new(),
            lead_in: "Which?".to_owned(),
            options: options.map(option).to_vec(),
            answer,
            difficulty: Difficulty::Easy,
            topic: String::new(),
            source: None,
        }
    }

    #[test]
    fn the_right_option_is_as_often_at_each_place_and_stays_the_right_one() {
        let mut at = [0; 4];
        for index in 0..400 {
            let arranged = question(["Aorta", "Vena cava", "Ductus", "Atrium"], 1).arranged(7, index);
            assert_eq!(arranged.options[usize::from(arranged.answer)].text, "Vena cava");
            at[usize::from(arranged.answer)] += 1;
        }
        assert_eq!(at, [100; 4]);
    }

    #[test]
    fn an_answer_by_letter_and_a_difficulty_in_other_words_are_read() {
        let read = |answer: &str, difficulty: &str| {
            let json = format!(
                r#"{{"lead_in":"Which?","options":[],"answer":{answer},"difficulty":"{difficulty}"}}"#
            );
            serde_json::from_str::<Question>(&json)
                .map(|question| (question.answer, question.difficulty))
                .ok()
        };
        assert_eq!(read("2", "hard"), Some((2, Difficulty::Hard)));
        assert_eq!(read("\"c\"", "Easy"), Some((2, Difficulty::Easy)));
        assert_eq!(read("\"B\"", "moderate"), Some((1, Difficulty::Medium)));
        assert_eq!(read("\"E\"", "hard"), None);
    }

    #[test]
    fn numbers_are_sorted() {
        let arranged = question(["30%", "5%", "25%", "20%"], 0).arranged(7, 0);
        let texts: Vec<_> = arranged.options.iter().map(|option| option.text.as_str()).collect();
        assert_eq!((texts, arranged.answer), (vec!["5%", "20%", "25%", "30%"], 3));
    }
}
