//! E-mail by SMTP; or, for one who tries the platform out, into a folder.

use std::{error::Error as StdError, io, path::PathBuf, time::Duration};

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use jobs::admin_events::deliveries::Delivery;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{
        Error,
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
    },
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::{
    fs::{DirBuilder, OpenOptions},
    io::AsyncWriteExt as _,
};

use super::{Failure, refusal::Refusal, template};

/// How long each step of a conversation may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How e-mail is sent.
#[derive(Debug, Clone)]
pub struct EmailSettings {
    /// The sender.
    pub from: String,
    /// The way.
    pub by: MailTransport,
}

/// The way of e-mail.
#[derive(Debug, Clone)]
pub enum MailTransport {
    /// A mail server.
    Smtp(Smtp),
    /// Files in a folder, for `medai dev`.
    Folder(PathBuf),
}

/// A mail server.
#[derive(Debug, Clone)]
pub struct Smtp {
    /// Its name, which its certificate must have.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether and how the conversation is encrypted.
    pub tls: SmtpTls,
    /// Name and password, where it asks for them.
    pub login: Option<(String, SecretString)>,
    /// Certificates in PEM that are trusted besides the usual ones.
    pub trusted: Option<String>,
}

/// How a conversation with a mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum SmtpTls {
    /// It begins in clear and must become encrypted.
    Starttls,
    /// It is encrypted from its first byte.
    #[strum(serialize = "tls")]
    Implicit,
    /// It is in clear.
    None,
}

/// Sends e-mail.
#[derive(Debug)]
pub(super) struct Mailer {
    from: Mailbox,
    way: Way,
}

#[derive(Debug)]
enum Way {
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
    Folder(PathBuf),
}

impl Mailer {
    pub(super) fn new(settings: &EmailSettings) -> anyhow::Result<Self> {
        let from = settings.from.parse().context("the sender of e-mail is not an address")?;
        let way = match &settings.by {
            MailTransport::Smtp(smtp) => Way::Smtp(Box::new(transport(smtp)?)),
            MailTransport::Folder(folder) => Way::Folder(folder.clone()),
        };
        Ok(Self { from, way })
    }

    pub(super) async fn send(&self, delivery: &Delivery, now: DateTime<Utc>) -> Result<(), Failure> {
        let message = self.message(delivery, now)?;
        match &self.way {
            Way::Smtp(transport) => {
                transport.send(message).await.map(drop).map_err(|error| what_it_means(&error))
            }
            Way::Folder(folder) => {
                let file = folder.join(format!("{}.eml", delivery.id));
                let written = async {
                    // Letters are nobody else's on the machine.
                    DirBuilder::new().recursive(true).mode(0o700).create(folder).await?;
                    let mut open = OpenOptions::new();
                    let mut file =
                        open.write(true).create(true).truncate(true).mode(0o600).open(file).await?;
                    file.write_all(&message.formatted()).await?;
                    file.flush().await
                };
                written.await.map_err(|_cause| Failure::passing("the folder cannot be written to"))
            }
        }
    }

    fn message(&self, delivery: &Delivery, now: DateTime<Utc>) -> Result<Message, Failure> {
        let to: Mailbox =
            delivery.target.parse().map_err(|_malformed| Failure::for_good("it is not an e-mail address"))?;
        // Machines that answer letters do not answer these (RFC 3834).
        let automatic =
            HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
        Message::builder()
            .from(self.from.clone())
            .to(to)
            .date(now.into())
            // The same in each try, so that a letter that came twice can be told.
            .message_id(Some(format!("<{}@{}>", delivery.id, self.from.email.domain())))
            .raw_header(automatic)
            .subject(template::headline(&delivery.alert))
            .header(ContentType::TEXT_PLAIN)
            .body(template::text(&delivery.alert))
            .map_err(|_cause| Failure::for_good("the letter cannot be written"))
    }
}

fn transport(smtp: &Smtp) -> anyhow::Result<AsyncSmtpTransport<Tokio1Executor>> {
    let tls = match smtp.tls {
        SmtpTls::None => Tls::None,
        SmtpTls::Starttls => Tls::Required(tls_parameters(smtp)?),
        SmtpTls::Implicit => Tls::Wrapper(tls_parameters(smtp)?),
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&smtp.host)
        .port(smtp.port)
        .tls(tls)
        .timeout(Some(TIMEOUT));
    if let Some((user, password)) = &smtp.login {
        builder = builder.credentials(Credentials::new(user.clone(), password.expose_secret().to_owned()));
    }
    Ok(builder.build())
}

fn tls_parameters(smtp: &Smtp) -> anyhow::Result<TlsParameters> {
    let mut builder = TlsParameters::builder(smtp.host.clone());
    if let Some(trusted) = &smtp.trusted {
        let certificate = Certificate::from_pem(trusted.as_bytes());
        builder = builder.add_root_certificate(certificate.context("SMTP_CA_FILE holds no certificate")?);
    }
    builder.build().context("TLS for e-mail cannot be set up")
}

/// What it means that a letter was not taken.
fn what_it_means(error: &Error) -> Failure {
    if let Some(code) = error.status() {
        // The words of the reply, which lettre keeps as the cause.
        let words = error.source().map(ToString::to_string).unwrap_or_default();
        let refusal = Refusal::read(code.into(), &words);
        return if refusal.for_good { Failure::for_good(refusal) } else { Failure::passing(refusal) };
    }
    Failure::passing(if error.is_timeout() {
        "the mail server did not answer in time"
    } else if is_of_tls(error) {
        "the conversation with the mail server could not be encrypted"
    } else if error.is_client() {
        "the mail server does not offer what is needed"
    } else {
        "the mail server cannot be reached"
    })
}

/// Whether a conversation could not be encrypted. A handshake that fails comes as a broken connection, with
/// the cause inside.
fn is_of_tls(error: &Error) -> bool {
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    let inside = |cause: &(dyn StdError + 'static)| {
        let inner = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let inner = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>());
        inner.is_some() || cause.is::<rustls::Error>()
    };
    error.is_tls() || causes.into_iter().any(inside)
}
