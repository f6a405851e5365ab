//! Fits the parameters of FSRS to a student's reviews, keeps them where they predict better, and makes anew what is
//! remembered of each card.

use ::study::{
    scheduling::fitting::{Fitting, fit},
    store::{fitting, settings},
};
use domain::{Tx, ids::CardId};
use jobs::{
    catalogue::FitParameters,
    queue::{Outcome, Running, record},
};
use serde_json::json;

use crate::Context;

/// How many cards are made anew between two commits.
const BATCH: i64 = 500;

/// Why it goes no further.
enum Stop {
    /// Another run has this job now.
    Superseded,
    /// It may work later.
    Retry(String),
}

impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        Self::Retry(error.to_string())
    }
}

/// Fits, and makes memories anew; these also where nothing better was found, since a run before may have stopped between.
pub(in crate::handlers) async fn fit_parameters(
    context: Context,
    running: Running,
    work: FitParameters,
) -> Outcome {
    let done = tokio::select! {
        biased;
        () = running.cancel.cancelled() => return Outcome::Cancelled,
        done = fit_and_rebuild(&context, &running, &work) => done,
    };
    match done {
        Ok(()) => Outcome::Done,
        Err(Stop::Superseded) => Outcome::Ended,
        Err(Stop::Retry(reason)) => Outcome::Retry(reason),
    }
}

async fn fit_and_rebuild(context: &Context, running: &Running, work: &FitParameters) -> Result<(), Stop> {
    let now = context.clock.now();
    let mut tx = context.db.begin_as(work.user).await?;
    let in_use = settings::find(&mut tx, work.user).await?.parameters;
    let histories = fitting::histories(&mut tx, work.user).await?;
    // Before it is tried: what makes the crate panic would be tried with each review otherwise.
    fitting::set_tried(&mut tx, work.user, now, histories.iter().map(Vec::len).sum()).await?;
    still_ours(&mut tx, running, 0).await?;
    tx.commit().await?;
    let fitted = tokio::task::spawn_blocking(move || fit(&histories, &in_use)).await;
    let fitted = fitted.map_err(|panicked| Stop::Retry(panicked.to_string()))?;
    if let Fitting::Better { parameters, before, after } = fitted {
        let mut tx = context.db.begin_as(work.user).await?;
        fitting::set_parameters(&mut tx, work.user, &parameters, before, after).await?;
        still_ours(&mut tx, running, 0).await?;
        tx.commit().await?;
    }
    rebuild(context, running, work).await
}

async fn rebuild(context: &Context, running: &Running, work: &FitParameters) -> Result<(), Stop> {
    let (mut last, mut batches): (Option<CardId>, u64) = (None, 0);
    loop {
        let mut tx = context.db.begin_as(work.user).await?;
        let next = fitting::rebuild_after(&mut tx, work.user, last, BATCH).await?;
        batches += 1;
        still_ours(&mut tx, running, batches).await?;
        tx.commit().await?;
        match next {
            Some(next) => last = Some(next),
            None => return Ok(()),
        }
    }
}

/// Tells how far it is, unless another run has the job now: then nothing of this one may be stored.
async fn still_ours(tx: &mut Tx, running: &Running, batches: u64) -> Result<(), Stop> {
    let progress = json!({ "batches_done": batches });
    let ours = record::set_progress(tx, running.job.id, running.job.epoch, &progress).await?;
    if ours { Ok(()) } else { Err(Stop::Superseded) }
}
