//! Puts the analytics together, from roll-ups and the counters of today.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use chrono::{Days, NaiveDate, TimeDelta};
use domain::{
    analytics::{
        Cell, Sums, by, days, month_of, ratio,
        store::{self, OfPlan, Registered, Span, Top},
        total,
    },
    keys::{activity, days as key_days},
    users::Plan,
};
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::IntoParams;

use super::{
    super::health::view::Pool,
    burn, cost,
    view::{
        Analytics, Averages, Burn, Conversion, FeatureUsage, PlanUsage, TopUser, Totals, UsageDay,
        WeekOfRegistrations,
    },
};
use crate::{
    App,
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Query,
    permissions::ViewAnalytics,
};

/// The days that are looked back over, unless asked otherwise.
const DAYS: u64 = 30;

/// The most days.
const MOST_DAYS: u64 = 366;

/// How many of those who used the most are named.
const TOP: i64 = 10;

/// The days before today that a projection of the month may look at.
const PACE: Days = Days::new(8);

/// Which days.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AnalyticsQuery {
    /// How many days, today included; 1 to 366, and 30 unless given.
    days: Option<u64>,
}

/// What the platform's usage comes to: totals, plans, features, who uses most, quotas, costs and conversion. All of
/// it comes from roll-ups and counters.
#[utoipa::path(get, path = "/api/admin/analytics", tag = "admin analytics", params(AnalyticsQuery),
    responses(
        (status = OK, body = Analytics),
        (status = FORBIDDEN, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody),
    ))]
pub(super) async fn report(
    State(app): State<App>,
    _admin: Admin<ViewAnalytics>,
    Query(query): Query<AnalyticsQuery>,
) -> ApiResult<Json<Analytics>> {
    let back = query.days.unwrap_or(DAYS);
    if !(1..=MOST_DAYS).contains(&back) {
        return Err(ApiError::field("days", format!("must be 1 to {MOST_DAYS}")));
    }
    let now = app.clock.now();
    let today = now.date_naive();
    let from = today.checked_sub_days(Days::new(back - 1)).unwrap_or(today);
    let priced_from = today.checked_sub_days(PACE).unwrap_or(today).min(month_of(today)).min(from);
    let mut tx = app.db.begin_platform().await?;
    let span = Span::find(&mut tx, from, today).await?;
    let cells = store::cells(&mut tx, span).await?;
    let active = store::active_by_day(&mut tx, span).await?;
    let (plans, top) = store::accounts(&mut tx, span, TOP).await?;
    let registrations = store::registrations(&mut tx, from).await?;
    let spent = key_days::since(&mut tx, priced_from).await?;
    let burn = burn(&app, &mut tx).await?;
    drop(tx);
    let costs = cost::by_day(&spent);
    let all = total(&cells);
    let active_users = plans.iter().map(|plan| plan.active).sum();
    Ok(Json(Analytics {
        from,
        to: today,
        totals: Totals {
            requests: all.requests,
            failed: all.failed,
            prompt_tokens: all.prompt_tokens,
            completion_tokens: all.completion_tokens,
            active_users,
            cost: cost::cents(costs.range(from..).map(|(_, cost)| cost).sum()),
        },
        days: by_day(&cells, &active, &costs, (from, today)),
        by_plan: by_plan(&cells, &plans),
        by_feature: by_feature(&cells, all),
        top_users: top.into_iter().map(TopUser::from).collect(),
        averages: Averages {
            tokens_per_user: rounded(ratio(all.tokens(), active_users)),
            requests_per_user: rounded(ratio(all.requests, active_users)),
        },
        burn,
        cost: cost::of(&spent, from, now),
        conversion: conversion(&plans, registrations),
    }))
}

async fn burn(app: &App, conn: &mut PgConnection) -> ApiResult<Vec<Burn>> {
    let pool = Pool::load(app, conn).await?;
    let keys: Vec<_> = pool.keys.iter().map(|key| key.id).collect();
    let lately = activity::since(conn, &keys, pool.now - TimeDelta::hours(1)).await?;
    Ok(burn::of(&pool, &lately))
}

fn by_day(
    cells: &[Cell],
    active: &BTreeMap<NaiveDate, i64>,
    costs: &BTreeMap<NaiveDate, f64>,
    (from, to): (NaiveDate, NaiveDate),
) -> Vec<UsageDay> {
    let sums = by(cells, |cell| cell.day);
    let day = |day: NaiveDate| {
        let of = sums.get(&day).copied().unwrap_or_default();
        UsageDay {
            day,
            requests: of.requests,
            failed: of.failed,
            tokens: of.tokens(),
            users: active.get(&day).copied().unwrap_or(0),
            cost: cost::cents(costs.get(&day).copied().unwrap_or(0.0)),
        }
    };
    days(from, to).map(day).collect()
}

/// The plans in their order, and then accounts that are gone.
fn by_plan(cells: &[Cell], plans: &[OfPlan]) -> Vec<PlanUsage> {
    let mut sums = by(cells, |cell| cell.plan.clone());
    let names = [Plan::Free, Plan::Student, Plan::Pro, Plan::Admin];
    let mut usage: Vec<_> = names
        .into_iter()
        .filter_map(|plan| {
            let of = sums.remove(plan.as_str());
            let counted = plans.iter().find(|counted| counted.plan == plan);
            if of.is_none() && counted.is_none() {
                return None;
            }
            let (users, active_users) = counted.map_or((0, 0), |counted| (counted.users, counted.active));
            Some(plan_usage(plan.as_str().to_owned(), (users, active_users), of.unwrap_or_default()))
        })
        .collect();
    usage.extend(sums.into_iter().map(|(plan, of)| plan_usage(plan, (0, 0), of)));
    usage
}

fn plan_usage(plan: String, (users, active_users): (i64, i64), of: Sums) -> PlanUsage {
    PlanUsage { plan, users, active_users, requests: of.requests, tokens: of.tokens() }
}

fn by_feature(cells: &[Cell], all: Sums) -> Vec<FeatureUsage> {
    let usage = by(cells, |cell| cell.feature).into_iter().map(|(feature, of)| FeatureUsage {
        feature,
        requests: of.requests,
        failed: of.failed,
        tokens: of.tokens(),
        share: ratio(of.requests, all.requests),
    });
    let mut usage: Vec<_> = usage.collect();
    usage.sort_by_key(|usage| std::cmp::Reverse(usage.requests));
    usage
}

impl From<Top> for TopUser {
    fn from(top: Top) -> Self {
        let Top { user: user_id, email, name, plan, requests, tokens } = top;
        Self { user_id, email, name, plan, requests, tokens }
    }
}

fn conversion(plans: &[OfPlan], weeks: Vec<Registered>) -> Conversion {
    let count =
        |of: &[Plan]| plans.iter().filter(|plan| of.contains(&plan.plan)).map(|plan| plan.users).sum();
    let (registered, paid) =
        (count(&[Plan::Free, Plan::Student, Plan::Pro]), count(&[Plan::Student, Plan::Pro]));
    let week = |Registered { week, registered, paid }| WeekOfRegistrations { week, registered, paid };
    Conversion {
        registered,
        paid,
        rate: ratio(paid, registered),
        by_week: weeks.into_iter().map(week).collect(),
    }
}

/// To two places.
fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use domain::feature::Feature;

    use super::*;

    fn cell(day: &str, plan: &str, feature: Feature, requests: i64) -> Cell {
        let sums = Sums { requests, failed: 1, prompt_tokens: 10, completion_tokens: 5 };
        Cell { day: day.parse().unwrap(), plan: plan.to_owned(), feature, sums }
    }

    #[test]
    fn every_day_plan_and_feature_has_its_line() {
        let cells =
            [cell("2026-11-22", "free", Feature::Chat, 3), cell("2026-11-24", "deleted", Feature::Mcq, 1)];
        let span = ("2026-11-22".parse().unwrap(), "2026-11-24".parse().unwrap());
        let days = by_day(&cells, &BTreeMap::from([(span.0, 2)]), &BTreeMap::from([(span.1, 0.25)]), span);
        let told: Vec<_> = days.iter().map(|day| (day.requests, day.users, day.tokens)).collect();
        assert_eq!(told, [(3, 2, 15), (0, 0, 0), (1, 0, 15)]);
        assert!((days[2].cost - 0.25).abs() < 1e-9);
        let plans = [
            OfPlan { plan: Plan::Free, users: 9, active: 2 },
            OfPlan { plan: Plan::Pro, users: 1, active: 0 },
        ];
        let by_plan = by_plan(&cells, &plans);
        let told: Vec<_> = by_plan.iter().map(|plan| (&*plan.plan, plan.users, plan.requests)).collect();
        assert_eq!(told, [("free", 9, 3), ("pro", 1, 0), ("deleted", 0, 1)]);
        let by_feature = by_feature(&cells, total(&cells));
        assert_eq!(by_feature[0].feature, Feature::Chat);
        assert!((by_feature[0].share - 0.75).abs() < 1e-9);
        let conversion = conversion(&plans, Vec::new());
        assert_eq!((conversion.registered, conversion.paid), (10, 1));
    }
}
