//! What is left of a key's quota, as far as its provider says so.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What is left of one limit until it resets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Left {
    /// How many.
    pub left: i64,
    /// Of how many, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
    /// When it resets.
    pub until: DateTime<Utc>,
}

impl Left {
    /// Whether less than a tenth is left.
    pub fn is_low(&self) -> bool {
        self.limit.is_some_and(|limit| self.left.saturating_mul(10) < limit)
    }
}

/// What is left; `None` is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Remaining {
    /// Requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<Left>,
    /// Tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens: Option<Left>,
}

impl Remaining {
    /// Whether nothing is known.
    pub const fn is_unknown(&self) -> bool {
        self.requests.is_none() && self.tokens.is_none()
    }

    /// What of it still holds: what has reset is not known any more.
    #[must_use]
    pub fn at(self, now: DateTime<Utc>) -> Self {
        let holds = |left: &Left| left.until > now;
        Self { requests: self.requests.filter(holds), tokens: self.tokens.filter(holds) }
    }

    /// With what is newer, where that says something.
    #[must_use]
    pub fn updated(self, newer: Self) -> Self {
        Self { requests: newer.requests.or(self.requests), tokens: newer.tokens.or(self.tokens) }
    }

    /// Until when there is nothing left, if so.
    pub fn spent_until(&self) -> Option<DateTime<Utc>> {
        let spent = |left: Option<Left>| left.filter(|left| left.left <= 0).map(|left| left.until);
        spent(self.requests).max(spent(self.tokens))
    }

    /// Until when less than a tenth is left, if so.
    pub fn low_until(&self) -> Option<DateTime<Utc>> {
        let low = |left: Option<Left>| left.filter(Left::is_low).map(|left| left.until);
        low(self.requests).max(low(self.tokens))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn what_has_reset_is_not_known() {
        let left = |left, until| Some(Left { left, limit: Some(100), until: at(until) });
        let remaining = Remaining { requests: left(0, 60), tokens: left(9, 5) };
        assert_eq!(remaining.spent_until(), Some(at(60)));
        assert_eq!(remaining.low_until(), Some(at(60)));
        assert_eq!(remaining.at(at(10)).tokens, None);
        assert!(remaining.at(at(60)).is_unknown());
        assert_eq!(Remaining { requests: left(10, 60), tokens: None }.low_until(), None, "a tenth is enough");
        let unknown = Left { left: 1, limit: None, until: at(60) };
        assert!(!unknown.is_low());
    }
}
