//! The router: which key serves, and what a failure leads to. The decision is pure
//! ([`decide`]); the I/O around it is here and thin.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Clock,
    chat::history::estimate_tokens,
    feature::Feature,
    ids::{JobId, KeyId, UserId},
    keys::{Provider, health::Source},
    quota::{EXPECTED_ANSWER_TOKENS, Exceeded},
};
use futures::StreamExt as _;
use jobs::bus::EventWriter;
use tokio::time::{Instant, sleep_until, timeout_at};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

pub mod decide;
pub mod embed;
mod health;
pub mod meter;
mod observe;
pub mod pool;
mod tally;
mod waiting;

use decide::{Decision, Need};
use pool::{Asking, Chosen, Pool};

use crate::{
    ProbeCall, WorkerSettings,
    markers::Markers,
    providers::{
        self, ChatEvent, ChatRequest, ChatStream, Class, End, Endpoint, Finish, ProviderError, Usage,
        public_only,
    },
};

/// How long a stream may be silent between two tokens.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a question leaves the first step to those that came earlier and are just coming back.
const TURN: Duration = Duration::from_millis(500);

/// How often it looks whether it is its turn.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Answers questions through the pool.
#[derive(Debug)]
pub struct Router {
    pool: Arc<Pool>,
    http: reqwest::Client,
    /// Reaches hosts of the public internet only.
    public_http: reqwest::Client,
    clock: Clock,
    settings: WorkerSettings,
}

/// Who asks for what.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// As which job.
    pub job: JobId,
    /// By whom.
    pub user: UserId,
    /// For what.
    pub feature: Feature,
    /// The question with its history.
    pub request: &'a ChatRequest,
    /// How many passages it may cite, where it is to cite any: markers of others are taken out.
    pub citable: Option<u32>,
    /// Whether nothing could serve the feature, so that only probes may call its degraded keys.
    pub dead: bool,
    /// Fires when the student stops it.
    pub cancel: &'a CancellationToken,
    /// Asked before a shared key is called with.
    pub purse: &'a dyn Purse,
}

/// Pays for calls with shared keys, where the student's own was to serve.
#[async_trait]
pub trait Purse: fmt::Debug + Send + Sync {
    /// Makes sure that somebody pays, once; or says why nobody does.
    async fn open(&self) -> Result<(), NotPaid>;
}

/// Why a shared key may not serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotPaid {
    /// A limit of the student's plan is reached.
    Exceeded(Exceeded),
    /// It cannot be known now.
    Unknown(String),
}

/// How a question came out. What was said is in the [`EventWriter`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// How it ended.
    pub end: Ended,
    /// Who delivered, where somebody did.
    pub by: Option<By>,
    /// Tokens of the delivered call.
    pub usage: Tokens,
    /// Calls that were abandoned, and their tokens, estimated.
    pub abandoned: Abandoned,
}

/// How a question ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// All is said; true where the model reached its longest answer.
    Complete {
        /// Whether it was cut at the most tokens that an answer may have.
        at_length: bool,
    },
    /// The stream broke off, and nobody could take over.
    Truncated,
    /// The provider would not answer; its code.
    Blocked(String),
    /// Our request was at fault.
    Refused(String),
    /// The student stopped it.
    Cancelled,
    /// No key before this time: ask again then.
    Wait(DateTime<Utc>),
    /// No key soon enough; when there may be one, as far as is known.
    Exhausted(Option<DateTime<Utc>>),
    /// The student's own key does not serve, and a shared one may not.
    NotPaid(NotPaid),
}

/// Who delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// Through which key.
    pub key: KeyId,
    /// Whether the key is the student's own.
    pub own: bool,
    /// Whose.
    pub provider: Provider,
    /// With which model.
    pub model: String,
}

/// Tokens of a call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Of the prompt.
    pub prompt: u32,
    /// Of the answer.
    pub completion: u32,
    /// Whether these are the provider's own figures.
    pub exact: bool,
}

/// What failing over cost the platform.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Abandoned {
    /// Calls.
    pub calls: u32,
    /// Their tokens, estimated.
    pub tokens: u32,
}

/// A call that broke off after some text.
struct Partial {
    by: By,
    usage: Tokens,
}

/// How one call ended.
enum Called {
    Delivered(End),
    Failed(ProviderError),
    Cancelled,
}

/// What one round has come to so far.
#[derive(Default)]
struct Round {
    /// Keys that were called.
    tried: Vec<KeyId>,
    abandoned: Abandoned,
    /// The call whose text the reader sees, though it broke off.
    partial: Option<Partial>,
    /// The key that failed last, and why.
    failed: Option<(KeyId, String)>,
}

impl Round {
    /// A call failed. Says how the question ends, where another key would not do better.
    fn failed_by(&mut self, key: KeyId, error: ProviderError, partial: Option<Partial>) -> Option<Answered> {
        self.failed = Some((key, error.to_string()));
        match error.class {
            Class::Caller => return Some(Answered::without(Ended::Refused(error.reason), self.abandoned)),
            Class::Blocked => return Some(Answered::without(Ended::Blocked(error.reason), self.abandoned)),
            Class::Credential | Class::Quota | Class::Rate | Class::Overload => {}
        }
        match partial {
            Some(partial) => self.partial = Some(partial),
            None => self.abandoned.add(Tokens::default()),
        }
        None
    }

    /// Nobody pays for a shared key. What was said stands.
    fn not_paid(self, not_paid: NotPaid) -> Answered {
        let end = if self.partial.is_some() { Ended::Truncated } else { Ended::NotPaid(not_paid) };
        Answered::partly(end, self.partial, self.abandoned)
    }
}

impl Router {
    /// Over a pool.
    ///
    /// # Errors
    /// Where the TLS back end cannot be set up.
    pub fn new(pool: Arc<Pool>, clock: Clock, settings: WorkerSettings) -> reqwest::Result<Self> {
        let (http, public_http) = (providers::http_client()?, providers::public_http_client()?);
        Ok(Self { pool, http, public_http, clock, settings })
    }

    /// Answers, streaming into `writer`: one call, and up to three more with other keys. Before the
    /// first visible text another key takes over silently; after it, with a restart, sent only when
    /// the other one has something to say.
    pub async fn answer(&self, ask: Ask<'_>, writer: &mut EventWriter) -> Answered {
        let mut round = Round::default();
        loop {
            let chosen = match self.choose(&ask, &round.tried).await {
                Ok(chosen) => chosen,
                Err(decision) => {
                    if round.partial.is_some() {
                        self.pool.waits_no_more(ask.job);
                    }
                    return given_up(decision, round.partial, round.abandoned);
                }
            };
            if !chosen.own
                && let Err(not_paid) = ask.purse.open().await
            {
                self.pool.not_called(&chosen);
                if chosen.needs_trial {
                    self.pool.end_trial(chosen.id).await;
                }
                return round.not_paid(not_paid);
            }
            if let Some(answered) = self.try_with(&chosen, ask, &mut round, writer).await {
                return answered;
            }
        }
    }

    /// One call of a round, and what it means for the key. `None` where another key may take over.
    async fn try_with(
        &self,
        chosen: &Chosen,
        ask: Ask<'_>,
        round: &mut Round,
        writer: &mut EventWriter,
    ) -> Option<Answered> {
        if !round.tried.is_empty() {
            observe::failed_over(round.partial.is_some());
        }
        round.tried.push(chosen.id);
        let endpoint = self.endpoint(chosen);
        let span = observe::span(chosen, &endpoint);
        let (called, first_after) = self.call(chosen, &endpoint, ask, writer).instrument(span.clone()).await;
        observe::called(&span, chosen, &called, first_after);
        let said = first_after.is_some();
        if said && let Some(earlier) = round.partial.take() {
            round.abandoned.add(earlier.usage);
        }
        let by = By { key: chosen.id, own: chosen.own, provider: chosen.provider, model: endpoint.model };
        match called {
            Called::Delivered(end) => {
                let answered = delivered(&end, by, ask.request, writer.text(), round.abandoned);
                self.concluded(chosen, &answered, round.failed.take(), ask.feature).await;
                Some(answered)
            }
            Called::Cancelled => {
                let usage = estimate(ask.request, writer.text());
                let used = if said { usage } else { Tokens::default() };
                self.pool.settle(chosen, used.sum());
                self.pool.spent(chosen, used);
                self.pool.end_trial(chosen.id).await;
                let partial = if said { Some(Partial { by, usage }) } else { round.partial.take() };
                Some(Answered::partly(Ended::Cancelled, partial, round.abandoned))
            }
            Called::Failed(error) => {
                let usage = if said { estimate(ask.request, writer.text()) } else { Tokens::default() };
                self.pool.settle(chosen, usage.sum());
                self.pool.spent(chosen, usage);
                self.pool.failed(chosen.id, &error, Source::Call).await;
                round.failed_by(chosen.id, error, said.then_some(Partial { by, usage }))
            }
        }
    }

    /// The next key to call. One that is degraded is called by one at a time, over all processes.
    async fn choose(&self, ask: &Ask<'_>, tried: &[KeyId]) -> Result<Chosen, Decision> {
        let tokens = i64::from(estimate(ask.request, "").prompt) + EXPECTED_ANSWER_TOKENS;
        let patience = Instant::now() + TURN;
        while self.pool.is_behind(ask.job) && Instant::now() < patience {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        loop {
            let chosen = self.pool.next(&self.need(ask), tried, Asking { job: ask.job, tokens })?;
            if !chosen.needs_trial || self.pool.begin_trial(chosen.id).await {
                return Ok(chosen);
            }
            self.pool.not_called(&chosen);
        }
    }

    /// A key delivered; `failed` is the one that did not, before it.
    async fn concluded(
        &self,
        by: &Chosen,
        answered: &Answered,
        failed: Option<(KeyId, String)>,
        feature: Feature,
    ) {
        self.pool.settle(by, answered.usage.sum());
        self.pool.spent(by, answered.usage);
        if let Some((from, reason)) = failed {
            self.pool.failed_over(from, by.id, feature, &reason).await;
        }
    }

    /// One call. Says also how soon text of this call became visible, if any did.
    async fn call(
        &self,
        chosen: &Chosen,
        endpoint: &Endpoint,
        ask: Ask<'_>,
        writer: &mut EventWriter,
    ) -> (Called, Option<Duration>) {
        let began = Instant::now();
        let http = match self.http_for(chosen, endpoint) {
            Ok(http) => http,
            Err(error) => return (Called::Failed(error), None),
        };
        let model = providers::chat_model(chosen.provider, http);
        let first_by = began + self.settings.first_token_timeout;
        let open = timeout_at(first_by, model.stream(endpoint, ask.request, self.clock.now()));
        let stream = tokio::select! {
            biased;
            () = ask.cancel.cancelled() => return (Called::Cancelled, None),
            opened = open => match opened {
                Ok(Ok(stream)) => stream,
                Ok(Err(error)) => return (Called::Failed(error), None),
                Err(_elapsed) => return (Called::Failed(silent()), None),
            },
        };
        let mut relay = Relay {
            stream,
            deadline: first_by,
            first_after: None,
            markers: ask.citable.map(Markers::new),
            pool: &self.pool,
            key: chosen.id,
        };
        let called = tokio::select! {
            biased;
            called = relay.run(began, writer) => called,
            () = ask.cancel.cancelled() => Called::Cancelled,
        };
        relay.tell_the_rest(writer).await;
        if let (Called::Delivered(end), Some(first_after)) = (&called, relay.first_after) {
            let tokens = tokens_of(end, ask.request, writer.text()).sum();
            self.pool.succeeded(chosen.id, first_after, tokens).await;
        }
        (called, relay.first_after)
    }

    /// Proves a key with the smallest call there is, as the operator chose it: an answer of one token, or
    /// the list of models.
    ///
    /// # Errors
    /// Why it does not work.
    pub async fn probe(&self, chosen: &Chosen) -> Result<(), ProviderError> {
        self.pool.count_probe(chosen.id);
        let patience = self.settings.first_token_timeout;
        let proven = match self.settings.probe_call {
            ProbeCall::Answer => tokio::time::timeout(patience, self.one_token(chosen)).await,
            ProbeCall::Models => {
                let (model, endpoint) =
                    (providers::chat_model(chosen.provider, &self.http), self.endpoint(chosen));
                tokio::time::timeout(patience, model.list(&endpoint, self.clock.now())).await
            }
        };
        proven.unwrap_or_else(|_elapsed| Err(silent()))
    }

    async fn one_token(&self, chosen: &Chosen) -> Result<(), ProviderError> {
        let request = ChatRequest {
            system: String::new(),
            turns: vec![providers::Turn {
                speaker: providers::Speaker::User,
                text: "Hi".to_owned(),
                images: Vec::new(),
            }],
            max_output_tokens: 1,
            temperature: 0.0,
        };
        let endpoint = self.endpoint(chosen);
        let model = providers::chat_model(chosen.provider, self.http_for(chosen, &endpoint)?);
        let mut stream = model.stream(&endpoint, &request, self.clock.now()).await?;
        while let Some(event) = stream.next().await {
            match event? {
                ChatEvent::Remaining(remaining) => self.pool.learnt(chosen.id, remaining).await,
                ChatEvent::Delta(_) => {}
                ChatEvent::End(_) => return Ok(()),
            }
        }
        Err(ProviderError::broken_off())
    }

    /// The pool that this router chooses from.
    pub const fn pool(&self) -> &Arc<Pool> {
        &self.pool
    }

    fn need(&self, ask: &Ask<'_>) -> Need<'_> {
        Need { dead: ask.dead, ..self.need_of(Some(ask.user), ask.feature) }
    }

    fn need_of(&self, user: Option<UserId>, feature: Feature) -> Need<'_> {
        Need {
            user,
            feature,
            only: None,
            chain: &self.settings.chain,
            now: self.clock.now(),
            max_wait: self.max_wait(),
            dead: false,
        }
    }

    /// The longest that a question waits for a key to cool.
    pub fn max_wait(&self) -> TimeDelta {
        TimeDelta::from_std(self.settings.max_wait).unwrap_or(TimeDelta::MAX)
    }

    /// The client to call with. In production, a student's own key leads into the public internet and
    /// nowhere else, whatever its name stands for by now.
    fn http_for(&self, chosen: &Chosen, endpoint: &Endpoint) -> Result<&reqwest::Client, ProviderError> {
        if !chosen.own || !self.settings.own_keys_stay_outside {
            return Ok(&self.http);
        }
        if public_only::is_private_number(&endpoint.base_url) {
            return Err(ProviderError::new(
                Class::Credential,
                None,
                "its address is not of the public internet",
            ));
        }
        Ok(&self.public_http)
    }

    fn endpoint(&self, chosen: &Chosen) -> Endpoint {
        let default = self.settings.default_of(chosen.provider);
        Endpoint {
            base_url: chosen.base_url.clone().unwrap_or_else(|| default.base_url.clone()),
            model: chosen.model.clone().unwrap_or_else(|| default.model.clone()),
            secret: chosen.secret.clone(),
        }
    }
}

/// Carries one stream to the readers.
struct Relay<'a> {
    stream: ChatStream,
    deadline: Instant,
    first_after: Option<Duration>,
    /// Checks what the answer cites.
    markers: Option<Markers>,
    pool: &'a Pool,
    key: KeyId,
}

impl Relay<'_> {
    async fn run(&mut self, began: Instant, writer: &mut EventWriter) -> Called {
        loop {
            let due = writer.due().filter(|_| writer.waits());
            let event = tokio::select! {
                biased;
                event = timeout_at(self.deadline, self.stream.next()) => event,
                () = sleep_until(due.unwrap_or(self.deadline)), if due.is_some() => {
                    writer.flush().await;
                    continue;
                }
            };
            match event {
                Ok(Some(Ok(ChatEvent::Remaining(remaining)))) => self.pool.learnt(self.key, remaining).await,
                Ok(Some(Ok(ChatEvent::Delta(text)))) => {
                    self.deadline = Instant::now() + IDLE_TIMEOUT;
                    let text = match &mut self.markers {
                        Some(markers) => markers.push(&text),
                        None => text,
                    };
                    if text.is_empty() {
                        continue;
                    }
                    if self.first_after.is_none() {
                        self.first_after = Some(began.elapsed());
                        if !writer.text().is_empty() {
                            writer.restart().await;
                        }
                    }
                    writer.delta(&text).await;
                }
                Ok(Some(Ok(ChatEvent::End(end)))) => {
                    self.tell_the_rest(writer).await;
                    writer.flush().await;
                    return match end.finish {
                        // A call that says nothing is no answer, whatever it calls itself.
                        Finish::Stop | Finish::Length if self.first_after.is_none() => {
                            Called::Failed(empty())
                        }
                        _ => Called::Delivered(end),
                    };
                }
                Ok(Some(Err(error))) => return self.failed(error, writer).await,
                Ok(None) => return self.failed(ProviderError::broken_off(), writer).await,
                Err(_elapsed) => return self.failed(silent(), writer).await,
            }
        }
    }

    /// What was held back, once nothing more comes. It is no marker; alone, it is no answer.
    async fn tell_the_rest(&mut self, writer: &mut EventWriter) {
        let rest = self.markers.as_mut().map(Markers::finish).unwrap_or_default();
        if self.first_after.is_some() && !rest.is_empty() {
            writer.delta(&rest).await;
            writer.flush().await;
        }
    }

    async fn failed(&mut self, error: ProviderError, writer: &mut EventWriter) -> Called {
        self.tell_the_rest(writer).await;
        if self.first_after.is_some() {
            writer.flush().await;
        }
        Called::Failed(error)
    }
}

impl Answered {
    const fn without(end: Ended, abandoned: Abandoned) -> Self {
        Self { end, by: None, usage: Tokens { prompt: 0, completion: 0, exact: false }, abandoned }
    }

    fn partly(end: Ended, partial: Option<Partial>, abandoned: Abandoned) -> Self {
        let (by, usage) = partial.map(|partial| (partial.by, partial.usage)).unzip();
        Self { end, by, usage: usage.unwrap_or_default(), abandoned }
    }
}

impl Abandoned {
    const fn add(&mut self, usage: Tokens) {
        self.calls += 1;
        self.tokens = self.tokens.saturating_add(usage.sum());
    }
}

impl Tokens {
    /// Both together.
    pub const fn sum(self) -> u32 {
        self.prompt.saturating_add(self.completion)
    }
}

/// The end of a round that found no more keys. Where something was said, it stands.
fn given_up(decision: Decision, partial: Option<Partial>, abandoned: Abandoned) -> Answered {
    match decision {
        _ if partial.is_some() => Answered::partly(Ended::Truncated, partial, abandoned),
        Decision::WaitUntil(until) => Answered::without(Ended::Wait(until), abandoned),
        Decision::GiveUp(back) => Answered::without(Ended::Exhausted(back), abandoned),
        Decision::Call(_) => Answered::without(Ended::Exhausted(None), abandoned),
    }
}

fn delivered(end: &End, by: By, request: &ChatRequest, text: &str, abandoned: Abandoned) -> Answered {
    let usage = tokens_of(end, request, text);
    let end = match &end.finish {
        Finish::Stop => Ended::Complete { at_length: false },
        Finish::Length => Ended::Complete { at_length: true },
        Finish::Blocked(code) => Ended::Blocked(code.clone()),
    };
    Answered { end, by: Some(by), usage, abandoned }
}

fn tokens_of(end: &End, request: &ChatRequest, text: &str) -> Tokens {
    match end.usage {
        Usage::Exact { prompt, completion } => Tokens { prompt, completion, exact: true },
        Usage::Missing => estimate(request, text),
    }
}

/// What a call came to whose provider did not say.
fn estimate(request: &ChatRequest, text: &str) -> Tokens {
    let prompt = request.turns.iter().map(|turn| turn.text.chars().count()).sum::<usize>();
    let tokens = |chars| u32::try_from(estimate_tokens(chars)).unwrap_or(u32::MAX);
    Tokens {
        prompt: tokens(prompt + request.system.chars().count()),
        completion: tokens(text.chars().count()),
        exact: false,
    }
}

fn silent() -> ProviderError {
    ProviderError::new(Class::Overload, None, "the provider did not answer in time")
}

fn empty() -> ProviderError {
    ProviderError::new(Class::Overload, None, "the provider sent an empty answer")
}
