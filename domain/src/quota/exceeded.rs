//! A limit that is reached, in the guide's words.

use serde_json::{Value, json};

use super::{Exceeded, Level};
use crate::feature::Feature;

impl Exceeded {
    /// For programs.
    pub const fn code(&self) -> &'static str {
        match self.level {
            Level::Tokens => "TOKEN_LIMIT_EXCEEDED",
            Level::Requests => "REQUEST_LIMIT_EXCEEDED",
            Level::Feature(Feature::Mcq) => "MCQ_LIMIT_EXCEEDED",
            Level::Feature(Feature::Flashcard) => "FLASHCARD_LIMIT_EXCEEDED",
            Level::Feature(Feature::Pdf) => "PDF_LIMIT_EXCEEDED",
            Level::Feature(Feature::Image) => "IMAGE_LIMIT_EXCEEDED",
            Level::Feature(_) => "FEATURE_LIMIT_EXCEEDED",
        }
    }

    /// The guide's sentence, word for word.
    pub fn message(&self) -> String {
        let what = match self.level {
            Level::Tokens => "token",
            Level::Requests => "request",
            Level::Feature(feature) => feature.label(),
        };
        format!("You've reached your daily {what} limit of {}.", thousands(self.limit))
    }

    /// More for programs.
    pub fn details(&self) -> Value {
        let mut details = json!({ "limit": self.limit, "used": self.used, "reset_at": self.reset_at });
        let Some(more) = details.as_object_mut() else { return details };
        match self.level {
            // A smaller question may still fit.
            Level::Tokens => {
                more.insert("needed".to_owned(), json!(self.needed));
                more.insert("left".to_owned(), json!(self.limit.saturating_sub(self.used).max(0)));
            }
            Level::Feature(feature) => {
                more.insert("feature".to_owned(), json!(feature));
            }
            Level::Requests => {}
        }
        details
    }
}

/// A number as the guide writes it: `10,000`.
fn thousands(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quota::reset_at;

    #[test]
    fn the_three_limits_read_as_in_the_guide() {
        let day = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
        let reached =
            |level, limit| Exceeded { level, limit, used: limit - 7, needed: 300, reset_at: reset_at(day) };
        let tokens = reached(Level::Tokens, 10_000);
        assert_eq!(tokens.message(), "You've reached your daily token limit of 10,000.");
        assert_eq!(
            tokens.details(),
            json!({
                "limit": 10000, "used": 9993, "needed": 300, "left": 7, "reset_at": "2024-01-02T00:00:00Z",
            })
        );
        let mcq = reached(Level::Feature(Feature::Mcq), 7);
        assert_eq!(mcq.message(), "You've reached your daily MCQ limit of 7.");
        assert_eq!(
            mcq.details(),
            json!({ "feature": "mcq", "limit": 7, "used": 0, "reset_at": "2024-01-02T00:00:00Z" })
        );
        assert_eq!(reached(Level::Requests, 20).message(), "You've reached your daily request limit of 20.");
        assert_eq!(thousands(1_234_567), "1,234,567");
    }
}
