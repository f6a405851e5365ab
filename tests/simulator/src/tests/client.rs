//! A client that sees what is on the wire: chunks, and whether the body was cut.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::timeout,
};

use crate::Simulator;

/// What came back.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) chunks: Vec<Vec<u8>>,
    /// The body ended as HTTP wants it.
    pub(super) complete: bool,
}

impl Answer {
    pub(super) fn body(&self) -> String {
        String::from_utf8_lossy(&self.chunks.concat()).into_owned()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body()).unwrap()
    }

    /// The data of each SSE event, joined as the standard says.
    pub(super) fn events(&self) -> Vec<String> {
        let body = self.body().replace("\r\n", "\n");
        let data = |event: &str| {
            let lines: Vec<_> = event.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
            (!lines.is_empty()).then(|| lines.join("\n"))
        };
        body.split("\n\n").filter_map(data).collect()
    }

    /// The events, or lines, that are JSON.
    pub(super) fn frames(&self) -> Vec<Value> {
        let events = self.events();
        let lines = self.body().lines().map(str::to_owned).collect();
        let all = if events.is_empty() { lines } else { events };
        all.iter().filter_map(|frame| serde_json::from_str(frame).ok()).collect()
    }

    /// The text in all frames, whoever sent them.
    pub(super) fn text(&self) -> String {
        let text = |frame: &Value| {
            let places = [
                "/candidates/0/content/parts/0/text",
                "/choices/0/delta/content",
                "/message/content",
                "/delta/text",
            ];
            let thought = frame.pointer("/candidates/0/content/parts/0/thought").is_some();
            places
                .iter()
                .find_map(|place| frame.pointer(place)?.as_str().map(str::to_owned))
                .filter(|_| !thought)
        };
        self.frames().iter().filter_map(text).collect()
    }
}

/// Starts a request and leaves the answer to be read.
pub(super) async fn open(
    simulator: &Simulator,
    request: &str,
    headers: &str,
    body: &str,
) -> BufReader<TcpStream> {
    let mut stream = TcpStream::connect(simulator.addr).await.unwrap();
    let length = body.len();
    let head = format!(
        "{request} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n"
    );
    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    BufReader::new(stream)
}

/// Sends a request and reads the answer to its end.
pub(super) async fn send(simulator: &Simulator, request: &str, headers: &str, body: &Value) -> Answer {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let mut stream = open(simulator, request, headers, &body).await;
    timeout(Duration::from_secs(5), read(&mut stream)).await.unwrap()
}

/// Reads an answer to its end, or to where it is cut.
pub(super) async fn read(stream: &mut BufReader<TcpStream>) -> Answer {
    let mut answer = Answer::default();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return answer;
        }
        if line == "\r\n" {
            break;
        }
        answer.head += &line.to_lowercase();
    }
    answer.status = answer.head.split(' ').nth(1).unwrap().parse().unwrap();
    if answer.head.contains("transfer-encoding: chunked") {
        while let Some(chunk) = read_chunk(stream).await {
            answer.complete = chunk.is_empty();
            if answer.complete {
                break;
            }
            answer.chunks.push(chunk);
        }
    } else {
        let mut body = Vec::new();
        stream.read_to_end(&mut body).await.unwrap();
        answer.complete = answer.head.contains(&format!("content-length: {}\r\n", body.len()));
        answer.chunks.push(body);
    }
    answer
}

/// One chunk; an empty one is the end, none a cut.
pub(super) async fn read_chunk(stream: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut size = String::new();
    stream.read_line(&mut size).await.ok()?;
    let size = usize::from_str_radix(size.trim(), 16).ok()?;
    let mut chunk = vec![0; size + 2];
    stream.read_exact(&mut chunk).await.ok()?;
    chunk.truncate(size);
    Some(chunk)
}

pub(super) async fn gemini(simulator: &Simulator, key: &str, question: &str) -> Answer {
    let body = json!({ "contents": [{ "role": "user", "parts": [{ "text": question }] }] });
    let request = "POST /v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse";
    send(simulator, request, &format!("x-goog-api-key: {key}\r\n"), &body).await
}

pub(super) async fn openai(simulator: &Simulator, key: &str, question: &str) -> Answer {
    let body = json!({
        "model": "gpt-4o-mini",
        "messages": [{ "role": "user", "content": question }],
        "stream": true,
        "stream_options": { "include_usage": true },
    });
    send(simulator, "POST /v1/chat/completions", &bearer(key), &body).await
}

pub(super) async fn anthropic(simulator: &Simulator, key: &str, question: &str) -> Answer {
    let body = json!({
        "model": "claude-haiku-4-5",
        "max_tokens": 1000,
        "messages": [{ "role": "user", "content": question }],
        "stream": true,
    });
    send(simulator, "POST /v1/messages", &x_api_key(key), &body).await
}

pub(super) fn x_api_key(key: &str) -> String {
    format!("x-api-key: {key}\r\nanthropic-version: 2023-06-01\r\n")
}

pub(super) async fn ollama(simulator: &Simulator, key: &str, question: &str) -> Answer {
    let body = json!({ "model": "llama3.2", "messages": [{ "role": "user", "content": question }] });
    send(simulator, "POST /api/chat", &if key.is_empty() { String::new() } else { bearer(key) }, &body).await
}

pub(super) fn bearer(key: &str) -> String {
    format!("authorization: Bearer {key}\r\n")
}
