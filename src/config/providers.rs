//! Who answers, and how long each is waited for.

use std::time::Duration;

use clap::{Args, ValueEnum};
use domain::keys::Provider;
use worker::ProbeCall;

use super::values;
use crate::providers::{self, ProviderSettings};

/// Who answers.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Providers")]
pub struct Providers {
    /// Whether `medai dev` starts a demo provider while it knows no key: `on` or `off`.
    #[arg(long, env, global = true, value_enum, default_value = "on")]
    pub demo_provider: Switch,
    /// Each provider's key, address and models.
    #[command(flatten)]
    pub endpoints: ProviderSettings,
    /// Providers in order of preference, separated by commas.
    #[arg(long, env, global = true, value_delimiter = ',', value_parser = Provider::named, default_value = providers::chain())]
    pub provider_chain: Vec<Provider>,
    /// Failures in a row above which a key is degraded.
    #[arg(long, env, global = true, default_value_t = 5)]
    pub key_failure_threshold: i32,
    /// How often keys are probed that served nobody meanwhile, such as `5m` or `3s`.
    #[arg(long, env, global = true, value_parser = values::interval, default_value = "5m")]
    pub health_check_interval: Duration,
    /// How keys are probed: by a short `answer`, or by the list of `models`, which is free and says nothing of quotas.
    #[arg(long, env, global = true, value_parser = values::one_of::<ProbeCall>(), default_value = "answer")]
    pub probe_call: ProbeCall,
    /// How long a provider may take to say the first word, such as `20s`.
    #[arg(long, env, global = true, value_parser = humantime::parse_duration, default_value = "20s")]
    pub first_token_timeout: Duration,
    /// How long a model may think before its first word where it tells its thoughts, such as `5m`; at most `10m`.
    #[arg(long, env, global = true, value_parser = values::patience, default_value = "5m")]
    pub thinking_timeout: Duration,
    /// How long Ollama may load a model while no other key could answer, such as `3m`; at most `10m`.
    #[arg(long, env, global = true, value_parser = values::patience, default_value = "3m")]
    pub loading_timeout: Duration,
    /// The longest context that Ollama is asked for (`num_ctx`), in tokens. It takes memory.
    #[arg(long, env, global = true, default_value_t = 8192)]
    pub ollama_context: u32,
    /// The longest that a question waits for a key to cool, from when it was asked, such as `10m`.
    #[arg(long, env, global = true, value_parser = humantime::parse_duration, default_value = "10m")]
    pub max_wait: Duration,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

impl Providers {
    /// How long the trial of a key may take: a model loads, or thinks.
    pub(crate) fn trial_patience(&self) -> Duration {
        let longest = self.loading_timeout.max(self.thinking_timeout).max(self.first_token_timeout * 3);
        longest + Duration::from_secs(15)
    }
}
