//! A mail server that keeps what it gets: it speaks SMTP, with or without TLS.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, pki_types::PrivatePkcs8KeyDer},
};

/// The account that a server with TLS asks for.
pub(crate) const USER: &str = "medai@story.example";
/// Its password.
pub(crate) const MAIL_PASSWORD: &str = "the-password-of-the-post";

/// A letter as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    pub(crate) to: String,
    pub(crate) text: String,
}

impl Letter {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> &str {
        let line = self.text.lines().find(|line| line.starts_with(&format!("{name}: ")));
        line.and_then(|line| line.split_once(": ")).map_or("", |(_, value)| value)
    }
}

/// When a conversation is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encryption {
    Never,
    AfterStarttls,
    Always,
}

/// A running mail server.
#[derive(Clone)]
pub(crate) struct MailServer {
    pub(crate) port: u16,
    /// The certificate, in PEM, that clients have to trust.
    pub(crate) certificate: String,
    encryption: Encryption,
    acceptor: TlsAcceptor,
    letters: Arc<Mutex<Vec<Letter>>>,
    /// What the next letters are answered instead of `250`; `None` is nothing at all.
    refusals: Arc<Mutex<VecDeque<Option<&'static str>>>>,
}

impl MailServer {
    pub(crate) async fn start(encryption: Encryption) -> Self {
        let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivatePkcs8KeyDer::from(certified.signing_key.serialize_der());
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let config =
            ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config =
            config.with_no_client_auth().with_single_cert(vec![certified.cert.der().clone()], key.into());
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            certificate: certified.cert.pem(),
            encryption,
            acceptor: TlsAcceptor::from(Arc::new(config.unwrap())),
            letters: Arc::default(),
            refusals: Arc::default(),
        };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = serving.clone();
                // A client that goes away ends its conversation, and nothing else.
                tokio::spawn(async move { drop(server.talk(stream).await) });
            }
        });
        server
    }

    /// Answers the next letter so.
    pub(crate) fn refuse(&self, answer: &'static str) {
        self.refusals.lock().unwrap().push_back(Some(answer));
    }

    /// Takes the next letter and never says so.
    pub(crate) fn hang(&self) {
        self.refusals.lock().unwrap().push_back(None);
    }

    /// Whether all refusals were used.
    pub(crate) fn has_refused(&self) -> bool {
        self.refusals.lock().unwrap().is_empty()
    }

    pub(crate) fn letters(&self) -> Vec<Letter> {
        self.letters.lock().unwrap().clone()
    }

    /// Those to one address, by their subjects.
    pub(crate) fn subjects_to(&self, address: &str) -> Vec<String> {
        let letters = self.letters();
        let theirs = letters.iter().filter(|letter| letter.to == address);
        theirs.map(|letter| letter.header("Subject").to_owned()).collect()
    }

    async fn talk(&self, stream: TcpStream) -> std::io::Result<()> {
        if self.encryption == Encryption::Always {
            let stream = self.acceptor.accept(stream).await?;
            return self.converse(stream, true, true).await.map(drop);
        }
        let wants_tls = self.encryption == Encryption::AfterStarttls;
        if let Some(stream) = self.converse(stream, false, true).await?.filter(|_| wants_tls) {
            let stream = self.acceptor.accept(stream).await?;
            self.converse(stream, true, false).await?;
        }
        Ok(())
    }

    /// Until the end, or until it is to go on encrypted.
    async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
        encrypted: bool,
        greet: bool,
    ) -> std::io::Result<Option<S>> {
        let mut stream = BufReader::new(stream);
        if greet {
            stream.write_all(b"220 story.example\r\n").await?;
        }
        let (mut to, mut known) = (String::new(), !encrypted);
        let mut line = String::new();
        loop {
            line.clear();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(None);
            }
            let said = line.trim_end();
            let answer = match said.split([' ', ':']).next().unwrap_or_default() {
                "EHLO" if encrypted => "250-story.example\r\n250 AUTH PLAIN".to_owned(),
                "EHLO" if self.encryption == Encryption::AfterStarttls => {
                    "250-story.example\r\n250 STARTTLS".to_owned()
                }
                "STARTTLS" => {
                    stream.write_all(b"220 go on\r\n").await?;
                    return Ok(Some(stream.into_inner()));
                }
                "AUTH" => {
                    known = said == format!("AUTH PLAIN {}", plain_login());
                    if known { "235 welcome" } else { "535 no" }.to_owned()
                }
                "MAIL" if !known => "530 who are you".to_owned(),
                "RCPT" => {
                    said.split(['<', '>']).nth(1).unwrap_or_default().clone_into(&mut to);
                    "250 ok".to_owned()
                }
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await?;
                    let text = read_letter(&mut stream).await?;
                    let refusal = self.refusals.lock().unwrap().pop_front();
                    match refusal {
                        Some(Some(refusal)) => refusal.to_owned(),
                        Some(None) => {
                            tokio::time::sleep(Duration::from_mins(5)).await;
                            return Ok(None);
                        }
                        None => {
                            self.letters.lock().unwrap().push(Letter { to: to.clone(), text });
                            "250 ok".to_owned()
                        }
                    }
                }
                "QUIT" => {
                    stream.write_all(b"221 bye\r\n").await?;
                    return Ok(None);
                }
                _ => "250 ok".to_owned(),
            };
            stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
    }
}

async fn read_letter<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> std::io::Result<String> {
    let mut text = String::new();
    loop {
        let start = text.len();
        stream.read_line(&mut text).await?;
        if &text[start..] == ".\r\n" || text.len() == start {
            text.truncate(start);
            return Ok(text);
        }
    }
}

/// `\0user\0password` in base64, which is what a client with the right password says.
fn plain_login() -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    STANDARD.encode(format!("\0{USER}\0{MAIL_PASSWORD}"))
}
