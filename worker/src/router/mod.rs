//! The router: which key serves, and what a failure leads to. The decision is pure
//! ([`decide`]); the I/O around it is here and thin.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::TimeDelta;
use domain::{
    Clock,
    feature::Feature,
    ids::{JobId, KeyId, UserId},
    keys::health::Source,
    quota::EXPECTED_ANSWER_TOKENS,
};
use jobs::bus::EventWriter;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

mod call;
pub mod decide;
pub mod embed;
mod health;
pub mod meter;
mod observe;
mod outcome;
pub mod pool;
mod probe;
mod tally;
mod waiting;

pub use outcome::{Abandoned, Answered, By, Ended, NotPaid, Tokens};

use call::Called;
use decide::{Decision, Need};
use outcome::{Partial, delivered, estimate, given_up};
use pool::{Asking, Chosen, Pool};

use crate::{
    WorkerSettings,
    providers::{self, ChatRequest, Class, Endpoint, ProviderError, public_only},
};

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
            Class::Refusal => return Some(Answered::without(Ended::Refused(error.reason), self.abandoned)),
            Class::Blocked => return Some(Answered::without(Ended::Blocked(error.reason), self.abandoned)),
            Class::Credential
            | Class::Quota
            | Class::Rate
            | Class::Overload
            | Class::Withheld
            | Class::EmptyByLength => {}
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
        while Instant::now() < patience && self.pool.is_behind(ask.job).await {
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
            abilities: Arc::default(),
        }
    }
}
