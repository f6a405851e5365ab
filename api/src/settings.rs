//! What an operator chose about the API.

use std::time::Duration;

use chrono::TimeDelta;
use domain::keys::{Provider, endpoints::Defaults};
use ipnet::IpNet;
use jobs::admin_events::recipients::AvailableChannels;

/// Settings of the API; the binary fills them from the environment.
#[derive(Debug, Clone)]
pub struct ApiSettings {
    /// Production: cookies are `Secure`, and browsers are told to insist on HTTPS.
    pub production: bool,
    /// Origins of browsers that may call, exactly as they send them.
    pub cors_origins: Vec<String>,
    /// Values of `Host` that are answered; empty answers all. `*.` stands for any subdomain.
    pub trusted_hosts: Vec<String>,
    /// Proxies whose `X-Forwarded-For` and `Forwarded` are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The address whose verified account is always a super admin.
    pub super_admin_email: Option<String>,
    /// The largest PDF that is taken, in bytes.
    pub max_upload_bytes: usize,
    /// The largest image that is taken, in bytes.
    pub max_image_bytes: usize,
    /// Uploads of a student that may fail to be read a day.
    pub failed_uploads_per_day: i64,
    /// The virus scanner (clamd) that uploads are shown to.
    pub clamd_addr: Option<String>,
    /// Registrations an address may make an hour.
    pub registrations_per_hour: i64,
    /// Wrong passwords that an address may try in a quarter of an hour.
    pub login_tries_per_address: i64,
    /// Answers by own keys that a student may have an hour.
    pub own_key_answers_per_hour: i64,
    /// How admins can be reached.
    pub available_channels: AvailableChannels,
    /// Providers in order of preference.
    pub provider_chain: Vec<Provider>,
    /// The longest that a question waits for a key to cool.
    pub max_wait: TimeDelta,
    /// How long the trial of a key may take that a worker has begun.
    pub trial_patience: Duration,
    /// Address and model of keys that name none.
    pub defaults: Defaults,
}
