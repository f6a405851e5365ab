//! How admins are reached, from the settings.

use anyhow::Context as _;
use clap::ValueEnum;
use secrecy::ExposeSecret as _;
use url::Url;
use worker::notify::{EmailSettings, NotifySettings, Post, SmsSettings, Smtp, SmtpTls};

use crate::config::Config;

/// How the conversation with the mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SmtpEncryption {
    /// It must become encrypted.
    Starttls,
    /// It is from its first byte.
    Tls,
    /// It is not.
    None,
}

impl SmtpEncryption {
    const fn usual_port(self) -> u16 {
        match self {
            Self::Starttls => 587,
            Self::Tls => 465,
            Self::None => 25,
        }
    }
}

impl Config {
    /// How admins are reached.
    ///
    /// # Errors
    /// Where the certificate file cannot be read.
    pub fn notify(&self) -> anyhow::Result<NotifySettings> {
        let sms = self.sms_gateway_url.clone();
        Ok(NotifySettings {
            email: self.email()?,
            sms: sms.map(|url| SmsSettings { url, token: self.sms_gateway_token.clone() }),
            super_admin: self.super_admin_email.as_ref().map(|email| email.trim().to_lowercase()),
            public_only: self.is_production(),
        })
    }

    fn email(&self) -> anyhow::Result<Option<EmailSettings>> {
        let by = match (&self.smtp_host, &self.outbox) {
            (Some(host), _) => Post::Smtp(self.smtp(host)?),
            (None, Some(folder)) => Post::Folder(folder.clone()),
            (None, None) => return Ok(None),
        };
        let from = self.sender().unwrap_or("medai@localhost").to_owned();
        Ok(Some(EmailSettings { from, by }))
    }

    fn smtp(&self, host: &str) -> anyhow::Result<Smtp> {
        let trusted = self.smtp_ca_file.as_ref().map(|file| {
            std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
        });
        let tls = match self.smtp_tls {
            SmtpEncryption::Starttls => SmtpTls::Starttls,
            SmtpEncryption::Tls => SmtpTls::Implicit,
            SmtpEncryption::None => SmtpTls::None,
        };
        Ok(Smtp {
            host: host.to_owned(),
            port: self.smtp_port.unwrap_or(self.smtp_tls.usual_port()),
            tls,
            login: self.smtp_user.clone().zip(self.smtp_password.clone()),
            trusted: trusted.transpose()?,
        })
    }

    fn sender(&self) -> Option<&str> {
        self.smtp_from.as_deref().or(self.smtp_user.as_deref())
    }

    /// What cannot be right.
    pub(crate) fn notify_problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.smtp_host.is_some() && !self.sender().is_some_and(|sender| sender.contains('@')) {
            problems.push("SMTP_FROM is missing, and SMTP_USER is no address".to_owned());
        }
        if self.smtp_user.is_some() != self.smtp_password.is_some() {
            problems.push("SMTP_USER and SMTP_PASSWORD go together".to_owned());
        }
        if self.is_production() && self.smtp_tls == SmtpEncryption::None && self.smtp_password.is_some() {
            problems.push("SMTP_TLS=none would send SMTP_PASSWORD in clear".to_owned());
        }
        let gateway = self.sms_gateway_url.as_ref().map(|url| Url::parse(url.expose_secret()));
        if gateway.is_some_and(|url| !url.is_ok_and(|url| matches!(url.scheme(), "http" | "https"))) {
            problems.push("SMS_GATEWAY_URL is not an address of the web".to_owned());
        }
        problems
    }
}
