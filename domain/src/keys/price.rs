//! What tokens of a key cost, as an admin says.

use serde::{Deserialize, Serialize};

/// The most that a million tokens may cost.
pub const MOST: f64 = 100_000.0;

/// Tokens that a price is for.
const MILLION: f64 = 1_000_000.0;

/// Dollars for a million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, garde::Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PricePerMillion)]
pub struct Price {
    /// Of prompts.
    #[garde(range(min = 0.0, max = MOST))]
    #[schema(minimum = 0, maximum = 100_000, example = 0.3)]
    pub prompt: f64,
    /// Of answers.
    #[garde(range(min = 0.0, max = MOST))]
    #[schema(minimum = 0, maximum = 100_000, example = 2.5)]
    pub completion: f64,
}

impl Price {
    /// Of both parts; one alone is none.
    pub fn of(prompt: Option<f64>, completion: Option<f64>) -> Option<Self> {
        prompt.zip(completion).map(|(prompt, completion)| Self { prompt, completion })
    }

    /// What so many tokens cost, in dollars.
    #[expect(clippy::cast_precision_loss, reason = "an estimate; far below 2^52")]
    pub fn cost(self, prompt_tokens: i64, completion_tokens: i64) -> f64 {
        (prompt_tokens as f64 * self.prompt + completion_tokens as f64 * self.completion) / MILLION
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_for_a_million_tokens() {
        let price = Price::of(Some(0.3), Some(2.5)).unwrap();
        assert!((price.cost(1_000_000, 200_000) - 0.8).abs() < 1e-9);
        assert!(price.cost(0, 0).abs() < f64::EPSILON);
        assert_eq!(Price::of(Some(0.3), None), None);
    }
}
