//! Takes the live figures: from counts by the minute, the pool of keys, and what the process holds in memory.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    feature::Feature,
    ids::KeyId,
    keys::{
        activity::{self, Activity},
        burn,
        health::{self, Level},
    },
    maintenance::{Level as Closure, Scope},
    platform_status,
};
use jobs::{
    admin_events::deliveries,
    answers::{self, Minute, is_error, minute_of},
    queue::{counters::quantile, workers},
};

use super::{
    super::{
        health::view::{FeatureHealth, Pool},
        queues::view::{QueueView, look, sum},
    },
    alarms::{self, Closed, Queue, Served, Situation},
    view::{ErrorCount, FirstToken, LiveFeature, LiveMaintenance, LiveMinute, LiveServing, Snapshot},
};
use crate::{App, error::ApiResult};

/// The minutes that rates are taken over, before the running one.
const LATELY: i64 = 5;

/// The minutes that are charted, with the running one.
const CHARTED: i64 = 60;

/// How many of the latest happenings are shown.
const HAPPENINGS: i64 = 30;

/// Everything, now.
pub(super) async fn take(app: &App) -> ApiResult<Snapshot> {
    let now = app.clock.now();
    let db = app.db.pool();
    let minutes = answers::since(db, minute_of(now) - TimeDelta::minutes(CHARTED - 1)).await?;
    let queues = look(app).await?;
    let workers = workers::living(db).await?.into_iter().collect::<HashMap<_, _>>();
    let dead_deliveries = deliveries::count_given_up(db, now - TimeDelta::days(1)).await?;
    let mut conn = db.acquire().await?;
    let pool = Pool::load(app, &mut conn).await?;
    let keys: Vec<_> = pool.keys.iter().map(|key| key.id).collect();
    let lately = activity::since(&mut conn, &keys, now - TimeDelta::hours(1)).await?;
    let recent = health::log::recent(&mut conn, HAPPENINGS).await?;
    drop(conn);
    let platform_status = app.platform_status.current();
    let healths: Vec<_> = Feature::STUDENT.into_iter().map(|feature| pool.feature(feature)).collect();
    let features: Vec<_> =
        healths.iter().map(|health| feature(health, &pool, &lately, &platform_status)).collect();
    let counts = pool.count(&pool.keys);
    let situation = Situation {
        queues: queues.iter().map(|queue| alarming(queue, &workers)).collect(),
        features: healths.iter().zip(&features).map(|(health, feature)| served(health, feature)).collect(),
        closed: closed(&platform_status),
        degraded_keys: counts.degraded,
        dead_deliveries,
    };
    Ok(Snapshot {
        at: now,
        answers_per_minute: answers_per_minute(&minutes, now),
        first_token_ms: first_token(&minutes, now),
        errors: errors(&minutes),
        minutes: chart(&minutes, now),
        alarms: alarms::alarms(now, &situation),
        queues,
        keys: counts,
        features,
        maintenance: maintenance(&platform_status),
        recent: recent.into_iter().map(Into::into).collect(),
    })
}

/// The whole minutes of the last while, with the running one.
fn lately(minutes: &[Minute], now: DateTime<Utc>) -> impl Iterator<Item = &Minute> {
    let begin = minute_of(now) - TimeDelta::minutes(LATELY);
    minutes.iter().filter(move |minute| minute.at >= begin)
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn answers_per_minute(minutes: &[Minute], now: DateTime<Utc>) -> f64 {
    let answered = lately(minutes, now).filter(|minute| minute.outcome == answers::COMPLETE);
    let count: i64 = answered.map(|minute| minute.count).sum();
    let running = (now - minute_of(now)).as_seconds_f64() / 60.0;
    let rate = count as f64 / (LATELY as f64 + running);
    (rate * 100.0).round() / 100.0
}

fn first_token(minutes: &[Minute], now: DateTime<Utc>) -> Option<FirstToken> {
    let waits = sum(lately(minutes, now).map(|minute| &*minute.first_token));
    Some(FirstToken { p50: quantile(&waits, 0.5)?.round(), p95: quantile(&waits, 0.95)?.round() })
}

fn errors(minutes: &[Minute]) -> Vec<ErrorCount> {
    let mut counts = BTreeMap::<&str, i64>::new();
    for minute in minutes.iter().filter(|minute| is_error(&minute.outcome)) {
        *counts.entry(&minute.outcome).or_default() += minute.count;
    }
    let count = |(class, last_hour): (&str, i64)| ErrorCount { class: class.to_owned(), last_hour };
    let mut errors: Vec<_> = counts.into_iter().map(count).collect();
    errors.sort_by_key(|error| std::cmp::Reverse(error.last_hour));
    errors
}

/// Every minute of the last hour, those without anything too.
fn chart(minutes: &[Minute], now: DateTime<Utc>) -> Vec<LiveMinute> {
    let first = minute_of(now) - TimeDelta::minutes(CHARTED - 1);
    let empty = |n| LiveMinute { at: first + TimeDelta::minutes(n), answers: 0, errors: 0 };
    let mut chart: Vec<_> = (0..CHARTED).map(empty).collect();
    for minute in minutes {
        let place = usize::try_from((minute.at - first).num_minutes()).ok();
        let Some(slot) = place.and_then(|place| chart.get_mut(place)) else { continue };
        if minute.outcome == answers::COMPLETE {
            slot.answers += minute.count;
        } else if is_error(&minute.outcome) {
            slot.errors += minute.count;
        }
    }
    chart
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn feature(
    of: &FeatureHealth,
    pool: &Pool,
    lately: &HashMap<KeyId, Activity>,
    platform_status: &platform_status::Snapshot,
) -> LiveFeature {
    let feature = of.feature;
    let keys: Vec<_> = pool.serving(feature).collect();
    let burn_per_hour = (!keys.is_empty()).then(|| burn::per_hour(keys.iter().copied(), lately) as f64);
    let quota_left = of.health.quota_left;
    // What is not known of some keys cannot be known of all.
    let left = quota_left.requests.filter(|_| quota_left.unknown_keys == 0);
    let runs_out_at = left
        .zip(burn_per_hour)
        .and_then(|(left, burn)| burn::runs_out_at(left, burn, quota_left.resets_at, pool.now));
    LiveFeature {
        feature,
        level: platform_status.level(feature),
        enabled: platform_status.is_enabled(feature),
        keys_alive: of.health.keys.active,
        serving: of.health.serving.as_ref().map(|serving| LiveServing {
            provider: serving.provider,
            key_masked: serving.key_masked.clone(),
        }),
        quota_left,
        burn_per_hour,
        runs_out_at,
    }
}

fn served(of: &FeatureHealth, feature: &LiveFeature) -> Served {
    let keys = of.health.keys;
    Served {
        feature: of.feature,
        enabled: feature.enabled,
        active: keys.active,
        cooling: keys.cooling,
        down: of.health.level == Level::Down,
        runs_out_at: feature.runs_out_at,
    }
}

fn alarming(queue: &QueueView, workers: &HashMap<String, i64>) -> Queue {
    let seconds = |seconds| TimeDelta::from_std(Duration::try_from_secs_f64(seconds).ok()?).ok();
    Queue {
        name: queue.name.clone(),
        alarm: queue.alarm.map(|alarm| (alarm, queue.alarm_since)),
        paused_at: queue.paused_at,
        ready: queue.ready,
        oldest: queue.oldest_wait_seconds.and_then(seconds),
        workers: workers.get(&queue.name).copied().unwrap_or(0),
    }
}

/// What is closed, the strongest state of each scope.
fn closed(platform_status: &platform_status::Snapshot) -> Vec<Closed> {
    let scopes: BTreeSet<_> = platform_status.states.iter().map(|state| state.scope).collect();
    let states = scopes.into_iter().filter_map(|scope| platform_status.strongest(scope));
    let closed = states.map(|state| Closed {
        feature: state.scope.feature(),
        level: state.level,
        reason: state.reason.clone(),
        since: state.since,
    });
    closed.collect()
}

fn maintenance(platform_status: &platform_status::Snapshot) -> LiveMaintenance {
    let level = |scope| platform_status.strongest(scope).map_or(Closure::None, |state| state.level);
    let of_features = Feature::STUDENT.into_iter().map(|feature| (feature, level(Scope::Feature(feature))));
    LiveMaintenance {
        level: level(Scope::Platform),
        feature_levels: of_features.filter(|(_, level)| *level != Closure::None).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-03-01T10:00:30Z".parse().unwrap()
    }

    fn minute(ago: i64, outcome: &str, count: i64) -> Minute {
        let at = minute_of(now()) - TimeDelta::minutes(ago);
        Minute { at, outcome: outcome.to_owned(), count, first_token: vec![0, 0, 0, 0, 0, 0, 0, 1] }
    }

    #[test]
    fn an_hour_has_sixty_minutes_and_its_errors_are_those_of_its_classes() {
        let minutes = [
            minute(59, answers::COMPLETE, 3),
            minute(0, answers::COMPLETE, 2),
            minute(0, "overload", 4),
            minute(7, "exhausted", 1),
            minute(1, "cancelled", 9),
        ];
        let chart = chart(&minutes, now());
        assert_eq!(chart.len(), 60);
        assert_eq!((chart[0].answers, chart[59].answers, chart[59].errors), (3, 2, 4));
        let errors = errors(&minutes);
        assert_eq!(errors[0], ErrorCount { class: "overload".to_owned(), last_hour: 4 });
        let charted: i64 = chart.iter().map(|minute| minute.errors).sum();
        assert_eq!(charted, errors.iter().map(|error| error.last_hour).sum::<i64>());
    }

    #[test]
    fn rates_are_of_the_last_minutes_and_the_part_of_the_running_one() {
        let minutes = [minute(6, answers::COMPLETE, 100), minute(5, answers::COMPLETE, 11)];
        assert!((answers_per_minute(&minutes, now()) - 2.0).abs() < 1e-9);
        let first = first_token(&minutes, now()).unwrap();
        assert!(first.p50 > 100.0 && first.p95 <= 200.0, "{first:?}");
        assert_eq!(first_token(&minutes[..1], now()), None);
    }
}
