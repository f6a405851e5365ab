//! Analytics as JSON.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    feature::Feature,
    ids::{KeyId, UserId},
    keys::Provider,
    users::Plan,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::keys::feature::KeyFeature;

/// What the platform's usage comes to.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Analytics {
    /// The first day, in UTC.
    pub(super) from: NaiveDate,
    /// The last one: today.
    pub(super) to: NaiveDate,
    pub(super) totals: Totals,
    /// Every day, those without usage too.
    pub(super) days: Vec<UsageDay>,
    pub(super) by_plan: Vec<PlanUsage>,
    /// Most requests first; features that nobody used are left out.
    pub(super) by_feature: Vec<FeatureUsage>,
    /// Those who used the most tokens.
    pub(super) top_users: Vec<TopUser>,
    pub(super) averages: Averages,
    /// How fast the quota of the shared keys is used up.
    pub(super) burn: Vec<Burn>,
    pub(super) cost: Cost,
    pub(super) conversion: Conversion,
}

/// All of it. Tokens and requests are those of answers, whoever paid.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Totals {
    /// Answered.
    pub(super) requests: i64,
    /// Given back.
    pub(super) failed: i64,
    pub(super) prompt_tokens: i64,
    pub(super) completion_tokens: i64,
    /// Accounts that got an answer.
    pub(super) active_users: i64,
    /// What shared keys cost, in dollars, as far as their prices are known.
    pub(super) cost: f64,
}

/// What a day came to.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UsageDay {
    pub(super) day: NaiveDate,
    pub(super) requests: i64,
    pub(super) failed: i64,
    pub(super) tokens: i64,
    /// Accounts that got an answer.
    pub(super) users: i64,
    pub(super) cost: f64,
}

/// What accounts of a plan used.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlanUsage {
    /// The plan, or `deleted` where the accounts are gone.
    #[schema(example = "free")]
    pub(super) plan: String,
    /// Accounts that have it now.
    pub(super) users: i64,
    pub(super) active_users: i64,
    pub(super) requests: i64,
    pub(super) tokens: i64,
}

/// How a feature was used.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FeatureUsage {
    pub(super) feature: Feature,
    pub(super) requests: i64,
    pub(super) failed: i64,
    pub(super) tokens: i64,
    /// Of all requests, 0 to 1.
    pub(super) share: f64,
}

/// An account that used much.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TopUser {
    pub(super) user_id: UserId,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) plan: Plan,
    pub(super) requests: i64,
    pub(super) tokens: i64,
}

/// For each account that got an answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UsageAverages)]
pub(super) struct Averages {
    pub(super) tokens_per_user: f64,
    pub(super) requests_per_user: f64,
}

/// How fast keys of one provider that are kept for one feature are used up.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuotaBurn)]
pub(super) struct Burn {
    pub(super) provider: Provider,
    /// What the keys are kept for; `*` is any.
    #[schema(value_type = String, example = "chat")]
    pub(super) feature: KeyFeature,
    /// Calls within the last hour.
    pub(super) requests_per_hour: f64,
    /// What is left today of those keys of which it is known; null where it is known of none.
    pub(super) requests_left: Option<i64>,
    /// Keys of which it is not known.
    pub(super) unknown_keys: usize,
    /// When nothing is left at that rate; null where that is not known, or the quota begins anew before.
    pub(super) runs_out_at: Option<DateTime<Utc>>,
}

/// What shared keys cost.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UsageCost)]
pub(super) struct Cost {
    #[schema(example = "USD")]
    pub(super) currency: &'static str,
    pub(super) so_far_this_month: f64,
    /// By the end of the month, at the pace of the last seven days.
    pub(super) projected_this_month: f64,
    /// Within the days that were asked for, dearest first; deleted keys too.
    pub(super) by_key: Vec<KeyCost>,
}

/// What a key cost.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct KeyCost {
    pub(super) key_id: KeyId,
    #[schema(example = "…4444")]
    pub(super) key_masked: String,
    pub(super) provider: Provider,
    pub(super) tokens: i64,
    /// In dollars; null where its price is not known.
    pub(super) cost: Option<f64>,
    /// Whether the price of all these tokens is known.
    pub(super) priced: bool,
}

/// How many came to pay. Accounts on the plan `admin` do not count.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Conversion {
    /// All accounts there are.
    pub(super) registered: i64,
    /// Those of them on a plan that is paid for.
    pub(super) paid: i64,
    /// The part of them, 0 to 1.
    pub(super) rate: f64,
    /// By the week in which they registered.
    pub(super) by_week: Vec<WeekOfRegistrations>,
}

/// Accounts that registered within a week.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WeekOfRegistrations {
    /// Its Monday.
    pub(super) week: NaiveDate,
    pub(super) registered: i64,
    /// Those of them that pay now.
    pub(super) paid: i64,
}
