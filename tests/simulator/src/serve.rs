//! The way of every call: whose script, which quota, what answer, how it is sent.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::Response,
};
use serde_json::Value;
use tokio::time::sleep;

use crate::{
    Ask, Behaviour, Script,
    answer::Answer,
    anthropic,
    ask::{Provider, Refusal},
    call::Recorder,
    deliver::{self, End},
    demo, gemini, ollama, openai, rules,
    state::State,
    structured,
    wire::Wire,
};

/// Neither JSON nor SSE, nor even text.
const GARBAGE: &str = "\u{0}\u{1}\u{7f}<!-- \u{fffd}\u{fffd} not what you asked for }}{{ ::\r\r\u{2}\n\u{3}";

/// Body and headers of an answer that is no stream.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) kind: &'static str,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        let kind = "application/json; charset=utf-8";
        Self { status, kind, headers: Vec::new(), body: body.to_string() }
    }

    pub(crate) fn html(status: u16, title: &str) -> Self {
        let body = format!(
            "<html><head><title>{status} {title}</title></head>\n\
             <body><center><h1>{status} {title}</h1></center><hr></body></html>\n"
        );
        Self { status, kind: "text/html; charset=UTF-8", headers: Vec::new(), body }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn into_response(self, body: Body) -> Response {
        let mut response = Response::new(body);
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(self.kind));
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
        response
    }
}

/// A call that was let in.
struct Admitted {
    script: Arc<Script>,
    recorder: Recorder,
    /// Calls left in this minute, where that is counted.
    left: Option<u64>,
}

/// A chat, streamed or not.
pub(crate) async fn chat(state: Arc<State>, mut ask: Ask) -> Response {
    let form = structured::read(&ask);
    let admitted = match admit(&state, &mut ask).await {
        Ok(admitted) => admitted,
        Err(response) => return response,
    };
    let script = &admitted.script;
    let own = match &form {
        Some(form) => Some(form.answer(script.demo)),
        None if script.demo => Some(demo::answer(&ask.question, state.embed()).await),
        None => None,
    };
    let answer = Answer::compose(&ask, script, own, form.is_some());
    let complete = answer.closing.is_end_mark();
    let kind = match ask.provider {
        _ if !ask.streamed => "application/json; charset=utf-8",
        Provider::Gemini if ask.sse => "text/event-stream",
        Provider::Gemini => "application/json; charset=utf-8",
        Provider::OpenAi | Provider::Anthropic => "text/event-stream; charset=utf-8",
        Provider::Ollama => "application/x-ndjson",
    };
    let wire = if ask.streamed {
        match ask.provider {
            Provider::Gemini => gemini::stream(&ask, script, &answer),
            Provider::OpenAi => openai::stream(&ask, script, &answer),
            Provider::Anthropic => anthropic::stream(&ask, script, &answer),
            Provider::Ollama => ollama::stream(&ask, script, &answer),
        }
    } else {
        let tokens = u64::try_from(answer.len()).unwrap_or(u64::MAX);
        let speaking = script.token_delay_ms.saturating_mul(tokens.saturating_sub(1));
        sleep_ms(script.first_token_delay_ms.saturating_add(speaking)).await;
        let body = match ask.provider {
            Provider::Gemini => gemini::whole(&ask, script, &answer),
            Provider::OpenAi => openai::whole(&ask, script, &answer),
            Provider::Anthropic => anthropic::whole(&ask, script, &answer),
            Provider::Ollama => ollama::whole(&ask, script, &answer),
        };
        Wire::whole(body, answer.len())
    };
    admitted.recorder.answered(200, answer.thoughts);
    send(state, &ask, admitted, wire, kind, complete)
}

/// Anything but a chat: its body is made only when it is wanted.
pub(crate) async fn other(state: Arc<State>, mut ask: Ask, body: impl FnOnce(&Ask) -> Value) -> Response {
    let admitted = match admit(&state, &mut ask).await {
        Ok(admitted) => admitted,
        Err(response) => return response,
    };
    sleep_ms(admitted.script.first_token_delay_ms).await;
    admitted.recorder.answered(200, 0);
    let wire = Wire::whole(body(&ask).to_string(), 0);
    send(state, &ask, admitted, wire, "application/json; charset=utf-8", true)
}

/// Writes the call down and lets it in, or answers with the error that keeps it out.
async fn admit(state: &Arc<State>, ask: &mut Ask) -> Result<Admitted, Response> {
    let script = state.next_script(&ask.key);
    if !script.rules.is_empty() {
        return Err(rules::answer(Arc::clone(state), ask, &script).await);
    }
    if let Some(refusal) = ask.refusal.take() {
        let recorder = state.record(ask, &Script::default());
        return Err(refuse(ask, &refusal, recorder).unwrap_or_default());
    }
    let mut recorder = state.record(ask, &script);
    if script.behaviour == Behaviour::Silence {
        state.stopped.cancelled().await;
        recorder.close(false);
        return Err(Reply::html(503, "Service Unavailable").into_response(Body::empty()));
    }
    let recorder = match scripted_refusal(ask, &script, recorder).await {
        Ok(response) => return Err(response),
        Err(recorder) => recorder,
    };
    match if ask.counts { state.take_quota(ask, &script) } else { Ok(None) } {
        Ok(left) => Ok(Admitted { script, recorder, left }),
        Err(spent) => Err(refuse(ask, &Refusal::Scripted(spent), recorder).unwrap_or_default()),
    }
}

/// The script's error, where it is one; else the recorder comes back.
async fn scripted_refusal(ask: &Ask, script: &Script, recorder: Recorder) -> Result<Response, Recorder> {
    let Some(reply) = reply_to(ask, &script.behaviour.into()) else {
        return Err(recorder);
    };
    sleep_ms(script.first_token_delay_ms).await;
    Ok(send_refusal(reply, recorder))
}

fn refuse(ask: &Ask, refusal: &Refusal, recorder: Recorder) -> Option<Response> {
    reply_to(ask, refusal).map(|reply| send_refusal(reply, recorder))
}

/// The vendor's words for a refusal; none where the behaviour is no error.
fn reply_to(ask: &Ask, refusal: &Refusal) -> Option<Reply> {
    match ask.provider {
        Provider::Gemini => gemini::errors::reply(ask, refusal),
        Provider::OpenAi => openai::errors::reply(ask, refusal),
        Provider::Anthropic => anthropic::errors::reply(ask, refusal),
        Provider::Ollama => ollama::errors::reply(ask, refusal),
    }
}

fn send_refusal(mut reply: Reply, mut recorder: Recorder) -> Response {
    recorder.answered(reply.status, 0);
    recorder.close(false);
    let body = Body::from(std::mem::take(&mut reply.body));
    reply.into_response(body)
}

/// Sends a body under status 200, harmed as the script wants.
fn send(
    state: Arc<State>,
    ask: &Ask,
    admitted: Admitted,
    mut wire: Wire,
    kind: &'static str,
    complete: bool,
) -> Response {
    let Admitted { script, recorder, left } = admitted;
    let mut end = End::Clean;
    let mut complete = complete;
    match script.behaviour {
        Behaviour::Garbage => wire = Wire::whole(GARBAGE.to_owned(), 0),
        Behaviour::EmptyBody => wire.clear(),
        Behaviour::SlowDrip { ms_per_byte } => wire.drip(Duration::from_millis(ms_per_byte)),
        Behaviour::HalfUtf8 => wire.split_characters(),
        Behaviour::CutBeforeFirstToken => {
            end = End::Cut;
            if !ask.streamed {
                wire.clear();
            }
        }
        Behaviour::SilenceAfterHeaders => {
            end = End::Hang;
            wire.clear();
        }
        Behaviour::CutAfter { .. } => end = End::Cut,
        Behaviour::SilenceAfter { .. } => end = End::Hang,
        _ => {}
    }
    let partly = matches!(script.behaviour, Behaviour::CutAfter { .. } | Behaviour::SilenceAfter { .. });
    if partly && !ask.streamed {
        wire.halve();
    }
    if matches!(script.behaviour, Behaviour::Garbage | Behaviour::EmptyBody) {
        complete = false;
    }
    if end == End::Clean && ask.streamed {
        wire.close();
    }
    let headers = match ask.provider {
        Provider::OpenAi => openai::headers(&script, left),
        Provider::Anthropic => anthropic::headers(&script, left),
        Provider::Gemini | Provider::Ollama => Vec::new(),
    };
    let single = wire.edges.len() <= 1 && wire.edges.iter().all(|edge| edge.wait.is_zero());
    let body = if !ask.streamed && single && end == End::Clean {
        deliver::at_once(wire, complete, recorder)
    } else {
        deliver::in_writes(wire, end, complete, recorder, state)
    };
    Reply { status: 200, kind, headers, body: String::new() }.into_response(body)
}

async fn sleep_ms(ms: u64) {
    if ms > 0 {
        sleep(Duration::from_millis(ms)).await;
    }
}
