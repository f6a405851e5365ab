//! Addresses that alerts are posted to, each with a secret that signs what is posted.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use domain::{
    ids::{KeyId, WebhookId},
    keys::{
        Secret, Vault,
        vault::{Sealed, VaultError},
    },
};
use rand::Rng as _;
use sqlx::{PgConnection, PgPool};
use url::Url;

/// Between secret and address, where both are sealed as one. Neither base64 nor the prefix has it.
const BETWEEN: char = '|';

/// The longest address, so that both fit into a [`Secret`].
pub const MAX_URL: usize = 400;

/// A webhook as it may be shown.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// As much of its address as is shown.
    pub shown: String,
    /// Whether alerts are posted to it.
    pub enabled: bool,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// What posting needs.
#[derive(Debug)]
pub struct Opened {
    /// Signs what is posted.
    pub secret: Secret,
    /// Where it is posted to.
    pub url: Secret,
}

/// All of them, the oldest first.
///
/// # Errors
/// The database's.
pub async fn list(conn: &mut PgConnection) -> sqlx::Result<Vec<Webhook>> {
    sqlx::query_as!(
        Webhook,
        r#"select id as "id: WebhookId", shown, enabled, created_at from webhooks order by id"#
    )
    .fetch_all(conn)
    .await
}

/// Adds one, and returns its id with its secret, which nobody is shown again.
///
/// # Errors
/// The database's, or the vault's as one that encodes.
pub async fn insert(
    conn: &mut PgConnection,
    vault: &Vault,
    url: &Url,
    enabled: bool,
) -> sqlx::Result<(WebhookId, Secret)> {
    let id = WebhookId::generate();
    let mut random = [0; 32];
    rand::rng().fill_bytes(&mut random);
    let secret = format!("whsec_{}", STANDARD.encode(random));
    let sealed = seal(vault, id, &format!("{secret}{BETWEEN}{url}"))?;
    sqlx::query!(
        "insert into webhooks (id, sealed, cipher_key_id, shown, enabled) values ($1, $2, $3, $4, $5)",
        id.0,
        sealed.bytes,
        sealed.cipher_key_id,
        shown(url),
        enabled,
    )
    .execute(conn)
    .await?;
    Ok((id, Secret::parse(&secret).map_err(|error| sqlx::Error::Encode(error.into()))?))
}

/// Switches one on or off. Returns false where it is not there.
///
/// # Errors
/// The database's.
pub async fn set_enabled(conn: &mut PgConnection, id: WebhookId, enabled: bool) -> sqlx::Result<bool> {
    let done = sqlx::query!("update webhooks set enabled = $2 where id = $1", id.0, enabled);
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// Removes all but these.
///
/// # Errors
/// The database's.
pub async fn retain(conn: &mut PgConnection, keep: &[WebhookId]) -> sqlx::Result<()> {
    let keep: Vec<_> = keep.iter().map(|id| id.0).collect();
    sqlx::query!("delete from webhooks where id <> all($1)", &keep).execute(conn).await?;
    Ok(())
}

/// What posting to one needs; `None` where it was removed or switched off.
///
/// # Errors
/// The database's, or the vault's.
pub async fn open(pool: &PgPool, vault: &Vault, id: WebhookId) -> anyhow::Result<Option<Opened>> {
    let row = sqlx::query!("select sealed, cipher_key_id from webhooks where id = $1 and enabled", id.0);
    let Some(row) = row.fetch_optional(pool).await? else { return Ok(None) };
    let sealed = Sealed { bytes: row.sealed, cipher_key_id: row.cipher_key_id };
    let both = vault.open(KeyId(id.0), &sealed)?;
    let (secret, url) = both.expose().split_once(BETWEEN).ok_or(VaultError::Damaged)?;
    Ok(Some(Opened { secret: Secret::parse(secret)?, url: Secret::parse(url)? }))
}

/// Encrypts all with the current master key. Returns how many there are.
///
/// # Errors
/// The database's, or the vault's.
pub async fn reseal(pool: &PgPool, vault: &Vault) -> anyhow::Result<usize> {
    let rows = sqlx::query!(r#"select id as "id: WebhookId", sealed, cipher_key_id from webhooks"#);
    let rows = rows.fetch_all(pool).await?;
    for row in &rows {
        let sealed = Sealed { bytes: row.sealed.clone(), cipher_key_id: row.cipher_key_id.clone() };
        let both = vault.open(KeyId(row.id.0), &sealed)?;
        let sealed = seal(vault, row.id, both.expose())?;
        sqlx::query!(
            "update webhooks set sealed = $2, cipher_key_id = $3 where id = $1",
            row.id.0,
            sealed.bytes,
            sealed.cipher_key_id,
        )
        .execute(pool)
        .await?;
    }
    Ok(rows.len())
}

fn seal(vault: &Vault, id: WebhookId, both: &str) -> sqlx::Result<Sealed> {
    let secret = Secret::parse(both).map_err(|error| sqlx::Error::Encode(error.into()))?;
    // Ids are unique over all tables, so it is bound to its row like a provider key.
    vault.seal(KeyId(id.0), &secret).map_err(|error| sqlx::Error::Encode(error.into()))
}

/// As much of an address as is shown: where it is, and the last four characters of a long path, since the path
/// is what makes it a secret.
pub fn shown(url: &Url) -> String {
    let origin = url.origin().ascii_serialization();
    let rest = url.as_str().strip_prefix(&origin).unwrap_or_default();
    match rest.len() {
        0 | 1 => origin,
        2..=16 => format!("{origin}/…"),
        length => format!("{origin}/…{}", rest.get(length - 4..).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_what_makes_it_a_secret() {
        for (url, expected) in [
            ("https://hooks.example.org", "https://hooks.example.org"),
            ("https://hooks.example.org/", "https://hooks.example.org"),
            ("https://hooks.example.org:8443/short", "https://hooks.example.org:8443/…"),
            ("https://hooks.slack.com/services/T0/B0/abcdefWXYZ", "https://hooks.slack.com/…WXYZ"),
            ("https://hooks.example.org/?token=abcdefghijkl", "https://hooks.example.org/…ijkl"),
        ] {
            assert_eq!(shown(&url.parse().unwrap()), expected);
        }
    }
}
