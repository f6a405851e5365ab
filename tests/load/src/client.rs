//! HTTP/1.1 over one kept-alive connection, and no more than the benchmark needs: the load must cost
//! little beside what is measured.

use std::net::SocketAddr;

use anyhow::{Context as _, bail, ensure};
use bytes::{Buf as _, BytesMut};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// The largest head of an answer.
const LARGEST_HEAD: usize = 64 << 10;

/// A request, ready to be sent any number of times.
#[derive(Debug, Clone)]
pub(crate) struct Request(Vec<u8>);

impl Request {
    /// With headers as lines, each with its line break.
    pub(crate) fn new(method: &str, path: &str, headers: &str, body: &str) -> Self {
        let length = body.len();
        Self(format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Length: {length}\r\n\r\n{body}").into())
    }
}

/// A connection.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    raw: BytesMut,
    framing: Framing,
}

impl Connection {
    /// Connects.
    pub(crate) async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, raw: BytesMut::with_capacity(8 << 10), framing: Framing::Ended })
    }

    /// Sends a request and waits for the head of the answer. Returns the status.
    pub(crate) async fn send(&mut self, request: &Request) -> anyhow::Result<u16> {
        self.stream.write_all(&request.0).await?;
        let end = loop {
            if let Some(at) = find(&self.raw, b"\r\n\r\n") {
                break at + 4;
            }
            ensure!(self.raw.len() < LARGEST_HEAD, "the head of an answer has no end");
            self.fill().await?;
        };
        let head = self.raw.split_to(end);
        let (status, framing) = read_head(std::str::from_utf8(&head)?)?;
        self.framing = framing;
        Ok(status)
    }

    /// Adds the next piece of the body to `into`; false where that is the last.
    pub(crate) async fn piece(&mut self, into: &mut Vec<u8>) -> anyhow::Result<bool> {
        let before = into.len();
        loop {
            self.framing.decode(&mut self.raw, into)?;
            if self.framing == Framing::Ended {
                return Ok(false);
            }
            if into.len() > before {
                return Ok(true);
            }
            self.fill().await?;
        }
    }

    /// The whole body of the answer.
    pub(crate) async fn body(&mut self) -> anyhow::Result<Vec<u8>> {
        let mut body = Vec::new();
        while self.piece(&mut body).await? {}
        Ok(body)
    }

    /// Sends JSON and returns JSON; fails unless the status is one of success.
    pub(crate) async fn json(
        &mut self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: &Value,
    ) -> anyhow::Result<Value> {
        let token = token.map(bearer).unwrap_or_default();
        let headers = format!("{token}Content-Type: application/json\r\n");
        let status = self.send(&Request::new(method, path, &headers, &body.to_string())).await?;
        let answer = self.body().await?;
        if !(200..300).contains(&status) {
            bail!("{method} {path} was answered with {status}: {}", String::from_utf8_lossy(&answer));
        }
        if answer.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&answer).with_context(|| format!("{method} {path} was not answered with JSON"))
    }

    async fn fill(&mut self) -> anyhow::Result<()> {
        ensure!(self.stream.read_buf(&mut self.raw).await? > 0, "the connection was closed");
        Ok(())
    }
}

/// The header of an access token.
pub(crate) fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}\r\n")
}

/// Where a text begins in another.
pub(crate) fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

/// How a body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Framing {
    /// It has.
    Ended,
    /// After so many bytes.
    Length(usize),
    /// In chunks: the next is the line with the size of one.
    Size,
    /// So many bytes of this chunk are to come.
    Chunk(usize),
    /// The line break behind a chunk.
    Break,
    /// The line break behind the last one.
    LastBreak,
}

impl Framing {
    /// Moves what there is of the body from `raw` to `into`.
    fn decode(&mut self, raw: &mut BytesMut, into: &mut Vec<u8>) -> anyhow::Result<()> {
        loop {
            *self = match *self {
                Self::Ended | Self::Length(0) => Self::Ended,
                Self::Length(left) => Self::Length(left - take(raw, left, into)),
                Self::Chunk(0) => Self::Break,
                Self::Chunk(left) => Self::Chunk(left - take(raw, left, into)),
                Self::Break if raw.len() >= 2 => {
                    raw.advance(2);
                    Self::Size
                }
                Self::LastBreak if raw.len() >= 2 => {
                    raw.advance(2);
                    Self::Ended
                }
                Self::Size => {
                    let Some(end) = find(raw, b"\r\n") else { return Ok(()) };
                    let line = raw.split_to(end + 2);
                    let size = usize::from_str_radix(std::str::from_utf8(&line)?.trim(), 16)?;
                    if size == 0 { Self::LastBreak } else { Self::Chunk(size) }
                }
                Self::Break | Self::LastBreak => return Ok(()),
            };
            if *self == Self::Ended || raw.is_empty() && !matches!(self, Self::Length(0)) {
                return Ok(());
            }
        }
    }
}

fn take(raw: &mut BytesMut, most: usize, into: &mut Vec<u8>) -> usize {
    let taken = raw.split_to(most.min(raw.len()));
    into.extend_from_slice(&taken);
    taken.len()
}

fn read_head(head: &str) -> anyhow::Result<(u16, Framing)> {
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).context("no status line")?.parse()?;
    // A status without a body says nothing of its length.
    let mut framing = Framing::Ended;
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("content-length") {
            framing = Framing::Length(value.trim().parse()?);
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            framing = Framing::Size;
        }
    }
    Ok((status, framing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read() {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(read_head(head).unwrap(), (200, Framing::Size));
        assert_eq!(
            read_head("HTTP/1.1 404 Not Found\r\ncontent-length: 7\r\n\r\n").unwrap(),
            (404, Framing::Length(7))
        );
        assert_eq!(read_head("HTTP/1.1 204 No Content\r\n\r\n").unwrap(), (204, Framing::Ended));
        assert!(read_head("\r\n\r\n").is_err());
    }

    #[test]
    fn chunks_are_joined_however_they_arrive() {
        let wire = b"5\r\nhello\r\n1\r\n,\r\nA\r\n and more.\r\n0\r\n\r\n";
        for step in 1..=wire.len() {
            let (mut framing, mut raw, mut body) = (Framing::Size, BytesMut::new(), Vec::new());
            for piece in wire.chunks(step) {
                raw.extend_from_slice(piece);
                framing.decode(&mut raw, &mut body).unwrap();
            }
            assert_eq!((framing, body.as_slice()), (Framing::Ended, &b"hello, and more."[..]), "{step}");
            assert!(raw.is_empty());
        }
    }

    #[test]
    fn a_body_of_known_length_ends_there() {
        let (mut framing, mut raw, mut body) =
            (Framing::Length(3), BytesMut::from(&b"abcHTTP"[..]), Vec::new());
        framing.decode(&mut raw, &mut body).unwrap();
        assert_eq!((framing, body.as_slice(), &raw[..]), (Framing::Ended, &b"abc"[..], &b"HTTP"[..]));
    }
}
