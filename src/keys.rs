//! `medai keys`

use std::io::Read as _;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use domain::{
    Db, Tx,
    audit::{self, Action, Actor, Target},
    ids::KeyId,
    keys::{
        CallLimits, KeyStatus, Provider, Secret, Vault,
        store::{self, NO_DUPLICATES, NewKey},
    },
};
use jobs::admin_events::webhooks;
use serde_json::{Value, json};

use crate::{admin::connect, config::Config, dev, providers};

/// Keeps the pool of provider keys.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists the keys, masked.
    List,
    /// Adds a key, which is read from standard input. It is not tried.
    Add {
        /// Whose protocol it speaks.
        #[arg(long, value_parser = providers::parser(Provider::by_hand()))]
        provider: Provider,
        /// Higher is used first.
        #[arg(long, default_value_t = 0)]
        priority: i32,
        /// Where the provider is, if not at its usual address.
        #[arg(long)]
        base_url: Option<String>,
        /// The model to ask for.
        #[arg(long)]
        model: Option<String>,
    },
    /// Deletes a key.
    Delete {
        /// Its id.
        id: KeyId,
    },
    /// Encrypts all keys with `ENCRYPTION_KEY` that are still encrypted with `ENCRYPTION_KEY_PREVIOUS`.
    Rotate,
}

pub(crate) async fn run(config: &Config, arguments: Arguments) -> anyhow::Result<()> {
    let db = connect(config).await?;
    match arguments.command {
        Command::List => list(&db).await,
        Command::Add { provider, priority, base_url, model } => {
            let vault = vault(config)?;
            add(&db, &vault, provider, priority, base_url.as_deref(), model.as_deref()).await
        }
        Command::Delete { id } => {
            let mut tx = db.begin_platform().await?;
            let Some(key) = store::find_shared(&mut tx, id).await? else { bail!("there is no key {id}") };
            store::delete(&mut tx, id).await?;
            let before = json!({ "provider": key.provider, "feature": key.feature, "key": key.last_four,
                "priority": key.priority, "status": key.status });
            record(&mut tx, "delete_api_key", Some(id), &json!({ "before": before })).await?;
            tx.commit().await?;
            crate::print("The key is deleted.");
            Ok(())
        }
        Command::Rotate => rotate(&db, &vault(config)?).await,
    }
}

fn vault(config: &Config) -> anyhow::Result<Vault> {
    let mut config = config.clone();
    // A key that was sealed with a made-up secret could not be opened by the production's workers.
    if config.secrets.encryption_key.is_none() && !config.is_production() {
        dev::complete_secrets(&mut config)?;
    }
    config.secrets.vault()
}

async fn list(db: &Db) -> anyhow::Result<()> {
    let mut conn = db.pool().acquire().await?;
    let width = Provider::ALL.iter().map(|provider| provider.as_str().len()).max().unwrap_or_default();
    for key in store::list_shared(&mut conn).await? {
        let feature = key.feature.map_or("*", domain::Feature::as_str);
        let status = format!("{:?}", key.status).to_lowercase();
        let reason = key.reason.unwrap_or_default();
        let (id, provider, last, priority) = (key.id, key.provider.as_str(), key.last_four, key.priority);
        crate::print(&format!(
            "{id}  {provider:<width$} {feature:<10} …{last:<4}  {priority:>5}  {status:<9} {reason}"
        ));
    }
    Ok(())
}

async fn add(
    db: &Db,
    vault: &Vault,
    provider: Provider,
    priority: i32,
    base_url: Option<&str>,
    model: Option<&str>,
) -> anyhow::Result<()> {
    let mut value = String::new();
    std::io::stdin().read_to_string(&mut value).context("the key cannot be read")?;
    let secret = match value.trim() {
        "" if !provider.description().needs_key => Secret::none(),
        value => Secret::parse(value)?,
    };
    let new = PoolKey { provider, secret: &secret, priority, base_url, model };
    let Some(id) = put(db, vault, new).await? else { bail!("this key is in the pool already") };
    crate::print(&format!("The key …{} is in the pool as {id}.", secret.last_four()));
    Ok(())
}

/// A shared key for any feature, on its way into the pool.
pub(crate) struct PoolKey<'a> {
    pub(crate) provider: Provider,
    pub(crate) secret: &'a Secret,
    pub(crate) priority: i32,
    pub(crate) base_url: Option<&'a str>,
    pub(crate) model: Option<&'a str>,
}

/// Puts a key into the pool, untried; `None` where it is there already.
pub(crate) async fn put(db: &Db, vault: &Vault, new: PoolKey<'_>) -> anyhow::Result<Option<KeyId>> {
    let PoolKey { provider, secret, priority, base_url, model } = new;
    let id = KeyId::generate();
    let key = NewKey {
        id,
        owner: None,
        provider,
        feature: None,
        sealed: &vault.seal(id, secret)?,
        fingerprint: &vault.fingerprint(secret, base_url)?,
        last_four: secret.last_four(),
        priority,
        status: KeyStatus::Active,
        name: None,
        note: None,
        quota_group: None,
        base_url,
        model,
        limits: CallLimits::default(),
        price: None,
        never_fall_back: false,
    };
    let after = json!({ "provider": provider, "feature": null, "key": secret.last_four(), "priority": priority,
        "base_url": base_url, "model": model });
    let mut tx = db.begin_platform().await?;
    match store::insert(&mut tx, &key).await {
        Ok(()) => {
            record(&mut tx, "add_api_key", Some(id), &json!({ "after": after, "tested": false })).await?;
            tx.commit().await?;
            Ok(Some(id))
        }
        Err(sqlx::Error::Database(error)) if error.constraint() == Some(NO_DUPLICATES) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// What the server's command line did, for the audit log.
async fn record(tx: &mut Tx, action: &'static str, id: Option<KeyId>, details: &Value) -> sqlx::Result<()> {
    let id = id.map(|id| id.to_string());
    let target = Target { kind: "api_key", id: id.as_deref() };
    audit::record(tx, &Actor::operator(), Action(action), target, details).await
}

async fn rotate(db: &Db, vault: &Vault) -> anyhow::Result<()> {
    let keys = store::load_all(db.pool()).await?;
    let mut tx = db.begin_platform().await?;
    for row in &keys {
        let secret = vault.open(row.key.id, &row.sealed).with_context(|| format!("key {}", row.key.id))?;
        let fingerprint = vault.fingerprint(&secret, row.key.base_url.as_deref())?;
        store::reseal(&mut tx, row.key.id, &vault.seal(row.key.id, &secret)?, &fingerprint).await?;
    }
    record(&mut tx, "rotate_encryption_key", None, &json!({ "keys": keys.len() })).await?;
    tx.commit().await?;
    let webhooks = webhooks::reseal(db.pool(), vault).await.context("a webhook")?;
    if webhooks > 0 {
        crate::print(&format!("{webhooks} webhooks are encrypted with the current ENCRYPTION_KEY."));
    }
    crate::print(&format!("{} keys are encrypted with the current ENCRYPTION_KEY.", keys.len()));
    Ok(())
}
