//! What access tokens are signed, and provider keys encrypted with.

use anyhow::Context as _;
use clap::Args;
use domain::keys::Vault;
use secrecy::{ExposeSecret, SecretString};

/// What is signed and encrypted with.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Secrets")]
pub struct Secrets {
    /// What access tokens are signed with: 32 characters or more.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub jwt_secret: Option<SecretString>,
    /// What provider keys are encrypted with: 64 hexadecimal digits.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub encryption_key: Option<SecretString>,
    /// The one before, while `medai keys rotate` has not been run.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub encryption_key_previous: Option<SecretString>,
}

impl Secrets {
    /// What encrypts provider keys.
    pub(crate) fn vault(&self) -> anyhow::Result<Vault> {
        let masters = [&self.encryption_key, &self.encryption_key_previous];
        let masters = masters.into_iter().flatten().map(ExposeSecret::expose_secret);
        Vault::new(masters).context("ENCRYPTION_KEY is missing or malformed")
    }

    /// What cannot be right.
    pub(super) fn problems(&self) -> Vec<String> {
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
        problems
    }
}
