//! How admins are reached: by e-mail and text messages.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;
use worker::notify::{EmailSettings, MailTransport, NotifySettings, SmsSettings, Smtp, SmtpTls};

use super::{Config, values};

/// How admins are reached.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Notifications")]
pub struct Notify {
    /// The mail server that sends e-mails to admins. Without one, `medai dev` writes them to `DATA_DIR/outbox`.
    #[arg(long, env, global = true)]
    pub smtp_host: Option<String>,
    /// Its port; unless given 587, 465 with `SMTP_TLS=tls`, 25 with `none`.
    #[arg(long, env, global = true)]
    pub smtp_port: Option<u16>,
    /// How it is encrypted: `starttls`, `tls` from the first byte, or `none` for a relay on the same machine.
    #[arg(long, env, global = true, value_parser = values::one_of::<SmtpTls>(), default_value = "starttls")]
    pub smtp_tls: SmtpTls,
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
}

const fn usual_port(tls: SmtpTls) -> u16 {
    match tls {
        SmtpTls::Starttls => 587,
        SmtpTls::Implicit => 465,
        SmtpTls::None => 25,
    }
}

impl Config {
    /// How admins are reached.
    ///
    /// # Errors
    /// Where the certificate file cannot be read.
    pub fn notify_settings(&self) -> anyhow::Result<NotifySettings> {
        let Notify { sms_gateway_url, sms_gateway_token, .. } = &self.notify;
        Ok(NotifySettings {
            email: self.notify.email()?,
            sms: sms_gateway_url.clone().map(|url| SmsSettings { url, token: sms_gateway_token.clone() }),
            super_admin: self.accounts.super_admin(),
            public_only: self.is_production(),
        })
    }
}

impl Notify {
    fn email(&self) -> anyhow::Result<Option<EmailSettings>> {
        let by = match (&self.smtp_host, &self.outbox) {
            (Some(host), _) => MailTransport::Smtp(self.smtp(host)?),
            (None, Some(folder)) => MailTransport::Folder(folder.clone()),
            (None, None) => return Ok(None),
        };
        let from = self.sender().unwrap_or("medai@localhost").to_owned();
        Ok(Some(EmailSettings { from, by }))
    }

    fn smtp(&self, host: &str) -> anyhow::Result<Smtp> {
        let trusted = self.smtp_ca_file.as_ref().map(|file| {
            std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
        });
        Ok(Smtp {
            host: host.to_owned(),
            port: self.smtp_port.unwrap_or(usual_port(self.smtp_tls)),
            tls: self.smtp_tls,
            login: self.smtp_user.clone().zip(self.smtp_password.clone()),
            trusted: trusted.transpose()?,
        })
    }

    fn sender(&self) -> Option<&str> {
        self.smtp_from.as_deref().or(self.smtp_user.as_deref())
    }

    /// What cannot be right.
    pub(super) fn problems(&self, production: bool) -> Vec<String> {
        let mut problems = Vec::new();
        if self.smtp_host.is_some() && !self.sender().is_some_and(|sender| sender.contains('@')) {
            problems.push("SMTP_FROM is missing, and SMTP_USER is no address".to_owned());
        }
        if self.smtp_user.is_some() != self.smtp_password.is_some() {
            problems.push("SMTP_USER and SMTP_PASSWORD go together".to_owned());
        }
        if production && self.smtp_tls == SmtpTls::None && self.smtp_password.is_some() {
            problems.push("SMTP_TLS=none would send SMTP_PASSWORD in clear".to_owned());
        }
        let gateway = self.sms_gateway_url.as_ref().map(|url| Url::parse(url.expose_secret()));
        if gateway.is_some_and(|url| !url.is_ok_and(|url| matches!(url.scheme(), "http" | "https"))) {
            problems.push("SMS_GATEWAY_URL is not an address of the web".to_owned());
        }
        problems
    }
}
