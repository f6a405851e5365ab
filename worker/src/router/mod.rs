//! The router: which key serves, and what a failure leads to. The decision is pure
//! ([`decide`]); the I/O around it is here and thin.

use std::{collections::HashMap, fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Clock,
    feature::Feature,
    ids::{JobId, KeyId, UserId},
    keys::health::Source,
    quota::EXPECTED_ANSWER_TOKENS,
};
use jobs::platform_status::PlatformStatus;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

mod call;
mod confirm;
mod counters;
pub mod decide;
pub mod embed;
mod endpoints;
mod health;
mod observe;
mod outcome;
mod output;
mod patience;
pub mod pool;
mod probe;
pub mod rate_limiter;
mod record;
mod round;
mod suit;
mod waiting;

pub use outcome::{Abandoned, AnswerEnd, Answered, By, Declined, NotPaid, Tokens};
pub use output::{Output, TextOutput};

use call::Called;
use decide::{Decision, Need, Tried};
use outcome::{Partial, delivered, estimate};
use patience::Patience;
use pool::{Asking, Chosen, Pool};
use round::Round;
use suit::suit;

use crate::{
    WorkerSettings,
    providers::{self, Abilities, ChatRequest, Class, Endpoint, Lack, ProviderError, Usage, public_only},
};

/// How long a question leaves the first step to those that came earlier and are just coming back.
const TURN: Duration = Duration::from_millis(500);

/// How often it looks whether it is its turn.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Answers questions through the pool.
#[derive(Debug)]
pub struct Router {
    pool: Arc<Pool>,
    /// What is closed: the one place that says whether only probes may call degraded keys.
    platform_status: PlatformStatus,
    /// Held while it is found out whether a feature's keys are really away: which were asked of late, and when.
    confirming: tokio::sync::Mutex<HashMap<KeyId, DateTime<Utc>>>,
    http: reqwest::Client,
    /// Reaches this machine, past any proxy.
    local_http: reqwest::Client,
    /// Reaches hosts of the public internet only.
    public_http: reqwest::Client,
    clock: Clock,
    settings: Arc<WorkerSettings>,
}

/// Who asks for what.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// As which job.
    pub job: JobId,
    /// By whom.
    pub user: UserId,
    /// By which request, for admins.
    pub request_id: Option<&'a str>,
    /// For what.
    pub feature: Feature,
    /// The question with its history.
    pub request: &'a ChatRequest,
    /// How many passages it may cite, where it is to cite any: markers of others are taken out.
    pub citable: Option<u32>,
    /// When it was asked: from then on it waits for so long and no longer.
    pub asked: DateTime<Utc>,
    /// Fires when the student stops it.
    pub cancel: &'a CancellationToken,
    /// Asked before a shared key is called with.
    pub fallback_hold: &'a dyn FallbackHold,
}

/// Pays for calls with shared keys, where the student's own was to serve.
#[async_trait]
pub trait FallbackHold: fmt::Debug + Send + Sync {
    /// Makes sure that somebody pays, once; or says why nobody does.
    async fn open(&self) -> Result<(), NotPaid>;
}

impl Ask<'_> {
    /// Whether it is about a picture: its last turn has one.
    fn pictured(&self) -> bool {
        self.request.turns.last().is_some_and(|turn| !turn.images.is_empty())
    }
}

impl Router {
    /// Over a pool.
    ///
    /// # Errors
    /// Where the TLS back end cannot be set up.
    pub fn new(
        pool: Arc<Pool>,
        platform_status: PlatformStatus,
        clock: Clock,
        settings: Arc<WorkerSettings>,
    ) -> reqwest::Result<Self> {
        let (http, local_http) = (providers::http_client()?, providers::local_http_client()?);
        let public_http = providers::public_http_client()?;
        Ok(Self {
            pool,
            platform_status,
            confirming: tokio::sync::Mutex::default(),
            http,
            local_http,
            public_http,
            clock,
            settings,
        })
    }

    /// Answers, streaming into `output`: one call, and others with other keys as long as there are some. Before the
    /// first visible text another key takes over silently; after it, with a restart, sent only when
    /// the other one has something to say.
    pub async fn answer(&self, ask: Ask<'_>, output: &mut dyn Output) -> Answered {
        let mut round = Round::new(Instant::now());
        loop {
            if Instant::now() >= round.latest {
                return round.given_up(Decision::GiveUp(None), &ask);
            }
            let chosen = match self.choose(&ask, &round.tried).await {
                Ok(chosen) => chosen,
                Err(decision) => {
                    let answered = round.given_up(decision, &ask);
                    if !matches!(answered.end, AnswerEnd::Wait(_)) {
                        self.pool.waits_no_more(ask.job);
                    }
                    return answered;
                }
            };
            if !chosen.own
                && let Err(not_paid) = ask.fallback_hold.open().await
            {
                self.pool.not_called(&chosen);
                if chosen.needs_trial {
                    self.pool.end_trial(chosen.id).await;
                }
                return round.not_paid(not_paid);
            }
            if let Some(answered) = self.try_with(&chosen, ask, &mut round, output).await {
                return answered;
            }
        }
    }

    /// A key of a round, and what came of it. `None` where another key may take over.
    async fn try_with(
        &self,
        chosen: &Chosen,
        ask: Ask<'_>,
        round: &mut Round,
        output: &mut dyn Output,
    ) -> Option<Answered> {
        if !round.tried.keys.is_empty() {
            observe::failed_over(round.partial.is_some());
        }
        round.tried.keys.push(chosen.id);
        let another = self.pool.has_another(&self.need(&ask), &round.tried, Self::asking(&ask));
        let mut endpoint = self.endpoint(chosen);
        loop {
            let suited = suit(ask.request, &endpoint.abilities, chosen.sees);
            let sent = Ask { request: &suited.request, ..ask };
            let patience =
                Patience::new(&self.settings, chosen.provider, another, Instant::now(), round.latest);
            let called = self.call_on_record(chosen, &endpoint, sent, patience, output).await;
            let said = output.shown();
            if let Called::Failed(error) = &called
                && let Some(lack) = &error.lacks
            {
                self.pool.note_lack(&chosen.endpoint, lack, &error.to_string()).await;
                let mut shown = Abilities::clone(&endpoint.abilities);
                shown.note(lack);
                // What was sent already without it is refused for good, and what cannot be made shorter is too long.
                let is_new = shown != *endpoint.abilities
                    && !(matches!(lack, Lack::Context(_))
                        && suit(ask.request, &shown, chosen.sees).is_like(&suited));
                if !said && is_new && round.may_repeat(&ask, lack) {
                    self.pool.count_repeat(chosen);
                    endpoint.abilities = Arc::new(shown);
                    continue;
                }
            }
            if said && let Some(earlier) = round.partial.take() {
                round.abandoned.add(earlier.usage);
            }
            return self.conclude_call((chosen, &endpoint), called, said, sent, round, output).await.map(
                |mut answered| {
                    answered.pictures_left_out = suited.left_out;
                    answered
                },
            );
        }
    }

    /// How a call came out, and what it means for the key.
    async fn conclude_call(
        &self,
        (chosen, endpoint): (&Chosen, &Endpoint),
        called: Called,
        said: bool,
        ask: Ask<'_>,
        round: &mut Round,
        output: &dyn Output,
    ) -> Option<Answered> {
        let model = endpoint.model.clone();
        let by = By { key: chosen.id, own: chosen.own, provider: chosen.provider, model };
        match called {
            Called::Delivered(end) => {
                self.note_endpoint(chosen, &end).await;
                let answered = delivered(&end, by, ask.request, output.raw_text(), round.abandoned);
                self.concluded(chosen, &answered, round.failed.take(), ask.feature).await;
                Some(answered)
            }
            Called::Cancelled => {
                let usage = estimate(ask.request, output.raw_text());
                let used = if said { usage } else { Tokens::default() };
                self.pool.settle(chosen, used.sum());
                self.pool.spent(chosen, used);
                self.pool.end_trial(chosen.id).await;
                let partial = if said { Some(Partial { by, usage }) } else { round.partial.take() };
                Some(Answered::partly(AnswerEnd::Cancelled, partial, round.abandoned))
            }
            Called::Failed(error) => {
                let usage = if said { estimate(ask.request, output.raw_text()) } else { Tokens::default() };
                self.pool.settle(chosen, usage.sum());
                self.pool.spent(chosen, usage);
                self.pool.failed(chosen.id, &error, Source::Call).await;
                if error.class == Class::EmptyByLength {
                    let thoughts = error.thoughts.unwrap_or(ask.request.max_output_tokens);
                    self.pool.note_thoughts(&chosen.endpoint, thoughts, true).await;
                }
                // Whether the key serves at all, or the load of its model goes on, is for a neutral request to tell.
                let explained = matches!(error.lacks, Some(Lack::Vision | Lack::Context(_)));
                if (error.class == Class::Refusal && !explained) || patience::is_load(&error) {
                    self.pool.probe_soon(chosen.id).await;
                }
                round.failed_by(chosen, error, said.then_some(Partial { by, usage }))
            }
        }
    }

    /// Learns from an answer what its endpoint took for thoughts, and what it cut without a word.
    async fn note_endpoint(&self, chosen: &Chosen, end: &providers::End) {
        if let Some(lack) = end.lacks() {
            self.pool.note_lack(&chosen.endpoint, &lack, "it read far less than was sent").await;
        }
        if let Usage::Exact { thoughts: Some(thoughts), .. } = end.usage {
            self.pool.note_thoughts(&chosen.endpoint, thoughts, false).await;
        }
    }

    fn asking(ask: &Ask<'_>) -> Asking {
        let tokens = i64::from(estimate(ask.request, "").prompt) + EXPECTED_ANSWER_TOKENS;
        Asking { job: ask.job, tokens }
    }

    /// The next key to call. One that is degraded is called by one at a time, over all processes.
    async fn choose(&self, ask: &Ask<'_>, tried: &Tried) -> Result<Chosen, Decision> {
        let asking = Self::asking(ask);
        let patience = Instant::now() + TURN;
        while Instant::now() < patience && self.pool.is_behind(ask.job).await {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        loop {
            let chosen = self.pool.next(&self.need(ask), tried, asking)?;
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
        Need { pictured: ask.pictured(), ..self.need_of(Some(ask.user), ask.feature, ask.asked) }
    }

    fn need_of(&self, user: Option<UserId>, feature: Feature, asked: DateTime<Utc>) -> Need<'_> {
        Need {
            user,
            feature,
            only: None,
            chain: &self.settings.chain,
            now: self.clock.now(),
            wait_until: asked + self.max_wait(),
            pictured: false,
            unavailable: self.platform_status.current().is_unavailable(feature),
        }
    }

    /// The longest that a question waits for a key to cool.
    pub fn max_wait(&self) -> TimeDelta {
        TimeDelta::from_std(self.settings.max_wait).unwrap_or(TimeDelta::days(365))
    }

    /// The client to call with. In production, a student's own key leads into the public internet and
    /// nowhere else, whatever its name stands for by now.
    fn http_for(&self, chosen: &Chosen, endpoint: &Endpoint) -> Result<&reqwest::Client, ProviderError> {
        if !chosen.own || !self.settings.own_keys_stay_outside {
            let here = public_only::is_this_machine(&endpoint.base_url);
            return Ok(if here { &self.local_http } else { &self.http });
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
        let (base_url, model) = self.settings.defaults.of(chosen.provider);
        Endpoint {
            base_url: chosen.base_url.clone().unwrap_or_else(|| base_url.to_owned()),
            model: chosen.model.clone().unwrap_or_else(|| model.to_owned()),
            secret: chosen.secret.clone(),
            abilities: Arc::clone(&chosen.abilities),
        }
    }
}
