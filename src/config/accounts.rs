//! Who gets in.

use clap::Args;
use secrecy::SecretString;

/// Who gets in.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Accounts")]
pub struct Accounts {
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
}

impl Accounts {
    /// The address of the super admin beside the list, as addresses are stored.
    pub(crate) fn super_admin(&self) -> Option<String> {
        self.super_admin_email.as_ref().map(|email| email.trim().to_lowercase())
    }
}
