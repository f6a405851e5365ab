//! Where the API listens, whom it answers, and how much one caller may take.

use std::net::IpAddr;

use clap::Args;
use ipnet::IpNet;

/// Who may call, and how much.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Who may call")]
pub struct Server {
    /// Where the API listens.
    #[arg(long, env, global = true, default_value = "127.0.0.1")]
    pub host: IpAddr,
    /// The port of the API.
    #[arg(long, env, global = true, default_value_t = 8000)]
    pub port: u16,
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
}

impl Server {
    /// The origins that may call; a comma too many names none.
    pub(crate) fn cors_origins(&self) -> impl Iterator<Item = String> {
        named(&self.cors_origins)
    }

    /// The hosts that are answered.
    pub(crate) fn trusted_hosts(&self) -> impl Iterator<Item = String> {
        named(&self.trusted_hosts)
    }

    /// What cannot be right.
    pub(super) fn problems(&self, production: bool) -> Option<String> {
        let anybody = production && self.cors_origins.iter().any(|origin| origin.contains('*'));
        anybody.then(|| "CORS_ORIGINS must name its origins".to_owned())
    }
}

fn named(list: &[String]) -> impl Iterator<Item = String> {
    list.iter().filter(|item| !item.trim().is_empty()).cloned()
}
