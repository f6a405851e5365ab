//! What a call teaches about a key, made lasting: the row, the log and the notices, in one transaction.

use chrono::{DateTime, Utc};
use domain::{
    Db,
    feature::Feature,
    ids::KeyId,
    keys::{
        KeyStatus, Provider,
        health::{
            SignalKind, Source, log,
            store::{self, HealthChange, HealthSignal},
        },
        store::set_quota_warned,
    },
};
use jobs::admin_events::{AdminEvent, Event, emit};
use serde_json::{Map, Value, json};
use sqlx::PgConnection;

/// Applies a health signal, writes it down, and has admins told what they are to know. What befalls a
/// student's own key is that student's business.
pub(super) async fn record(db: &Db, signal: &HealthSignal<'_>, threshold: i32) -> sqlx::Result<()> {
    let mut tx = db.begin_bare().await?;
    if let Some(change) = store::apply(&mut tx, signal, threshold).await?
        && change.owner.is_none()
    {
        emit_changes(&mut tx, signal, &change).await?;
    }
    tx.commit().await
}

async fn emit_changes(
    conn: &mut PgConnection,
    signal: &HealthSignal<'_>,
    change: &HealthChange,
) -> sqlx::Result<()> {
    let about = signal.key.to_string();
    let what = named(change.provider, change.feature);
    // To be asked to slow down is no failure; that a probe of a degraded key fails again is no news.
    let known = signal.source == Source::Probe && change.before.status == KeyStatus::Degraded;
    let failed = matches!(signal.signal_kind, SignalKind::Refused | SignalKind::Failed);
    if !known && (failed || signal.class == Some("quota")) {
        let subject = format!("{what} failed");
        emit_event(conn, Event::KeyFailed, &about, &subject, facts(signal, change)).await?;
    }
    if change.after.is_degraded_since(change.before) {
        let subject = format!("{what} is degraded");
        let mut facts = facts(signal, change);
        facts.insert("failures_in_a_row".to_owned(), json!(change.after.failures));
        facts.insert("other_active_keys".to_owned(), json!(change.others_active));
        emit_event(conn, Event::KeyDegraded, &about, &subject, facts).await?;
    }
    if change.after.is_recovered_since(change.before) {
        let subject = format!("{what} works again");
        emit_event(conn, Event::KeyRecovered, &about, &subject, facts(signal, change)).await?;
    }
    Ok(())
}

/// The names and values that a notice shows. Never the key.
fn facts(signal: &HealthSignal<'_>, change: &HealthChange) -> Map<String, Value> {
    let all = [
        ("key", json!(signal.key)),
        ("provider", json!(change.provider)),
        ("feature", json!(change.feature.map_or("*", Feature::as_str))),
        ("found_by", json!(signal.source)),
        ("at", json!(signal.at)),
        ("class", json!(signal.class)),
        ("reason", json!(signal.reason)),
        ("http_status", json!(signal.http_status)),
        ("cools_until", json!(signal.cools_until)),
    ];
    let known = all.into_iter().filter(|(_, value)| !value.is_null());
    known.map(|(name, value)| (name.to_owned(), value)).collect()
}

fn named(provider: Provider, feature: Option<Feature>) -> String {
    let feature = feature.map_or_else(|| "all features".to_owned(), |feature| feature.label().to_owned());
    format!("{} for {feature}", provider.a_key())
}

async fn emit_event(
    conn: &mut PgConnection,
    event: Event,
    about: &str,
    subject: &str,
    facts: impl Into<Value>,
) -> sqlx::Result<()> {
    emit(conn, &AdminEvent { event, about, subject, facts: facts.into(), except: None }).await
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
    emit_event(&mut tx, Event::Failover, &from.to_string(), &subject, facts).await?;
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
        emit_event(&mut tx, Event::QuotaWarning, &low.key.to_string(), &subject, facts).await?;
    }
    tx.commit().await
}
