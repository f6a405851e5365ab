//! One call of a round: from its beginning to its last word, or to what stopped it.

use std::time::Duration;

use domain::ids::KeyId;
use futures::StreamExt as _;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::{
    Ask, Output, Router,
    outcome::tokens_of,
    patience::Patience,
    pool::{Chosen, Pool},
};
use crate::{
    citation_markers::CitationMarkers,
    providers::{self, ChatEvent, ChatStream, Class, End, Endpoint, Finish, ProviderError, Usage},
};

/// How one call ended.
pub(super) enum Called {
    Delivered(End),
    Failed(ProviderError),
    Cancelled,
}

impl Router {
    /// One call. Says also how soon it had its first word, if it had one.
    pub(super) async fn call(
        &self,
        chosen: &Chosen,
        endpoint: &Endpoint,
        ask: Ask<'_>,
        patience: Patience,
        output: &mut dyn Output,
    ) -> (Called, Option<Duration>) {
        output.begin();
        let began = Instant::now();
        let http = match self.http_for(chosen, endpoint) {
            Ok(http) => http,
            Err(error) => return (Called::Failed(error), None),
        };
        let model = providers::chat_model(chosen.provider, http);
        let open = timeout_at(patience.until(), model.stream(endpoint, ask.request, self.clock.now()));
        let stream = tokio::select! {
            biased;
            () = ask.cancel.cancelled() => return (Called::Cancelled, None),
            opened = open => match opened {
                Ok(Ok(stream)) => stream,
                Ok(Err(error)) => return (Called::Failed(error), None),
                Err(_elapsed) => return (Called::Failed(patience.over()), None),
            },
        };
        let mut relay = Relay {
            stream,
            patience,
            first_after: None,
            citation_markers: ask.citable.map(CitationMarkers::new),
            citable: ask.citable,
            pool: &self.pool,
            key: chosen.id,
        };
        let called = tokio::select! {
            biased;
            called = relay.run(began, output) => called,
            () = ask.cancel.cancelled() => Called::Cancelled,
        };
        relay.deliver_rest(output).await;
        output.end().await;
        if let (Called::Delivered(end), Some(first_after)) = (&called, relay.first_after) {
            let tokens = tokens_of(end, ask.request, output.raw_text()).sum();
            self.pool.succeeded(chosen.id, first_after, tokens).await;
        }
        (called, relay.first_after)
    }
}

/// Carries one stream to the readers.
struct Relay<'a> {
    stream: ChatStream,
    patience: Patience,
    /// How soon the first word came. White space alone is no answer.
    first_after: Option<Duration>,
    /// Checks what the answer cites.
    citation_markers: Option<CitationMarkers>,
    citable: Option<u32>,
    pool: &'a Pool,
    key: KeyId,
}

impl Relay<'_> {
    async fn run(&mut self, began: Instant, output: &mut dyn Output) -> Called {
        loop {
            let due = output.due();
            let event = tokio::select! {
                biased;
                event = timeout_at(self.patience.until(), self.stream.next()) => event,
                () = sleep_until(due.unwrap_or(self.patience.until())), if due.is_some() => {
                    output.flush().await;
                    continue;
                }
            };
            match event {
                Ok(Some(Ok(ChatEvent::Remaining(remaining)))) => {
                    self.pool.note_remaining(self.key, remaining).await;
                }
                Ok(Some(Ok(ChatEvent::Thinking))) => self.patience.thinks(Instant::now()),
                Ok(Some(Ok(ChatEvent::Alive))) => self.patience.alive(Instant::now()),
                Ok(Some(Ok(ChatEvent::Restart))) => {
                    self.citation_markers = self.citable.map(CitationMarkers::new);
                    self.first_after = None;
                    output.retract().await;
                }
                Ok(Some(Ok(ChatEvent::Delta(text)))) => {
                    self.patience.on_text(Instant::now());
                    let text = match &mut self.citation_markers {
                        Some(citation_markers) => citation_markers.push(&text),
                        None => text,
                    };
                    self.deliver(&text, began, output).await;
                }
                Ok(Some(Ok(ChatEvent::End(end)))) => {
                    self.deliver_at_end(began, output).await;
                    self.deliver_rest(output).await;
                    output.flush().await;
                    return match end.finish {
                        // A call that says nothing is no answer, whatever it calls itself.
                        Finish::Length if self.first_after.is_none() => Called::Failed(no_word(end.usage)),
                        Finish::Stop | Finish::Unclosed if self.first_after.is_none() => {
                            Called::Failed(empty())
                        }
                        _ => Called::Delivered(end),
                    };
                }
                Ok(Some(Err(error))) => return Called::Failed(error),
                Ok(None) => return Called::Failed(ProviderError::broken_off()),
                Err(_elapsed) => return Called::Failed(self.patience.over()),
            }
        }
    }

    /// An answer that is told only at its end: all of it might have become a marker, such as `$x$` or a lone `[1]`.
    async fn deliver_at_end(&mut self, began: Instant, output: &mut dyn Output) {
        if self.first_after.is_none() {
            let rest = self.citation_markers.as_mut().map(CitationMarkers::finish).unwrap_or_default();
            self.deliver(&rest, began, output).await;
        }
    }

    /// A piece of text that may be told.
    async fn deliver(&mut self, text: &str, began: Instant, output: &mut dyn Output) {
        if self.first_after.is_none() && !text.trim().is_empty() {
            self.first_after = Some(began.elapsed());
        }
        output.push(text).await;
    }

    /// What was held back, once nothing more comes. It is no marker.
    async fn deliver_rest(&mut self, output: &mut dyn Output) {
        let rest = self.citation_markers.as_mut().map(CitationMarkers::finish).unwrap_or_default();
        if self.first_after.is_some() && !rest.is_empty() {
            output.push(&rest).await;
            output.flush().await;
        }
    }
}

pub(super) fn empty() -> ProviderError {
    ProviderError::new(Class::Overload, Some(200), "the provider sent an empty answer")
}

fn no_word(usage: Usage) -> ProviderError {
    let error = ProviderError::new(Class::EmptyByLength, Some(200), "the length was used up before a word");
    let thoughts = match usage {
        Usage::Exact { thoughts, completion, .. } => Some(thoughts.unwrap_or(completion)),
        Usage::Missing => None,
    };
    ProviderError { thoughts, ..error }
}
