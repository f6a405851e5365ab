//! What a call teaches about a key, made lasting: the row, the log and the notices, in one transaction.

use chrono::{DateTime, Utc};
use domain::{
    Db,
    feature::Feature,
    ids::KeyId,
    keys::{
        KeyStatus, Provider,
        health::{
            Happened, Source, log,
            store::{self, Learnt, Lesson},
        },
        store::set_quota_warned,
    },
};
use jobs::notices::{Event, Notice, raise};
use serde_json::{Map, Value, json};
use sqlx::PgConnection;

/// Applies a lesson, writes it down, and has admins told what they are to know. What befalls a
/// student's own key is that student's business.
pub(super) async fn learn(db: &Db, lesson: &Lesson<'_>, threshold: i32) -> sqlx::Result<()> {
    let mut tx = db.begin_bare().await?;
    if let Some(learnt) = store::apply(&mut tx, lesson, threshold).await?
        && learnt.owner.is_none()
    {
        tell(&mut tx, lesson, &learnt).await?;
    }
    tx.commit().await
}

async fn tell(conn: &mut PgConnection, lesson: &Lesson<'_>, learnt: &Learnt) -> sqlx::Result<()> {
    let about = lesson.key.to_string();
    let what = named(learnt.provider, learnt.feature);
    // To be asked to slow down is no failure; that a probe of a degraded key fails again is no news.
    let known = lesson.source == Source::Probe && learnt.before.status == KeyStatus::Degraded;
    let failed = matches!(lesson.happened, Happened::Refused | Happened::Failed);
    if !known && (failed || lesson.class == Some("quota")) {
        let subject = format!("{what} failed");
        told(conn, Event::KeyFailed, &about, &subject, facts(lesson, learnt)).await?;
    }
    if learnt.after.is_degraded_since(learnt.before) {
        let subject = format!("{what} is degraded");
        let mut facts = facts(lesson, learnt);
        facts.insert("failures_in_a_row".to_owned(), json!(learnt.after.failures));
        facts.insert("other_active_keys".to_owned(), json!(learnt.others_active));
        told(conn, Event::KeyDegraded, &about, &subject, facts).await?;
    }
    if learnt.after.is_recovered_since(learnt.before) {
        let subject = format!("{what} works again");
        told(conn, Event::KeyRecovered, &about, &subject, facts(lesson, learnt)).await?;
    }
    Ok(())
}

/// The names and values that a notice shows. Never the key.
fn facts(lesson: &Lesson<'_>, learnt: &Learnt) -> Map<String, Value> {
    let all = [
        ("key", json!(lesson.key)),
        ("provider", json!(learnt.provider)),
        ("feature", json!(learnt.feature.map_or("*", Feature::as_str))),
        ("found_by", json!(lesson.source)),
        ("at", json!(lesson.at)),
        ("class", json!(lesson.class)),
        ("reason", json!(lesson.reason)),
        ("http_status", json!(lesson.http_status)),
        ("cools_until", json!(lesson.cools_until)),
    ];
    let known = all.into_iter().filter(|(_, value)| !value.is_null());
    known.map(|(name, value)| (name.to_owned(), value)).collect()
}

fn named(provider: Provider, feature: Option<Feature>) -> String {
    let feature = feature.map_or_else(|| "all features".to_owned(), |feature| feature.label().to_owned());
    format!("{} for {feature}", provider.a_key())
}

async fn told(
    conn: &mut PgConnection,
    event: Event,
    about: &str,
    subject: &str,
    facts: impl Into<Value>,
) -> sqlx::Result<()> {
    raise(conn, &Notice { event, about, subject, facts: facts.into(), except: None }).await
}

/// A question that one key failed was answered by another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Failover<'a> {
    /// The key that failed.
    pub(super) from: KeyId,
    /// The key that delivered.
    pub(super) to: KeyId,
    /// For what.
    pub(super) feature: Feature,
    /// Why the one failed.
    pub(super) reason: &'a str,
}

/// Writes a failover down, and has admins told of it.
pub(super) async fn failed_over(db: &Db, failover: Failover<'_>, now: DateTime<Utc>) -> sqlx::Result<()> {
    let Failover { from, to, feature, reason } = failover;
    let mut tx = db.begin_bare().await?;
    log::failed_over(&mut tx, (from, to), feature, reason, now).await?;
    let subject = format!("A question went over to another key ({})", feature.label());
    let facts = json!({ "from_key": from, "to_key": to, "feature": feature, "reason": reason });
    told(&mut tx, Event::Failover, &from.to_string(), &subject, facts).await?;
    tx.commit().await
}

/// What is left of a key's quota, where that is little.
#[derive(Debug, Clone, Copy)]
pub(super) struct Low {
    /// Which key.
    pub(super) key: KeyId,
    /// Whose protocol it speaks.
    pub(super) provider: Provider,
    /// The feature it is kept for.
    pub(super) feature: Option<Feature>,
    /// How many requests are left, where that is known.
    pub(super) requests: Option<i64>,
    /// How many tokens are left, where that is known.
    pub(super) tokens: Option<i64>,
    /// When it resets.
    pub(super) resets_at: DateTime<Utc>,
    /// Until when admins need not be told again.
    pub(super) quiet_until: DateTime<Utc>,
}

/// Has admins told once that a key's quota runs low.
pub(super) async fn warn(db: &Db, low: Low, now: DateTime<Utc>) -> sqlx::Result<()> {
    let mut tx = db.begin_bare().await?;
    if set_quota_warned(&mut tx, low.key, now, low.quiet_until).await? {
        let subject = format!("{}: less than a tenth of its quota is left", named(low.provider, low.feature));
        let facts = json!({
            "key": low.key,
            "provider": low.provider,
            "feature": low.feature.map_or("*", Feature::as_str),
            "requests_left": low.requests,
            "tokens_left": low.tokens,
            "resets_at": low.resets_at,
        });
        told(&mut tx, Event::QuotaWarning, &low.key.to_string(), &subject, facts).await?;
    }
    tx.commit().await
}
