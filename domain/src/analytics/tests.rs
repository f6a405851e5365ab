use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn now(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn costs(of: &[(&str, f64)]) -> BTreeMap<NaiveDate, f64> {
    of.iter().map(|(at, cost)| (day(at), *cost)).collect()
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-6
}

#[test]
fn weeks_begin_on_mondays_and_months_on_their_first() {
    assert_eq!(week_of(day("2026-11-22")), day("2026-11-16"));
    assert_eq!(week_of(day("2026-11-16")), day("2026-11-16"));
    assert_eq!(month_of(day("2026-02-28")), day("2026-02-01"));
    assert_eq!(days(day("2026-02-27"), day("2026-03-01")).count(), 3);
    assert_eq!(days(day("2026-03-02"), day("2026-03-01")).count(), 0);
}

#[test]
fn a_month_goes_on_at_the_pace_of_the_last_week() {
    // Two whole days at 2 and 4 dollars, and half of today: 3 a day for the 6.5 days that are left.
    let month = project(
        &costs(&[("2026-11-22", 2.0), ("2026-11-23", 4.0), ("2026-11-24", 1.0)]),
        now("2026-11-24T12:00:00Z"),
    );
    assert!(near(month.so_far, 7.0) && near(month.projected, 7.0 + 3.0 * 6.5), "{month:?}");
    // What was before this month is pace, and no cost of it.
    let month = project(&costs(&[("2026-10-31", 10.0)]), now("2026-11-01T00:00:00Z"));
    assert!(near(month.so_far, 0.0) && near(month.projected, 300.0), "{month:?}");
    // On the first day there is only today.
    let month = project(&costs(&[("2026-11-24", 1.0)]), now("2026-11-24T12:00:00Z"));
    assert!(near(month.projected, 1.0 + 2.0 * 6.5), "{month:?}");
    assert_eq!(project(&BTreeMap::new(), now("2026-11-24T12:00:00Z")), Month::default());
}

#[test]
fn nothing_has_no_share() {
    assert!(near(ratio(1, 4), 0.25));
    assert!(near(ratio(0, 0), 0.0));
}

proptest! {
    #[test]
    fn a_month_never_costs_less_than_it_has(
        paid in prop::collection::vec((0_u64..60, 0.0_f64..1e6), 0..40),
        second in 0_i64..(60 * 86_400),
    ) {
        let begin = day("2026-02-01");
        let mut costs = BTreeMap::new();
        for (at, cost) in paid {
            *costs.entry(begin + Days::new(at)).or_insert(0.0) += cost;
        }
        let now = begin.and_time(NaiveTime::MIN).and_utc() + TimeDelta::seconds(second);
        let month = project(&costs, now);
        prop_assert!(month.so_far >= 0.0 && month.projected >= month.so_far && month.projected.is_finite());
    }

    #[test]
    fn whatever_it_is_split_by_the_sum_is_the_same(
        cells in prop::collection::vec((0_u64..9, 0_usize..3, 0_usize..11, 0_i64..99, 0_i64..9, 0_i64..9999, 0_i64..9999), 0..60),
    ) {
        let cells: Vec<_> = cells
            .into_iter()
            .map(|(at, plan, feature, requests, failed, prompt_tokens, completion_tokens)| Cell {
                day: day("2026-02-01") + Days::new(at),
                plan: ["free", "student", "pro"][plan].to_owned(),
                feature: Feature::STUDENT[feature],
                sums: Sums { requests, failed, prompt_tokens, completion_tokens },
            })
            .collect();
        let all = total(&cells);
        let whole = |sums: Vec<Sums>| sums.into_iter().fold(Sums::default(), |mut whole, sums| {
            whole.add(sums);
            whole
        });
        prop_assert_eq!(whole(by(&cells, |cell| cell.day).into_values().collect()), all);
        prop_assert_eq!(whole(by(&cells, |cell| cell.plan.clone()).into_values().collect()), all);
        prop_assert_eq!(whole(by(&cells, |cell| cell.feature).into_values().collect()), all);
        let shares: f64 = by(&cells, |cell| cell.feature).values().map(|sums| ratio(sums.requests, all.requests)).sum();
        prop_assert!(all.requests == 0 || near(shares, 1.0));
    }
}
