//! Who pays when a student's own key does not serve and a shared one must: the plan, from then on.

use std::time::Duration;

use async_trait::async_trait;
use domain::{
    Clock, Db,
    chat::history::estimate_tokens,
    feature::Feature,
    ids::{JobId, UserId},
    quota::{
        EXPECTED_ANSWER_TOKENS, Limits, Payer,
        store::{self, Hold},
    },
    users,
};
use jobs::catalogue::AnswerMessage;
use tokio::sync::OnceCell;

use crate::{
    Context,
    providers::ChatRequest,
    router::{NotPaid, Purse},
};

/// How often a database that is away is asked again.
const TRIES: u32 = 20;

/// Takes the hold of one question at the moment of the first call with a shared key.
#[derive(Debug)]
pub(super) struct Wallet {
    db: Db,
    clock: Clock,
    job: JobId,
    user: UserId,
    feature: Feature,
    /// Who pays; `None` is who took the hold when the question was sent.
    payer: Option<Payer>,
    estimate: i64,
    opened: OnceCell<Result<(), NotPaid>>,
}

impl Wallet {
    pub(super) fn new(
        context: &Context,
        job: JobId,
        work: &AnswerMessage,
        feature: Feature,
        request: &ChatRequest,
    ) -> Self {
        let chars = request.turns.iter().map(|turn| turn.text.chars().count()).sum();
        let prompt = i64::try_from(estimate_tokens(chars)).unwrap_or(i64::MAX);
        Self {
            db: context.db.clone(),
            clock: context.clock.clone(),
            job,
            user: work.user,
            feature,
            payer: work.falls_back_to,
            estimate: prompt.saturating_add(EXPECTED_ANSWER_TOKENS),
            opened: OnceCell::new(),
        }
    }

    async fn hold(&self, payer: Payer) -> Result<(), NotPaid> {
        let mut problem = String::new();
        for _ in 0..TRIES {
            match self.try_hold(payer).await {
                Ok(Ok(())) => return Ok(()),
                Ok(Err(exceeded)) => return Err(NotPaid::Exceeded(exceeded)),
                Err(error) => {
                    problem = format!("the hold for a shared key could not be taken: {error}");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }
        }
        Err(NotPaid::Unknown(problem))
    }

    async fn try_hold(&self, payer: Payer) -> sqlx::Result<Result<(), domain::quota::Exceeded>> {
        let mut tx = self.db.begin_as(self.user).await?;
        let user = users::store::find(&mut tx, self.user).await?.ok_or(sqlx::Error::RowNotFound)?;
        let (tokens, day) = (self.estimate, self.clock.today());
        let hold = Hold { user: self.user, job: self.job, feature: self.feature, payer, tokens, day };
        let taken = store::fall_back(&mut tx, &hold, &Limits::of(user.plan)).await?;
        if taken.is_ok() {
            tx.commit().await?;
        }
        Ok(taken)
    }
}

#[async_trait]
impl Purse for Wallet {
    async fn open(&self) -> Result<(), NotPaid> {
        let Some(payer) = self.payer else { return Ok(()) };
        self.opened.get_or_init(|| self.hold(payer)).await.clone()
    }
}
