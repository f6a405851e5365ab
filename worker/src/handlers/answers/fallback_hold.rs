//! Who pays, and when: a question begins when its student's other answers leave room for it, and the plan pays where
//! an own key does not serve and a shared one must.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Tx,
    feature::Feature,
    ids::{JobId, UserId},
    quota::{
        Exceeded, Payer,
        costs::{self, Estimate, Sample},
        store::{self, Hold, Start},
    },
    users::{self, Plan},
};
use jobs::{catalogue::AnswerMessage, queue::Running};
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use crate::{
    Context,
    providers::ChatRequest,
    router::{AnswerEnd, Answered, FallbackHold, NotPaid},
};

/// How often a database that is away is asked again.
const TRIES: u32 = 20;

/// How long between two tries.
const PAUSE: Duration = Duration::from_millis(200);

/// When a question looks again whether it may begin.
const LOOK_AGAIN: TimeDelta = TimeDelta::seconds(1);

/// How long a fallback from an own key waits for the student's other answers to end.
const PATIENCE: Duration = Duration::from_mins(1);

/// Whether a question may begin.
pub(super) enum Turn {
    Now,
    /// Others of its student run, and may take all that is left.
    At(DateTime<Utc>),
    /// Nobody pays for it.
    Never(NotPaid),
}

/// Asks whether a question may begin. Most need not ask: the hold said so.
pub(super) async fn turn(context: &Context, job: JobId, work: &AnswerMessage) -> Turn {
    let Some(at_most) = work.waits_for else { return Turn::Now };
    match start(context, job, work.user, at_most).await {
        Ok(Ok(Start::Now)) => Turn::Now,
        Ok(Ok(Start::Later)) => Turn::At(context.clock.now() + LOOK_AGAIN),
        Ok(Err(exceeded)) => Turn::Never(NotPaid::Exceeded(exceeded)),
        Err(error) => Turn::Never(NotPaid::Unknown(format!("it is not known whether it may begin: {error}"))),
    }
}

async fn start(
    context: &Context,
    job: JobId,
    user: UserId,
    at_most: i64,
) -> sqlx::Result<Result<Start, Exceeded>> {
    let mut tx = context.db.begin_as(user).await?;
    let limits = context.platform_status.current().limits(plan_of(&mut tx, user).await?);
    let start = store::start(&mut tx, job, at_most, &limits).await?;
    tx.commit().await?;
    Ok(start)
}

async fn plan_of(tx: &mut Tx, user: UserId) -> sqlx::Result<Plan> {
    Ok(users::store::find(tx, user).await?.ok_or(sqlx::Error::RowNotFound)?.plan)
}

/// Notes what a call of a shared key took, of an answer that took so many.
pub(super) fn note(
    context: &Context,
    feature: Feature,
    request: &ChatRequest,
    answered: &Answered,
    calls: u32,
) {
    let (AnswerEnd::Complete { .. }, Some(by)) = (&answered.end, &answered.by) else { return };
    if by.own {
        return;
    }
    let counted =
        calls == 1 && answered.usage.exact && request.turns.iter().all(|turn| turn.images.is_empty());
    let chars = u32::try_from(chars_of(request)).ok().filter(|_| counted);
    let sample = Sample {
        tokens: answered.usage.completion / calls.max(1),
        at: context.clock.now(),
        prompt: chars.map(|chars| (chars, answered.usage.prompt)),
    };
    context.costs.note(feature, &by.model, sample);
}

fn chars_of(request: &ChatRequest) -> usize {
    let turns: usize = request.turns.iter().map(|turn| turn.text.chars().count()).sum();
    turns + request.system.chars().count()
}

/// Takes the hold of one question at the moment of the first call with a shared key.
#[derive(Debug)]
pub(super) struct HoldTaker {
    context: Context,
    job: JobId,
    user: UserId,
    feature: Feature,
    /// Who pays; `None` is who took the hold when the question was sent.
    payer: Option<Payer>,
    items: i64,
    prompt_chars: usize,
    cancel: CancellationToken,
    opened: OnceCell<Result<(), NotPaid>>,
}

/// What came of one try.
enum Tried {
    Taken,
    NotYet,
    Refused(NotPaid),
}

impl HoldTaker {
    pub(super) fn new(
        context: &Context,
        running: &Running,
        work: &AnswerMessage,
        feature: Feature,
        request: &ChatRequest,
    ) -> Self {
        Self {
            context: context.clone(),
            job: running.job.id,
            user: work.user,
            feature,
            payer: work.falls_back_to,
            items: work.items.map_or(1, i64::from),
            prompt_chars: chars_of(request),
            cancel: running.cancel.clone(),
            opened: OnceCell::new(),
        }
    }

    async fn hold(&self, payer: Payer) -> Result<(), NotPaid> {
        let (mut failures, mut at_most) = (0, None);
        let patience = tokio::time::Instant::now() + PATIENCE;
        loop {
            match self.try_hold(payer, &mut at_most).await {
                Ok(Tried::Taken) => return Ok(()),
                Ok(Tried::Refused(not_paid)) => return Err(not_paid),
                Ok(Tried::NotYet) if tokio::time::Instant::now() > patience => {
                    return Err(NotPaid::Unknown("others of this student run for too long".to_owned()));
                }
                Ok(Tried::NotYet) => {}
                Err(error) if failures >= TRIES => {
                    let problem = format!("the hold for a shared key could not be taken: {error}");
                    return Err(NotPaid::Unknown(problem));
                }
                Err(_passing) => failures += 1,
            }
            if self.cancel.run_until_cancelled(tokio::time::sleep(PAUSE)).await.is_none() {
                // The call that this is for meets the same stop before it is made.
                return Ok(());
            }
        }
    }

    /// Takes the hold; after that, waits for room. `at_most` says that the hold was taken by an earlier try.
    async fn try_hold(&self, payer: Payer, at_most: &mut Option<i64>) -> sqlx::Result<Tried> {
        let mut tx = self.context.db.begin_as(self.user).await?;
        let plan = plan_of(&mut tx, self.user).await?;
        let platform_status = self.context.platform_status.current();
        let Ok(pass) = platform_status.pass(self.feature, plan, payer == Payer::Admin) else {
            return Ok(Tried::Refused(NotPaid::Closed));
        };
        let (start, promised) = if let Some(at_most) = *at_most {
            (store::start(&mut tx, self.job, at_most, pass.limits()).await?, at_most)
        } else {
            let costs = costs::read(&mut tx, self.feature).await?;
            let Estimate { expected, at_most } = costs.estimate(self.prompt_chars, pass.limits());
            let day = self.context.clock.today();
            let hold = Hold {
                user: self.user,
                job: self.job,
                payer,
                items: self.items,
                tokens: expected,
                at_most,
                day,
            };
            (store::fall_back(&mut tx, &hold, &pass).await?, at_most)
        };
        match start {
            Err(exceeded) => Ok(Tried::Refused(NotPaid::Exceeded(exceeded))),
            Ok(start) => {
                tx.commit().await?;
                *at_most = Some(promised);
                Ok(if start == Start::Now { Tried::Taken } else { Tried::NotYet })
            }
        }
    }
}

#[async_trait]
impl FallbackHold for HoldTaker {
    async fn open(&self) -> Result<(), NotPaid> {
        let Some(payer) = self.payer else { return Ok(()) };
        self.opened.get_or_init(|| self.hold(payer)).await.clone()
    }
}
