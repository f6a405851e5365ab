//! Answers told byte for byte, as real servers sent them: which request a rule fits, and what it sends.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    extract::State as In,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header::CONTENT_TYPE},
    response::Response,
};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

use crate::{
    Ask, Script, anthropic,
    ask::{self, Provider},
    clock,
    deliver::{self, End},
    embedding, gemini,
    state::State,
    wire::Wire,
};

/// A piece of an answer: in JSON a text, or a number of seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Part {
    /// Is sent. `{now+60}` in it is the time of the answer in seconds since 1970, plus 60.
    Text(String),
    /// Is waited, in seconds.
    Pause(f64),
}

impl From<&str> for Part {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Part {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<f64> for Part {
    fn from(seconds: f64) -> Self {
        Self::Pause(seconds)
    }
}

/// An answer for the requests that it fits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rule {
    /// Part of the path.
    pub path: Option<String>,
    /// All of these must be in the body.
    #[serde(deserialize_with = "one_or_many")]
    pub has: Vec<String>,
    /// This must be in the body more often than that.
    pub over: Option<(String, usize)>,
    /// This must not be in the body.
    pub lacks: Option<String>,
    /// Fits only so often.
    pub times: Option<u32>,
    /// The status.
    pub status: u16,
    /// Headers; without a `content-type` it is JSON.
    pub headers: BTreeMap<String, String>,
    /// Seconds before the status line.
    pub wait: f64,
    /// The body.
    pub parts: Vec<Part>,
    /// Ends by a broken connection instead of a clean end.
    pub cut: bool,
    /// In place of `parts`: as many vectors as the request has texts, each so long.
    pub embed: Option<usize>,
    /// The vector of a text with this in it is full of nulls.
    pub null_for: Option<String>,
    #[serde(skip)]
    used: Used,
}

/// How often a rule has answered. Copies of a rule count together, and are the same rule however often.
#[derive(Clone, Debug, Default)]
struct Used(Arc<AtomicU32>);

impl PartialEq for Used {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Default for Rule {
    fn default() -> Self {
        Self {
            path: None,
            has: Vec::new(),
            over: None,
            lacks: None,
            times: None,
            status: 200,
            headers: BTreeMap::new(),
            wait: 0.0,
            parts: Vec::new(),
            cut: false,
            embed: None,
            null_for: None,
            used: Used::default(),
        }
    }
}

fn one_or_many<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Has {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Has::deserialize(from)? {
        Has::One(text) => vec![text],
        Has::Many(texts) => texts,
    })
}

/// What it sends.
impl Rule {
    /// A body under a status.
    pub fn says(status: u16, body: impl Into<Part>) -> Self {
        Self { status, parts: vec![body.into()], ..Self::default() }
    }

    /// Server-sent events under status 200.
    pub fn events<P: Into<Part>>(parts: impl IntoIterator<Item = P>) -> Self {
        Self::streams("text/event-stream", parts)
    }

    /// A stream of this type under status 200.
    pub fn streams<P: Into<Part>>(kind: &str, parts: impl IntoIterator<Item = P>) -> Self {
        let parts = parts.into_iter().map(Into::into).collect();
        Self { parts, ..Self::default() }.header("content-type", kind)
    }

    /// Vectors of this length.
    pub fn embeds(dimensions: usize) -> Self {
        Self { embed: Some(dimensions), ..Self::default() }
    }

    /// The same, but the vectors of texts with this in them are full of nulls.
    #[must_use]
    pub fn with_nulls_for(self, text: &str) -> Self {
        Self { null_for: Some(text.to_owned()), ..self }
    }

    /// The same, with a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.insert(name.to_owned(), value.into());
        self
    }

    /// The same, so many seconds later.
    #[must_use]
    pub fn after(self, seconds: f64) -> Self {
        Self { wait: seconds, ..self }
    }

    /// The same, ended by a broken connection.
    #[must_use]
    pub fn and_breaks(self) -> Self {
        Self { cut: true, ..self }
    }
}

/// What it fits.
impl Rule {
    /// Only at paths with this in them.
    #[must_use]
    pub fn at(self, path: &str) -> Self {
        Self { path: Some(path.to_owned()), ..self }
    }

    /// Only for bodies with this in them.
    #[must_use]
    pub fn with(mut self, text: impl Into<String>) -> Self {
        self.has.push(text.into());
        self
    }

    /// Only for bodies without this.
    #[must_use]
    pub fn without(self, text: impl Into<String>) -> Self {
        Self { lacks: Some(text.into()), ..self }
    }

    /// Only for bodies with this more often than that.
    #[must_use]
    pub fn over(self, text: &str, times: usize) -> Self {
        Self { over: Some((text.to_owned(), times)), ..self }
    }

    /// Only so often.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }

    /// Whether it answers this request; it is counted where it does.
    fn takes(&self, path: &str, body: &str) -> bool {
        let fits = self.path.as_ref().is_none_or(|part| path.contains(part))
            && self.has.iter().all(|text| body.contains(text))
            && self.over.as_ref().is_none_or(|(text, times)| body.matches(text).count() > *times)
            && self.lacks.as_ref().is_none_or(|text| !body.contains(text));
        let free = |used: u32| self.times.is_none_or(|times| used < times).then(|| used.saturating_add(1));
        fits && self.used.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, free).is_ok()
    }
}

/// Answers a call by the first rule that fits.
pub(crate) async fn answer(state: Arc<State>, ask: &mut Ask, script: &Script) -> Response {
    let body = String::from_utf8_lossy(&ask.raw).into_owned();
    let rule = script.rules.iter().find(|rule| rule.takes(&ask.path, &body));
    let path = ask.path.clone();
    let mut recorder = state.record(ask, script);
    let Some(rule) = rule else {
        recorder.answered(500, 0);
        recorder.close(false);
        return response(500, &BTreeMap::new(), Body::from("no rule fits"));
    };
    if rule.wait > 0.0 {
        tokio::time::sleep(duration(rule.wait)).await;
    }
    recorder.answered(rule.status, 0);
    let wire = match rule.embed {
        Some(dimensions) => Wire::whole(vectors(&path, &body, dimensions, rule.null_for.as_deref()), 0),
        None => Wire::parts(&rule.parts, filled),
    };
    let complete = rule.status == 200 && !rule.cut;
    let at_once = !rule.cut && wire.edges.iter().all(|edge| edge.wait.is_zero());
    let body = if at_once {
        deliver::at_once(wire, complete, recorder)
    } else {
        let end = if rule.cut { End::Cut } else { End::Clean };
        deliver::in_writes(wire, end, complete, recorder, state)
    };
    response(rule.status, &rule.headers, body)
}

/// A path that no vendor has: only rules answer there.
pub(crate) async fn elsewhere(
    In(state): In<Arc<State>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (provider, key) = match (gemini::key(&uri, &headers), anthropic::key(&headers)) {
        (Ok(key), _) => (Provider::Gemini, key),
        (Err(_), Some(key)) => (Provider::Anthropic, key),
        (Err(_), None) => (Provider::OpenAi, ask::bearer(&headers).unwrap_or_default()),
    };
    let mut ask = Ask::new(provider, uri.path());
    ask.key = key;
    ask.read_body(&body);
    ask.model = ask.body.get("model").and_then(Value::as_str).map(str::to_owned);
    let script = state.next_script(&ask.key);
    if !script.rules.is_empty() {
        return answer(state, &mut ask, &script).await;
    }
    let mut recorder = state.record(&mut ask, &script);
    recorder.answered(404, 0);
    recorder.close(false);
    response(404, &BTreeMap::new(), Body::from(r#"{"detail":"Not Found"}"#))
}

fn response(status: u16, headers: &BTreeMap<String, String>, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) =
            (HeaderName::try_from(name.as_str()), HeaderValue::from_str(&filled(value)))
        {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Puts the time where `{now+60}` stands.
fn filled(text: &str) -> String {
    const BEGINS: &str = "{now+";
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(BEGINS) {
        whole.push_str(before);
        let time =
            after.split_once('}').and_then(|(seconds, after)| Some((seconds.parse::<u64>().ok()?, after)));
        match time {
            Some((seconds, after)) => {
                whole.push_str(&(clock::now().as_secs() + seconds).to_string());
                rest = after;
            }
            None => {
                whole.push_str(BEGINS);
                rest = after;
            }
        }
    }
    whole.push_str(rest);
    whole
}

/// The vectors of a request, as each protocol that embeds has them.
fn vectors(path: &str, body: &str, dimensions: usize, null_for: Option<&str>) -> String {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let many = |field: &str| body.get(field).and_then(Value::as_array).cloned().unwrap_or_default();
    let vector = |text: &str| match null_for {
        Some(part) if text.contains(part) => json!(vec![Value::Null; dimensions]),
        _ => json!(embedding::embed(text, dimensions, 1.0)),
    };
    if path.contains("batchEmbedContents") {
        let text = |request: &Value| {
            let text = request.pointer("/content/parts/0/text").and_then(Value::as_str);
            json!({ "values": vector(text.unwrap_or_default()) })
        };
        return json!({ "embeddings": many("requests").iter().map(text).collect::<Vec<_>>() }).to_string();
    }
    let mut texts = many("input");
    texts.extend(body.get("input").filter(|input| input.is_string()).cloned());
    let vectors: Vec<Value> = texts.iter().map(|text| vector(text.as_str().unwrap_or_default())).collect();
    let numbered = |(index, vector): (usize, &Value)| json!({ "index": index, "embedding": vector });
    json!({ "data": vectors.iter().enumerate().map(numbered).collect::<Vec<_>>(), "embeddings": vectors })
        .to_string()
}

/// Seconds of a rule.
pub(crate) fn duration(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}
