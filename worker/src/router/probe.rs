//! Proving a key: a question in small, asked as questions are. Healthy means: answers.

use std::time::Duration;

use futures::StreamExt as _;
use tokio::time::{Instant, timeout_at};

use super::{
    Router,
    patience::{Patience, is_impatience, silent},
    pool::Chosen,
    round::LONGEST_ROUND,
};
use crate::{
    ProbeCall,
    providers::{self, ChatEvent, ChatRequest, Class, Endpoint, Format, ProviderError, Speaker, Turn, Usage},
};

/// How often a probe asks again without what the endpoint lacks.
const MOST_REPEATS: usize = 4;

/// How long a test of a student's own key may take, whatever its address does meanwhile.
const LONGEST_OF_AN_OWN: Duration = Duration::from_mins(2);

/// How long the rest of an answer is waited for: its first word has shown that the key works.
const REST_OF_AN_ANSWER: Duration = Duration::from_secs(10);

/// Enough for every service, some of which refuse to be asked for one token.
const TOKENS: u32 = 64;

impl Router {
    /// Proves a key as the operator chose it: by an answer, or by the list of models. What it shows of its endpoint is
    /// learnt, as from a question.
    ///
    /// # Errors
    /// Why it does not work.
    pub async fn probe(&self, chosen: &Chosen) -> Result<(), ProviderError> {
        match self.settings.probe_call {
            ProbeCall::Answer if chosen.own => {
                let tried = tokio::time::timeout(LONGEST_OF_AN_OWN, self.answers(chosen)).await;
                tried.unwrap_or_else(|_elapsed| Err(silent()))
            }
            ProbeCall::Answer => self.answers(chosen).await,
            ProbeCall::Models => {
                self.pool.count_probe(chosen.id);
                let endpoint = self.endpoint(chosen);
                let model = providers::chat_model(chosen.provider, self.http_for(chosen, &endpoint)?);
                let listed = model.list(&endpoint, self.clock.now());
                let patience = self.settings.first_token_timeout;
                tokio::time::timeout(patience, listed).await.unwrap_or_else(|_elapsed| Err(silent()))
            }
        }
    }

    async fn answers(&self, chosen: &Chosen) -> Result<(), ProviderError> {
        let mut endpoint = self.endpoint(chosen);
        for repeats in 0.. {
            self.pool.count_probe(chosen.id);
            let Err(error) = self.one_answer(chosen, &endpoint).await else { return Ok(()) };
            if error.class == Class::Refusal
                && repeats < MOST_REPEATS
                && let Some(lack) = &error.lacks
            {
                let mut abilities = providers::Abilities::clone(&endpoint.abilities);
                abilities.note(lack);
                self.pool.note_lack(&chosen.endpoint, lack, &error.to_string()).await;
                if abilities != *endpoint.abilities {
                    endpoint.abilities = abilities.into();
                    continue;
                }
            }
            return self.judged(chosen, error).await;
        }
        Ok(())
    }

    /// Who thinks, or withholds this one answer, is there and accepts the key.
    async fn judged(&self, chosen: &Chosen, error: ProviderError) -> Result<(), ProviderError> {
        match error.class {
            Class::EmptyByLength => {
                let thoughts = error.thoughts.unwrap_or(TOKENS);
                self.pool.note_thoughts(&chosen.endpoint, thoughts, false).await;
                Ok(())
            }
            Class::Withheld | Class::Blocked => Ok(()),
            _ if is_impatience(&error) && error.thoughts.is_some() => Ok(()),
            _ => Err(error),
        }
    }

    async fn one_answer(&self, chosen: &Chosen, endpoint: &Endpoint) -> Result<(), ProviderError> {
        let began = Instant::now();
        let latest = began + LONGEST_ROUND;
        let mut patience = Patience::new(&self.settings, chosen.provider, false, began, latest);
        let model = providers::chat_model(chosen.provider, self.http_for(chosen, endpoint)?);
        let request = small_question();
        let open = model.stream(endpoint, &request, self.clock.now());
        let mut stream = timeout_at(patience.until(), open).await.map_err(|_elapsed| patience.over())??;
        let (mut thought, mut spoken) = (false, None);
        loop {
            let until =
                spoken.map_or(patience.until(), |spoken| patience.until().min(spoken + REST_OF_AN_ANSWER));
            let Ok(event) = timeout_at(until, stream.next()).await else {
                if spoken.is_some() {
                    return Ok(());
                }
                let thoughts = thought.then_some(0);
                return Err(ProviderError { thoughts, ..patience.over() });
            };
            match event.ok_or_else(ProviderError::broken_off)?? {
                ChatEvent::Remaining(remaining) => self.pool.note_remaining(chosen.id, remaining).await,
                ChatEvent::Alive => patience.alive(Instant::now()),
                ChatEvent::Thinking => {
                    thought = true;
                    patience.thinks(Instant::now());
                }
                ChatEvent::Restart => spoken = None,
                ChatEvent::Delta(text) => {
                    if !text.trim().is_empty() {
                        spoken.get_or_insert_with(Instant::now);
                    }
                    patience.on_text(Instant::now());
                }
                ChatEvent::End(end) => {
                    thought |= matches!(end.usage, Usage::Exact { thoughts: Some(1..), .. });
                    let healthy = spoken.is_some() || thought || end.finish == providers::Finish::Length;
                    return if healthy { Ok(()) } else { Err(super::call::empty()) };
                }
            }
        }
    }
}

/// What is asked: with system text, a temperature and room for an answer, as a question is.
fn small_question() -> ChatRequest {
    ChatRequest {
        system: "You are a tutor for medical students. Answer briefly.".to_owned(),
        turns: vec![Turn { speaker: Speaker::User, text: "Say hello.".to_owned(), images: Vec::new() }],
        max_output_tokens: TOKENS,
        temperature: 0.4,
        format: Format::Text,
    }
}
