//! `/api/usage`: what a student used today and lately, and where that leads.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::{
    feature::Feature,
    quota::{
        Count, Payer, reset_at,
        store::{self, Day},
    },
    users::Plan,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App,
    caller::SignedInUser,
    error::{ApiResult, ErrorBody},
};

mod forecast;

use forecast::{Advice, Projection};

/// Days of history, today included.
const HISTORY: u64 = 7;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(usage))
}

/// What is used of one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
struct Counter {
    /// By what has ended.
    used: i64,
    /// Promised to what is under way.
    held: i64,
    /// The most that a day may come to; null where there is no limit.
    limit: Option<i64>,
}

/// One day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
struct PastDay {
    date: NaiveDate,
    tokens: i64,
    requests: i64,
}

/// What an admin used today beyond all limits.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
struct Bypass {
    tokens: i64,
    requests: i64,
}

/// What a student used today and lately.
#[derive(Debug, Serialize, ToSchema)]
struct Usage {
    plan: Plan,
    /// Today, in UTC.
    date: NaiveDate,
    /// When all counts begin anew.
    reset_at: DateTime<Utc>,
    tokens: Counter,
    requests: Counter,
    /// Uses of each feature, by its name.
    features: BTreeMap<Feature, Counter>,
    /// The last seven days, the oldest first, today last.
    history: Vec<PastDay>,
    /// What the day will come to if it goes on as it began; left out while it is too early to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    projection: Option<Projection>,
    /// The next plan, where the limits of this one are tight.
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<Advice>,
    /// For admins, who pass all limits and are counted apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    bypass: Option<Bypass>,
}

/// What the caller used today and lately.
#[utoipa::path(get, path = "/api/usage", tag = "usage",
    responses((status = OK, body = Usage), (status = UNAUTHORIZED, body = ErrorBody)))]
async fn usage(State(app): State<App>, caller: SignedInUser) -> ApiResult<Json<Usage>> {
    let now = app.clock.now();
    let today = now.date_naive();
    let since = today.checked_sub_days(Days::new(HISTORY - 1)).unwrap_or(today);
    let mut tx = app.db.begin_as(caller.id).await?;
    let days = store::days(&mut tx, caller.id, since).await?;
    let features = store::features(&mut tx, caller.id, today).await?;
    drop(tx);

    let bypasses = caller.payer() == Payer::Admin;
    let limits = app.platform_status.current().limits(if bypasses { Plan::Admin } else { caller.plan });
    let counted = days.iter().find(|day| day.day == today);
    let tokens = counter(counted.map(|day| day.tokens), limits.tokens);
    let requests = counter(counted.map(|day| day.requests), limits.requests);
    let history = history(&days, since);
    let projection = forecast::project(now, tokens, requests);
    let advice = forecast::advise(caller.plan, &limits, &history, projection.as_ref());
    let bypass = bypasses.then(|| Bypass {
        tokens: counted.map_or(0, |day| day.bypass_tokens),
        requests: counted.map_or(0, |day| day.bypass_requests),
    });
    let features = Feature::STUDENT.map(|feature| {
        let count = features.iter().find(|(of, _)| *of == feature).map(|(_, count)| *count);
        (feature, counter(count, limits.feature(feature)))
    });
    Ok(Json(Usage {
        plan: caller.plan,
        date: today,
        reset_at: reset_at(today),
        tokens,
        requests,
        features: features.into(),
        history,
        projection,
        advice,
        bypass,
    }))
}

fn counter(count: Option<Count>, limit: Option<i64>) -> Counter {
    let Count { used, held } = count.unwrap_or_default();
    Counter { used, held, limit }
}

/// Every day since then, also those on which nothing was used.
fn history(days: &[Day], since: NaiveDate) -> Vec<PastDay> {
    let dates = since.iter_days().take(usize::try_from(HISTORY).unwrap_or(0));
    dates
        .map(|date| {
            let day = days.iter().find(|day| day.day == date);
            PastDay {
                date,
                tokens: day.map_or(0, |day| day.tokens.used + day.bypass_tokens),
                requests: day.map_or(0, |day| day.requests.used + day.bypass_requests),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn history_has_every_day_once_oldest_first() {
        let date = |day| NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
        let count = |used| Count { used, held: 9 };
        let days = [3, 5].map(|day| Day {
            day: date(day),
            tokens: count(100),
            requests: count(2),
            bypass_tokens: 10,
            bypass_requests: 1,
        });
        let history = history(&days, date(1));
        assert_eq!(
            history.iter().map(|day| day.date).collect::<Vec<_>>(),
            (1..=7).map(date).collect::<Vec<_>>()
        );
        assert_eq!(history.iter().map(|day| day.tokens).collect::<Vec<_>>(), [0, 0, 110, 0, 110, 0, 0]);
        assert_eq!(history.iter().map(|day| day.requests).sum::<i64>(), 6);
    }
}
