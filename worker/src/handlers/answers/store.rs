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
use study::store::made_items;

use super::{
    conclusion::{Conclusion, conclude},
    produce::{Items, Product},
};
use crate::{
    Context,
    making::{By, Keep},
    router::{AnswerEnd, Answered},
    tasks::{self, Task, TaskResult},
};

/// How long a commit is tried again for before the job is left to another attempt.
const COMMIT_TRIES: u32 = 50;

/// How an answer was asked for.
pub(super) struct Asked {
    pub(super) task: &'static dyn Task,
    /// What it is about, where it was a command.
    pub(super) topic: String,
    /// What it could cite.
    pub(super) passages: Vec<Citation>,
    pub(super) product: Product,
}

impl Asked {
    /// Of a question that never came to be asked.
    pub(super) fn never() -> Self {
        Self {
            task: tasks::of(Feature::Chat),
            topic: String::new(),
            passages: Vec::new(),
            product: Product::Text,
        }
    }
}

/// Ends the job with its answer. A database that is away is waited for.
pub(super) async fn settle(
    context: &Context,
    job: &Claimed,
    work: &AnswerMessage,
    writer: &EventWriter,
    answered: &Answered,
    question: Asked,
) -> Outcome {
    let Asked { task, topic, passages, product } = question;
    // Nobody knows which part of the prompt the model saw.
    let passages = if answered.prompt_cut { Vec::new() } else { passages };
    // Where nobody could answer, there is something to read all the same.
    let unanswered = matches!(answered.end, AnswerEnd::Exhausted(_)) && product.is_empty(writer);
    let sources = if unanswered { passages } else { task.sources(writer.text(), passages) };
    let citations: Vec<_> = sources.into_iter().map(Citation::without_text).collect();
    let markdown = product.content(writer);
    let conclusion = conclude(work.answer, writer, answered, &markdown, &product);
    let whole =
        Ended { task, topic: &topic, product: &product, conclusion: &conclusion, citations: &citations };
    for attempt in 1..=COMMIT_TRIES {
        match store(context, job, work, answered, &whole).await {
            Ok(true) => {
                count(context, &whole, answered).await;
                return Outcome::Ended;
            }
            Ok(false) => return superseded(context, job, &conclusion).await,
            Err(error) => {
                tracing::warn!(%error, attempt, "the answer waits for the database");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
    Outcome::Retry("the answer could not be stored".to_owned())
}

/// How it ended, and all that is stored of it.
struct Ended<'a> {
    task: &'static dyn Task,
    topic: &'a str,
    product: &'a Product,
    conclusion: &'a Conclusion<'a>,
    citations: &'a [Citation],
}

/// Result, ledger and job, all or nothing. False where the job is another worker's by now.
async fn store(
    context: &Context,
    job: &Claimed,
    work: &AnswerMessage,
    answered: &Answered,
    ended: &Ended<'_>,
) -> sqlx::Result<bool> {
    let &Ended { task, topic, product, conclusion, citations } = ended;
    let Conclusion { status, content, charged, ref error, ref ending } = *conclusion;
    let by = answered.by.as_ref();
    let provider = by.map(|by| by.provider.as_str());
    let model = by.map(|by| by.model.as_str());
    let tokens = |count| i32::try_from(count).unwrap_or(i32::MAX);
    let items = match product {
        Product::Items(items) if !items.all.is_empty() && error.is_none() => Some(items),
        _ => None,
    };
    let events = items.map(Items::events);
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
        items: events.as_deref(),
        material: items.map(|items| items.material),
    };
    let settlement = Settlement {
        items: product.counted(),
        prompt_tokens: if charged { i64::from(answered.usage.prompt) } else { 0 },
        completion_tokens: if charged { i64::from(answered.usage.completion) } else { 0 },
        exact: answered.usage.exact,
        provider,
        model,
        key: by.map(|by| by.key),
        abandoned_calls: tokens(answered.abandoned.calls),
        abandoned_tokens: i64::from(answered.abandoned.tokens),
    };
    let result = TaskResult { job: job.id, message: work.answer, status, answer: &answer };
    let tx = context.db.begin_as(work.user).await?;
    queue::finish(tx, &context.bus, job, ending, async |tx| {
        let wanted = task.store(tx, &result).await?;
        if let (true, Some(items), Some(by)) = (wanted, items, by) {
            let (provider, model) = (by.provider.as_str(), by.model.as_str());
            let by = By { provider, model, prompt: task.prompt().name() };
            let (user, message, material) = (work.user, work.answer, items.material);
            let keep = Keep { user, topic, message, by, material, items: &items.all };
            items.kind.keep(tx, &keep).await?;
        }
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

/// Counts how good what was made is, by who made it. That it is counted is not worth an answer.
async fn count(context: &Context, ended: &Ended<'_>, answered: &Answered) {
    let (Product::Items(items), Some(by)) = (ended.product, &answered.by) else { return };
    let by = By { provider: by.provider.as_str(), model: &by.model, prompt: ended.task.prompt().name() };
    let counted = async {
        let mut tx = context.db.begin_platform().await?;
        let (day, feature) = (context.clock.today(), ended.task.feature());
        made_items::add(&mut tx, day, feature, &by.maker(), &items.counts()).await?;
        tx.commit().await
    };
    if let Err(error) = counted.await {
        tracing::warn!(%error, "what was made is not counted");
    }
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
