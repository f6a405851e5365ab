//! What the shared keys cost.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    analytics::project,
    ids::KeyId,
    keys::days::{KeyDay, Spent},
};

use super::{
    super::keys::view::masked,
    view::{Cost, KeyCost},
};

/// Dollars by day, as far as prices are known.
pub(super) fn by_day(days: &[KeyDay]) -> BTreeMap<NaiveDate, f64> {
    let mut costs = BTreeMap::new();
    for day in days {
        *costs.entry(day.day).or_insert(0.0) += day.cost().unwrap_or(0.0);
    }
    costs
}

/// What keys cost from a day on, and this month.
pub(super) fn of(days: &[KeyDay], from: NaiveDate, now: DateTime<Utc>) -> Cost {
    let month = project(&by_day(days), now);
    Cost {
        currency: "USD",
        so_far_this_month: cents(month.so_far),
        projected_this_month: cents(month.projected),
        by_key: by_key(days.iter().filter(|day| day.day >= from)),
    }
}

/// Rounded to a ten-thousandth of a dollar: no more is known.
pub(super) fn cents(dollars: f64) -> f64 {
    // A sum of nothing is -0.
    (dollars * 10_000.0).round() / 10_000.0 + 0.0
}

/// A key's days, added up.
struct Sum<'a> {
    last: &'a KeyDay,
    spent: Spent,
    cost: Option<f64>,
    priced: bool,
}

fn by_key<'a>(days: impl Iterator<Item = &'a KeyDay>) -> Vec<KeyCost> {
    let mut sums = BTreeMap::<KeyId, Sum<'a>>::new();
    for day in days {
        let sum = sums.entry(day.key).or_insert(Sum {
            last: day,
            spent: Spent::default(),
            cost: None,
            priced: true,
        });
        sum.last = day;
        sum.spent.add(day.spent);
        sum.priced &= day.price.is_some();
        if let Some(cost) = day.cost() {
            sum.cost = Some(sum.cost.unwrap_or(0.0) + cost);
        }
    }
    let cost = |(key_id, sum): (KeyId, Sum<'_>)| KeyCost {
        key_id,
        key_masked: masked(&sum.last.last_four),
        provider: sum.last.provider,
        tokens: sum.spent.tokens(),
        cost: sum.cost.map(cents),
        priced: sum.priced,
    };
    let mut costs: Vec<_> = sums.into_iter().map(cost).collect();
    costs.sort_by(|one, other| {
        let dearer = other.cost.unwrap_or(-1.0).total_cmp(&one.cost.unwrap_or(-1.0));
        dearer.then(other.tokens.cmp(&one.tokens))
    });
    costs
}

#[cfg(test)]
mod tests {
    use domain::keys::{Price, Provider};

    use super::*;

    fn day(at: &str, key: u128, tokens: i64, price: Option<f64>) -> KeyDay {
        KeyDay {
            day: at.parse().unwrap(),
            key: KeyId(uuid::Uuid::from_u128(key)),
            provider: Provider::Gemini,
            last_four: format!("000{key}"),
            spent: Spent { calls: 1, prompt_tokens: tokens, completion_tokens: 0 },
            price: price.map(|prompt| Price { prompt, completion: 0.0 }),
        }
    }

    #[test]
    fn a_key_costs_the_sum_of_its_days_each_at_its_price() {
        let days = [
            day("2026-11-22", 1, 1_000_000, Some(1.0)),
            day("2026-11-23", 1, 1_000_000, Some(3.0)),
            day("2026-11-23", 2, 500, None),
            day("2026-10-01", 1, 9_000_000, Some(9.0)),
        ];
        let cost = of(&days, "2026-11-01".parse().unwrap(), "2026-11-24T00:00:00Z".parse().unwrap());
        assert!((cost.so_far_this_month - 4.0).abs() < 1e-9);
        let [dear, unknown] = &*cost.by_key else { panic!("{:?}", cost.by_key) };
        assert_eq!(
            (&*dear.key_masked, dear.tokens, dear.cost, dear.priced),
            ("…0001", 2_000_000, Some(4.0), true)
        );
        assert_eq!((unknown.tokens, unknown.cost, unknown.priced), (500, None, false));
    }

    #[test]
    fn a_key_that_had_no_price_for_a_while_is_not_wholly_priced() {
        let days = [day("2026-11-22", 1, 1_000_000, None), day("2026-11-23", 1, 1_000_000, Some(3.0))];
        let cost = by_key(days.iter());
        assert_eq!((cost[0].cost, cost[0].priced), (Some(3.0), false));
    }
}
