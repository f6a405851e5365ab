//! `medai doctor`: looks at everything that the program stands on, and says what is wrong.

use anyhow::bail;
use domain::keys::{KeyStatus, store};
use ingest::assets::Assets;
use secrecy::ExposeSecret as _;
use sqlx::Row as _;
use worker::EmbedderChoice;

use crate::{admin::connect, config::Config, dev};

pub(crate) async fn run(config: &Config) -> anyhow::Result<()> {
    let mut wrong = 0_u32;
    let mut say = |what: &str, found: anyhow::Result<String>| {
        wrong += u32::from(found.is_err());
        let (mark, text) = match found {
            Ok(text) => ("ok  ", text),
            Err(error) => ("FAIL", format!("{error:#}")),
        };
        crate::print(&format!("{mark}  {what:<10} {text}"));
    };
    say("settings", config.require_complete().map(|()| format!("{:?}", config.environment).to_lowercase()));
    match connect(config).await {
        Err(error) => say("database", Err(error)),
        Ok(db) => {
            say("database", database(&db).await);
            say("schema", schema(&db).await);
            say("audit log", audit_log(config, &db).await);
            say("pgvector", vector(&db).await);
            say("keys", keys(config, &db).await);
        }
    }
    say("bus", bus(config).await);
    say("e-mail", email(config));
    say("files", files(config).await);
    say("embedder", Ok(embedder(config)));
    if wrong > 0 {
        bail!("{wrong} of these need attention");
    }
    Ok(())
}

async fn database(db: &domain::Db) -> anyhow::Result<String> {
    let row = sqlx::query(
        "select current_setting('server_version') as version, rolsuper or rolbypassrls as bypasses
         from pg_roles where rolname = current_user",
    )
    .fetch_one(db.pool())
    .await?;
    let (version, bypasses): (String, bool) = (row.try_get("version")?, row.try_get("bypasses")?);
    let note = if bypasses { "; the login is a superuser, which is more than is needed" } else { "" };
    Ok(format!("PostgreSQL {version}{note}"))
}

async fn schema(db: &domain::Db) -> anyhow::Result<String> {
    let applied: Vec<i64> =
        sqlx::query_scalar("select version from _sqlx_migrations where success").fetch_all(db.pool()).await?;
    let missing =
        migrations::MIGRATOR.iter().filter(|migration| !applied.contains(&migration.version)).count();
    if missing > 0 {
        bail!("{missing} migrations are not applied: run `medai migrate`");
    }
    Ok(format!("{} migrations", applied.len()))
}

/// Whether who runs the processes can empty the audit log: who owns it can.
async fn audit_log(config: &Config, db: &domain::Db) -> anyhow::Result<String> {
    let (login, owner, owns): (String, String, bool) = sqlx::query_as(
        "select current_user::text, pg_get_userbyid(relowner)::text, pg_has_role(current_user, relowner, 'member')
         from pg_class where oid = 'audit_log'::regclass",
    )
    .fetch_one(db.pool())
    .await?;
    if !owns {
        return Ok(format!("{login}, whom processes run as, can empty nothing: it belongs to {owner}"));
    }
    if config.database.database_migration_url.is_some() {
        bail!(
            "{login}, the login of DATABASE_URL, owns it or is a member of {owner}, who does, and can empty it"
        );
    }
    Ok(format!(
        "{login}, whom processes run as, owns it and can empty it; DATABASE_MIGRATION_URL is for a login of its own"
    ))
}

async fn vector(db: &domain::Db) -> anyhow::Result<String> {
    let version =
        sqlx::query_scalar::<_, String>("select extversion from pg_extension where extname = 'vector'");
    match version.fetch_optional(db.pool()).await? {
        Some(version) => Ok(version),
        None => bail!("the extension is not there: `create extension vector` as a superuser"),
    }
}

async fn keys(config: &Config, db: &domain::Db) -> anyhow::Result<String> {
    let mut config = config.clone();
    if config.secrets.encryption_key.is_none() && !config.is_production() {
        dev::complete_secrets(&mut config)?;
    }
    let vault = config.secrets.vault()?;
    let keys = store::load_all(db.pool()).await?;
    let closed = keys.iter().filter(|row| vault.open(row.key.id, &row.sealed).is_err()).count();
    if closed > 0 {
        bail!("{closed} of {} do not decrypt with ENCRYPTION_KEY", keys.len());
    }
    let active = keys.iter().filter(|row| row.key.status == KeyStatus::Active).count();
    if active == 0 {
        bail!("none of {} is active: nothing can be answered", keys.len());
    }
    Ok(format!("{active} of {} active", keys.len()))
}

fn email(config: &Config) -> anyhow::Result<String> {
    let said =
        if config.notify_settings()?.email.is_some() { "set up" } else { "not set up: SMTP_HOST is missing" };
    Ok(said.to_owned())
}

async fn files(config: &Config) -> anyhow::Result<String> {
    config.files.store(&config.data_dir)?.ping().await?;
    Ok(config.files.s3()?.map_or_else(|| "a folder".to_owned(), |s3| format!("the bucket {}", s3.bucket)))
}

fn embedder(config: &Config) -> String {
    match config.embedding.choice(&config.providers) {
        EmbedderChoice::Remote(provider, model) => format!("{model} of {}", provider.as_str()),
        EmbedderChoice::Local if Assets::below(config.data_dir.join("tools")).found().is_some() => {
            "on this machine".to_owned()
        }
        EmbedderChoice::Local => "on this machine; its model is fetched at the first start".to_owned(),
    }
}

async fn bus(config: &Config) -> anyhow::Result<String> {
    let Some(url) = &config.database.redis_url else { return Ok("in this process".to_owned()) };
    let stop = tokio_util::sync::CancellationToken::new();
    let tasks = tokio_util::task::TaskTracker::new();
    let bus = jobs::bus::RedisBus::connect(url.expose_secret(), stop.clone(), &tasks);
    let bus = bus.map_err(|_malformed| anyhow::anyhow!("REDIS_URL is not a Redis URL"))?;
    jobs::bus::Bus::ping(&*bus).await?;
    stop.cancel();
    Ok("Redis".to_owned())
}
