//! The end of an answer: message, ledger and job in one transaction.

use std::time::Duration;

use domain::{
    chat::messages::Answer,
    documents::citations::Citation,
    feature::Feature,
    quota::{self, store::Settlement},
};
use jobs::{
    bus::{EventWriter, publish_ending},
    catalogue::AnswerMessage,
    queue::{self, Claimed, Outcome},
};

use super::conclusion::{Conclusion, conclude};
use crate::{
    Context,
    router::{AnswerEnd, Answered},
    tasks::{self, Made, Task},
};

/// How long a commit is tried again for before the job is left to another attempt.
const COMMIT_TRIES: u32 = 50;

/// How an answer was asked for.
pub(super) struct Asked {
    pub(super) task: &'static dyn Task,
    /// What it could cite.
    pub(super) passages: Vec<Citation>,
}

impl Asked {
    /// Of a question that never came to be asked.
    pub(super) fn never() -> Self {
        Self { task: tasks::of(Feature::Chat), passages: Vec::new() }
    }
}

/// Ends the job with its answer. A database that is away is waited for.
pub(super) async fn settle(
    context: &Context,
    job: &Claimed,
    work: &AnswerMessage,
    writer: &EventWriter,
    answered: &Answered,
    asked: Asked,
) -> Outcome {
    let task = asked.task;
    // Nobody knows which part of the prompt the model saw.
    let passages = if answered.prompt_cut { Vec::new() } else { asked.passages };
    // Where nobody could answer, there is something to read all the same.
    let unanswered = matches!(answered.end, AnswerEnd::Exhausted(_)) && writer.text().is_empty();
    let sources = if unanswered { passages } else { task.sources(writer.text(), passages) };
    let citations: Vec<_> = sources.into_iter().map(Citation::without_text).collect();
    let conclusion = conclude(work.answer, writer, answered);
    for attempt in 1..=COMMIT_TRIES {
        match store(context, job, work, task, answered, &conclusion, &citations).await {
            Ok(true) => return Outcome::Ended,
            Ok(false) => return superseded(context, job, &conclusion).await,
            Err(error) => {
                tracing::warn!(%error, attempt, "the answer waits for the database");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
    Outcome::Retry("the answer could not be stored".to_owned())
}

/// Result, ledger and job, all or nothing. False where the job is another worker's by now.
async fn store(
    context: &Context,
    job: &Claimed,
    work: &AnswerMessage,
    task: &'static dyn Task,
    answered: &Answered,
    conclusion: &Conclusion<'_>,
    citations: &[Citation],
) -> sqlx::Result<bool> {
    let Conclusion { status, content, charged, ref error, ref ending } = *conclusion;
    let by = answered.by.as_ref();
    let provider = by.map(|by| by.provider.as_str());
    let model = by.map(|by| by.model.as_str());
    let tokens = |count| i32::try_from(count).unwrap_or(i32::MAX);
    let answer = Answer {
        content,
        provider,
        model,
        prompt: by.map(|_| task.prompt().name()),
        prompt_tokens: charged.then(|| tokens(answered.usage.prompt)),
        completion_tokens: charged.then(|| tokens(answered.usage.completion)),
        tokens_exact: charged.then_some(answered.usage.exact),
        citations: citations.to_vec(),
        error: error.clone(),
    };
    let settlement = Settlement {
        prompt_tokens: if charged { i64::from(answered.usage.prompt) } else { 0 },
        completion_tokens: if charged { i64::from(answered.usage.completion) } else { 0 },
        exact: answered.usage.exact,
        provider,
        model,
        key: by.map(|by| by.key),
        abandoned_calls: tokens(answered.abandoned.calls),
        abandoned_tokens: i64::from(answered.abandoned.tokens),
    };
    let made = Made { job: job.id, message: work.answer, status, answer: &answer };
    let tx = context.db.begin_as(work.user).await?;
    queue::finish(tx, &context.bus, job, ending, async |tx| {
        task.store(tx, &made).await?;
        if by.is_some_and(|by| by.own) {
            quota::store::pay_by_own_key(tx, job.id).await?;
        }
        if charged {
            quota::store::settle(tx, job.id, &settlement).await?;
        } else {
            quota::store::release(tx, job.id, &settlement).await?;
        }
        Ok(())
    })
    .await
}

/// The job was not ours to end: either another worker has it, or a commit whose answer was lost did
/// go through; then its end is still to be told.
async fn superseded(context: &Context, job: &Claimed, conclusion: &Conclusion<'_>) -> Outcome {
    let stored = async {
        let mut conn = context.db.pool().acquire().await?;
        queue::record::find(&mut conn, job.id).await
    };
    match stored.await {
        Ok(Some(record)) if record.ending().as_ref() == Some(&conclusion.ending) => {
            publish_ending(&context.bus, job.id, &conclusion.ending).await;
        }
        _ => tracing::warn!("a late answer was refused: another worker has this job"),
    }
    Outcome::Ended
}
