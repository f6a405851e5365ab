//! All settings: one struct over the environment (and the same as flags). Its comments are the manual;
//! `medai --help` prints them.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use anyhow::bail;
use clap::{Args, ValueEnum};
use domain::keys::Provider;
use files::{Files, S3};
use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use url::Url;
use worker::EmbedderChoice;

use crate::{
    notify::SmtpEncryption,
    providers::{self, EmbedderKind, LOCAL, ProviderSettings},
};

/// How strict the program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Environment {
    /// Makes up what is missing, for one machine.
    Development,
    /// Refuses to start where something is missing.
    Production,
}

/// The settings.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Settings")]
pub struct Config {
    /// `production` refuses to start without its settings, and logs JSON.
    #[arg(long, env, global = true, value_enum, default_value = "development")]
    pub environment: Environment,
    /// Where the API listens.
    #[arg(long, env, global = true, default_value = "127.0.0.1")]
    pub host: IpAddr,
    /// The port of the API.
    #[arg(long, env, global = true, default_value_t = 8000)]
    pub port: u16,
    /// Where `medai dev` keeps its database, files and made-up secrets.
    #[arg(long, env, global = true, default_value = ".data")]
    pub data_dir: PathBuf,
    /// PostgreSQL, version 15 or later with pgvector. `medai dev` brings its own.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub database_url: Option<SecretString>,
    /// The login that owns the tables and migrates them. With one, that of `DATABASE_URL` needs to own nothing, and can
    /// empty no audit log. Like `DATABASE_URL` unless given.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub database_migration_url: Option<SecretString>,
    /// The same server without a pooler in between, for LISTEN. Like `DATABASE_URL` unless given.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub database_direct_url: Option<SecretString>,
    /// The most connections of a process to the database.
    #[arg(long, env, global = true, default_value_t = 24)]
    pub database_connections: u32,
    /// Redis or Valkey, which carries events between processes. `medai dev` needs none.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub redis_url: Option<SecretString>,
    /// What access tokens are signed with: 32 characters or more.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub jwt_secret: Option<SecretString>,
    /// What provider keys are encrypted with: 64 hexadecimal digits.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub encryption_key: Option<SecretString>,
    /// The one before, while `medai keys rotate` has not been run.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub encryption_key_previous: Option<SecretString>,
    /// Origins of browsers that may call, separated by commas.
    #[arg(long, env, global = true, value_delimiter = ',')]
    pub cors_origins: Vec<String>,
    /// Host names that are answered, separated by commas; `*.example.org` is any subdomain. Empty: all.
    #[arg(long, env, global = true, value_delimiter = ',')]
    pub trusted_hosts: Vec<String>,
    /// Networks of proxies whose `X-Forwarded-For` and `Forwarded` are believed, separated by commas.
    #[arg(long, env, global = true, value_delimiter = ',')]
    pub trusted_proxies: Vec<IpNet>,
    /// Connections that an address may have at a time; those of `TRUSTED_PROXIES` have any number.
    #[arg(long, env, global = true, default_value_t = 1024)]
    pub connections_per_address: usize,
    /// Streams of events, and uploads, that an account may have open at a time, at each process of the API.
    #[arg(long, env, global = true, default_value_t = 10)]
    pub streams_per_account: usize,
    /// Changes that an account may make at once.
    #[arg(long, env, global = true, value_parser = clap::value_parser!(u32).range(1..), default_value_t = 400)]
    pub writes_burst: u32,
    /// Changes a second that it may make after that.
    #[arg(long, env, global = true, value_parser = clap::value_parser!(u32).range(1..=1_000_000), default_value_t = 5)]
    pub writes_per_second: u32,
    /// Changes that an address may make at once where nobody is signed in, such as sign-ins.
    #[arg(long, env, global = true, value_parser = clap::value_parser!(u32).range(1..), default_value_t = 400)]
    pub anonymous_writes_burst: u32,
    /// Changes a second that it may make after that.
    #[arg(long, env, global = true, value_parser = clap::value_parser!(u32).range(1..=1_000_000), default_value_t = 5)]
    pub anonymous_writes_per_second: u32,
    /// The address whose verified account is always a super admin.
    #[arg(long, env, global = true)]
    pub super_admin_email: Option<String>,
    /// Registrations an address may make an hour.
    #[arg(long, env, global = true, default_value_t = 100)]
    pub registrations_per_hour: i64,
    /// Wrong passwords that an address may try in a quarter of an hour; more where many sign in from one, as on a campus.
    #[arg(long, env, global = true, default_value_t = 5, value_parser = clap::value_parser!(i64).range(1..=100_000))]
    pub login_tries_per_address: i64,
    /// The admin whom the first `medai dev` makes.
    #[arg(long, env, global = true, default_value = "admin@medai.local")]
    pub admin_email: String,
    /// Their password; made up and printed once unless given.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub admin_password: Option<SecretString>,
    /// Whether `medai dev` starts a demo provider while it knows no key: `on` or `off`.
    #[arg(long, env, global = true, value_enum, default_value = "on")]
    pub demo_provider: Switch,
    /// What each provider's keys are called by, where it is, and its models.
    #[command(flatten)]
    pub providers: ProviderSettings,
    /// Providers in order of preference, separated by commas.
    #[arg(long, env, global = true, value_delimiter = ',', value_parser = Provider::named, default_value = providers::chain())]
    pub provider_chain: Vec<Provider>,
    /// Failures in a row above which a key is degraded.
    #[arg(long, env, global = true, default_value_t = 5)]
    pub key_failure_threshold: i32,
    /// How often keys are probed that served nobody meanwhile, such as `5m` or `3s`.
    #[arg(long, env, global = true, value_parser = parse_interval, default_value = "5m")]
    pub health_check_interval: Duration,
    /// How keys are probed: by a short `answer`, or by the list of `models`, which is free and says nothing of quotas.
    #[arg(long, env, global = true, value_enum, default_value = "answer")]
    pub probe_call: Probe,
    /// How long a provider may take to say the first word, such as `20s`.
    #[arg(long, env, global = true, value_parser = humantime::parse_duration, default_value = "20s")]
    pub first_token_timeout: Duration,
    /// How long a model may think before its first word where it tells its thoughts, such as `5m`; at most `10m`.
    #[arg(long, env, global = true, value_parser = parse_patience, default_value = "5m")]
    pub thinking_timeout: Duration,
    /// How long Ollama may load a model while no other key could answer, such as `3m`; at most `10m`.
    #[arg(long, env, global = true, value_parser = parse_patience, default_value = "3m")]
    pub loading_timeout: Duration,
    /// The longest context that Ollama is asked for (`num_ctx`), in tokens. It takes memory.
    #[arg(long, env, global = true, default_value_t = 8192)]
    pub ollama_context: u32,
    /// The longest that a question waits for a key to cool, from when it was asked, such as `10m`.
    #[arg(long, env, global = true, value_parser = humantime::parse_duration, default_value = "10m")]
    pub max_wait: Duration,
    /// The mail server that sends e-mails to admins. Without one, `medai dev` writes them to `DATA_DIR/outbox`.
    #[arg(long, env, global = true)]
    pub smtp_host: Option<String>,
    /// Its port; unless given 587, 465 with `SMTP_TLS=tls`, 25 with `none`.
    #[arg(long, env, global = true)]
    pub smtp_port: Option<u16>,
    /// How it is encrypted: `starttls`, `tls` from the first byte, or `none` for a relay on the same machine.
    #[arg(long, env, global = true, value_enum, default_value = "starttls")]
    pub smtp_tls: SmtpEncryption,
    /// The account at the mail server, where it asks for one.
    #[arg(long, env, global = true)]
    pub smtp_user: Option<String>,
    /// Its password.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub smtp_password: Option<SecretString>,
    /// The sender of e-mails, such as `medai <medai@example.org>`; `SMTP_USER` unless given.
    #[arg(long, env, global = true)]
    pub smtp_from: Option<String>,
    /// A file with the certificate, in PEM, of an authority that the mail server's is signed by, if not a public one.
    #[arg(long, env, global = true)]
    pub smtp_ca_file: Option<PathBuf>,
    /// Where text messages are posted to, as JSON `{"to", "text"}`.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub sms_gateway_url: Option<SecretString>,
    /// The bearer token of that gateway.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub sms_gateway_token: Option<SecretString>,
    /// Where e-mails are written to without a mail server. Set by `medai dev`, not by an operator.
    #[arg(skip)]
    pub outbox: Option<PathBuf>,
    /// How long entries of the audit log are kept, 90 days or more, such as `90d`.
    #[arg(long, env, global = true, value_parser = parse_retention, default_value = "90d")]
    pub audit_retention: Duration,
    /// Where files are kept: a folder, or `s3://bucket/prefix`. `files` in `DATA_DIR` unless given.
    #[arg(long, env, global = true)]
    pub files_url: Option<String>,
    /// Where an S3-compatible service is, unless it is AWS.
    #[arg(long, env, global = true)]
    pub s3_endpoint: Option<String>,
    /// The region of the bucket.
    #[arg(long, env, global = true, default_value = "us-east-1")]
    pub s3_region: String,
    /// The access key of the bucket.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub s3_access_key: Option<SecretString>,
    /// The secret key of the bucket.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub s3_secret_key: Option<SecretString>,
    /// The largest PDF that is taken, in megabytes.
    #[arg(long, env, global = true, default_value_t = 100)]
    pub max_upload_mb: u32,
    /// The most pages of a PDF that are read.
    #[arg(long, env, global = true, default_value_t = 3000)]
    pub max_pages: u32,
    /// The largest image that is taken, in megabytes.
    #[arg(long, env, global = true, default_value_t = 10)]
    pub max_image_mb: u32,
    /// Uploads of a student that may fail to be read in a day; after that, uploading waits for the next.
    #[arg(long, env, global = true, default_value_t = 20)]
    pub failed_uploads_per_day: i64,
    /// A virus scanner (clamd) that uploads are shown to, such as `127.0.0.1:3310`.
    #[arg(long, env, global = true)]
    pub clamd_addr: Option<String>,
    /// Who embeds documents and searches: the model on this machine, or a provider.
    #[arg(long, env, global = true, help = providers::embedders(), value_parser = EmbedderKind::parser(), default_value = LOCAL)]
    pub embedder: EmbedderKind,
    /// Jobs of one student that run at a time, of each queue.
    #[arg(long, env, global = true, default_value_t = 8)]
    pub tenant_concurrency: i64,
    /// Questions of one student that run at a time where keys of their own may serve them.
    #[arg(long, env, global = true, default_value_t = 2)]
    pub own_key_concurrency: i64,
    /// How long an answer may take where the student has own keys, such as `2m`.
    #[arg(long, env, global = true, value_parser = humantime::parse_duration, default_value = "2m")]
    pub own_key_answer_timeout: Duration,
    /// Answers by own keys that a student may have an hour. They count in no plan.
    #[arg(long, env, global = true, default_value_t = 60)]
    pub own_key_answers_per_hour: i64,
    /// How long a job is held without a sign of life of its worker.
    #[arg(long, env, global = true, value_parser = humantime::parse_duration, default_value = "15s")]
    pub job_lease: Duration,
    /// How long running jobs may go on after the process was told to stop.
    #[arg(long, env, global = true, value_parser = humantime::parse_duration, default_value = "25s")]
    pub shutdown_grace: Duration,
    /// Where any role serves `/metrics` by itself, such as `127.0.0.1:9101`.
    #[arg(long, env, global = true)]
    pub metrics_addr: Option<SocketAddr>,
    /// What a scraper of `/metrics` must send as bearer token. Without one, the API of a production does not serve it.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub metrics_token: Option<SecretString>,
    /// Where traces go: an OpenTelemetry collector that takes OTLP over HTTP, such as `http://localhost:4318`.
    #[arg(long, env, global = true)]
    pub otel_exporter_otlp_endpoint: Option<Url>,
    /// How far the clock is ahead of the machine's: for tests of what happens at midnight. Refused in production.
    #[arg(long, env, global = true, hide = true, value_parser = humantime::parse_duration, default_value = "0s")]
    pub clock_offset: Duration,
}

/// How keys are probed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Probe {
    /// By a short answer.
    Answer,
    /// By the list of models.
    Models,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

/// Ticks are at whole seconds.
fn parse_interval(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(interval) if interval.subsec_nanos() == 0 && !interval.is_zero() => Ok(interval),
        Ok(_) => Err("must be whole seconds, at least one".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// A round of a question has to come to its end.
fn parse_patience(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(patience) if patience <= Duration::from_mins(10) => Ok(patience),
        Ok(_) => Err("must be 10 minutes or less".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// The audit log itself refuses to forget sooner.
fn parse_retention(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(retention) if retention >= Duration::from_hours(90 * 24) => Ok(retention),
        Ok(_) => Err("must be 90 days or more".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

impl Config {
    /// Whether this is production.
    pub fn is_production(&self) -> bool {
        self.environment == Environment::Production
    }

    /// Takes a variable that is set to nothing for one that is not set, as container files mean it.
    pub(crate) fn without_empty(mut self) -> Self {
        for secret in [
            &mut self.database_url,
            &mut self.database_migration_url,
            &mut self.database_direct_url,
            &mut self.redis_url,
            &mut self.jwt_secret,
            &mut self.encryption_key,
            &mut self.encryption_key_previous,
            &mut self.admin_password,
            &mut self.smtp_password,
            &mut self.sms_gateway_url,
            &mut self.sms_gateway_token,
            &mut self.metrics_token,
            &mut self.s3_access_key,
            &mut self.s3_secret_key,
        ]
        .into_iter()
        .chain(self.providers.api_keys_mut())
        {
            if secret.as_ref().is_some_and(|secret| secret.expose_secret().trim().is_empty()) {
                *secret = None;
            }
        }
        for text in [
            &mut self.super_admin_email,
            &mut self.smtp_host,
            &mut self.smtp_user,
            &mut self.smtp_from,
            &mut self.files_url,
            &mut self.s3_endpoint,
            &mut self.clamd_addr,
        ] {
            if text.as_ref().is_some_and(|text| text.trim().is_empty()) {
                *text = None;
            }
        }
        self.smtp_ca_file = self.smtp_ca_file.filter(|file| !file.as_os_str().is_empty());
        for list in [&mut self.cors_origins, &mut self.trusted_hosts] {
            list.retain(|item| !item.trim().is_empty());
        }
        self
    }

    /// Refuses a production that lacks something, and names all of it.
    ///
    /// # Errors
    /// Where something is missing, or cannot be right.
    pub fn require_complete(&self) -> anyhow::Result<()> {
        let mut problems = self.malformed();
        if self.is_production() {
            problems.extend(self.missing());
        }
        match problems.as_slice() {
            [] => Ok(()),
            problems => bail!("the settings are not complete:\n  - {}", problems.join("\n  - ")),
        }
    }

    fn missing(&self) -> Vec<String> {
        let required = [
            ("DATABASE_URL", self.database_url.is_some()),
            ("REDIS_URL", self.redis_url.is_some()),
            ("ENCRYPTION_KEY", self.encryption_key.is_some()),
            ("JWT_SECRET", self.jwt_secret.is_some()),
            ("CORS_ORIGINS", !self.cors_origins.is_empty()),
        ];
        required.iter().filter(|(_, there)| !there).map(|(name, _)| format!("{name} is missing")).collect()
    }

    fn malformed(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for (name, key) in [
            ("ENCRYPTION_KEY", &self.encryption_key),
            ("ENCRYPTION_KEY_PREVIOUS", &self.encryption_key_previous),
        ] {
            let key = key.as_ref().map(ExposeSecret::expose_secret);
            if key.is_some_and(|key| key.len() != 64 || !key.bytes().all(|byte| byte.is_ascii_hexdigit())) {
                problems.push(format!("{name} is not 64 hexadecimal digits"));
            }
        }
        if self.jwt_secret.as_ref().is_some_and(|secret| secret.expose_secret().len() < 32) {
            problems.push("JWT_SECRET is shorter than 32 characters".to_owned());
        }
        if let Err(error) = self.s3() {
            problems.push(error.to_string());
        }
        if self.is_production() && self.cors_origins.iter().any(|origin| origin.contains('*')) {
            problems.push("CORS_ORIGINS must name its origins".to_owned());
        }
        problems.extend(self.notify_problems());
        if self.is_production() && !self.clock_offset.is_zero() {
            problems.push("CLOCK_OFFSET is for tests".to_owned());
        }
        problems
    }

    /// Whether anybody may look at `/metrics`.
    pub(crate) fn wants_metrics(&self) -> bool {
        self.api_shows_metrics() || self.metrics_addr.is_some()
    }

    /// Whether `/metrics` is on the API's own port, where everybody is who reaches the API.
    pub(crate) fn api_shows_metrics(&self) -> bool {
        !self.is_production() || self.metrics_token.is_some()
    }

    /// The bucket of `FILES_URL`; `None` where files are kept in a folder.
    ///
    /// # Errors
    /// Where it is no bucket's, or its keys are missing.
    pub fn s3(&self) -> anyhow::Result<Option<S3>> {
        let Some(url) = self.files_url.as_deref().map(str::trim) else { return Ok(None) };
        let Some(rest) = url.strip_prefix("s3://") else {
            anyhow::ensure!(
                !url.contains("://") || url.starts_with("file://"),
                "FILES_URL is neither a folder nor s3://…"
            );
            return Ok(None);
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        anyhow::ensure!(!bucket.is_empty(), "FILES_URL names no bucket");
        let (Some(access_key), Some(secret_key)) = (self.s3_access_key.clone(), self.s3_secret_key.clone())
        else {
            bail!("FILES_URL is a bucket, for which S3_ACCESS_KEY and S3_SECRET_KEY are missing");
        };
        Ok(Some(S3 {
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
            endpoint: self.s3_endpoint.clone(),
            region: self.s3_region.clone(),
            access_key,
            secret_key,
        }))
    }

    /// The file store.
    ///
    /// # Errors
    /// Where it cannot be used.
    pub fn files(&self) -> anyhow::Result<Files> {
        if let Some(s3) = self.s3()? {
            return Files::in_bucket(&s3);
        }
        let folder =
            self.files_url.as_deref().map(str::trim).map(|url| url.strip_prefix("file://").unwrap_or(url));
        Files::in_folder(&folder.map_or_else(|| self.data_dir.join("files"), PathBuf::from))
    }

    /// Which model embeds.
    pub fn embedder_choice(&self) -> EmbedderChoice {
        match self.embedder {
            EmbedderKind::Local => EmbedderChoice::Local,
            EmbedderKind::Of(provider) => {
                EmbedderChoice::Remote(provider, self.providers.embedding_model(provider))
            }
        }
    }

    /// How long the trial of a key may take: a model loads, or thinks.
    pub(crate) fn trial_patience(&self) -> Duration {
        let longest = self.loading_timeout.max(self.thinking_timeout).max(self.first_token_timeout * 3);
        longest + Duration::from_secs(15)
    }
}
