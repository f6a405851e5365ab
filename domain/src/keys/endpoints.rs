//! What endpoints, an address and a model each, have shown about themselves: the rows. What they mean is the worker's.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{PgConnection, PgPool};

use super::{Key, Provider};
use crate::ids::KeyId;

/// How long a fact is believed. Models and servers change.
pub const KEPT: TimeDelta = TimeDelta::days(1);

/// Where a call goes, apart from the key it goes with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EndpointId {
    /// The student's own key, whose facts concern nobody else; `None` is shared.
    pub own_key: Option<KeyId>,
    /// Whose protocol it speaks.
    pub provider: Provider,
    /// Where it is, normalised.
    pub base_url: String,
    /// The model.
    pub model: String,
}

impl EndpointId {
    /// Of a key; `default` has the address and model of keys that name none.
    pub fn of(key: &Key, default: (&str, &str)) -> Self {
        let base_url = key.base_url.as_deref().unwrap_or(default.0);
        Self {
            own_key: key.owner.map(|_| key.id),
            provider: key.provider,
            base_url: normalised(base_url),
            model: key.model.as_deref().unwrap_or(default.1).trim().to_owned(),
        }
    }
}

/// Where each provider is and what it is asked for, unless a key says otherwise.
#[derive(Debug, Clone, Default)]
pub struct Defaults(BTreeMap<Provider, (String, String)>);

impl Defaults {
    /// Of addresses and models by provider.
    pub fn new(defaults: impl IntoIterator<Item = (Provider, (String, String))>) -> Self {
        Self(defaults.into_iter().collect())
    }

    /// The address and the model of a provider's keys that name none.
    pub fn of(&self, provider: Provider) -> (&str, &str) {
        let spoken = provider.protocol();
        let known = self.0.get(&spoken).map(|(base_url, model)| (base_url.as_str(), model.as_str()));
        let description = spoken.description();
        known.unwrap_or((description.base_url, description.model))
    }

    /// Where calls with a key go.
    pub fn endpoint_of(&self, key: &Key) -> EndpointId {
        EndpointId::of(key, self.of(key.provider))
    }
}

/// An address in the one form that equal addresses share.
pub fn normalised(base_url: &str) -> String {
    let text = base_url.trim().trim_end_matches('/');
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let scheme = scheme.to_ascii_lowercase();
    let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let host = host.to_ascii_lowercase();
    let usual = if scheme == "https" { ":443" } else { ":80" };
    let host = host.strip_suffix(usual).unwrap_or(&host);
    format!("{scheme}://{host}{path}")
}

/// Something that was learnt of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointFact {
    /// Which.
    pub endpoint: EndpointId,
    /// What, such as `vision` or `field:temperature`.
    pub lesson: String,
    /// How much, where it is a matter of that.
    pub amount: Option<i64>,
    /// What showed it, in our words.
    pub reason: Option<String>,
    /// When.
    pub learnt_at: DateTime<Utc>,
    /// Until when it is believed.
    pub until: DateTime<Utc>,
}

/// All that is believed now, in the order of endpoints.
pub async fn list(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<Vec<EndpointFact>> {
    let rows = sqlx::query!(
        r#"select own_key as "own_key: KeyId", provider as "provider: Provider", base_url, model, lesson, amount, reason,
                  learnt_at, until
           from endpoint_lessons where until > $1 order by provider, base_url, model, lesson"#,
        now,
    )
    .fetch_all(conn)
    .await?;
    let facts = rows.into_iter().map(|row| EndpointFact {
        endpoint: EndpointId {
            own_key: row.own_key,
            provider: row.provider,
            base_url: row.base_url,
            model: row.model,
        },
        lesson: row.lesson,
        amount: row.amount,
        reason: row.reason,
        learnt_at: row.learnt_at,
        until: row.until,
    });
    Ok(facts.collect())
}

/// Learns something, or the same anew.
pub async fn remember(conn: &mut PgConnection, fact: &EndpointFact) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into endpoint_lessons (own_key, provider, base_url, model, lesson, amount, reason, learnt_at, until)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict on constraint endpoint_lessons_once do update
           set amount = $6, reason = $7, learnt_at = $8, until = $9",
        fact.endpoint.own_key.map(|key| key.0),
        fact.endpoint.provider as Provider,
        fact.endpoint.base_url,
        fact.endpoint.model,
        fact.lesson,
        fact.amount,
        fact.reason,
        fact.learnt_at,
        fact.until,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets all of an endpoint. Says how much that was.
pub async fn forget(conn: &mut PgConnection, endpoint: &EndpointId) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "delete from endpoint_lessons
         where own_key is not distinct from $1 and provider = $2 and base_url = $3 and model = $4",
        endpoint.own_key.map(|key| key.0),
        endpoint.provider as Provider,
        endpoint.base_url,
        endpoint.model,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Removes what is believed no more.
pub async fn prune(pool: &PgPool, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from endpoint_lessons where until <= $1", now).execute(pool).await?;
    Ok(done.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_addresses_are_one() {
        for base in ["https://API.example/v1", "https://api.example:443/v1/", " HTTPS://api.example/v1// "] {
            assert_eq!(normalised(base), "https://api.example/v1", "{base}");
        }
        assert_eq!(normalised("http://localhost:11434/"), "http://localhost:11434");
        assert_eq!(normalised("http://a.example:80"), "http://a.example");
        assert_ne!(normalised("https://a.example/V1"), normalised("https://a.example/v1"));
        assert_eq!(normalised("nowhere"), "nowhere");
    }
}
