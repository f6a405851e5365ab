//! Answers a question, or makes the material of a command.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{documents::citations::Citation, feature::Feature};
use jobs::{
    answers,
    bus::{EventKind, EventWriter},
    catalogue::{AnswerMessage, RunCommand},
    queue::{Claimed, Outcome, Running},
};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::{
    Context,
    router::{AnswerEnd, Answered, Ask, NotPaid},
    tasks::{self, Question},
};

use super::{
    fallback_hold::{self, HoldTaker, Turn},
    found::{self, Waits},
    produce::{Product, produce},
    store::{self, Asked},
};

/// Loads the question, has it answered, and ends the job in the transaction that stores the answer.
pub(in crate::handlers) async fn answer(context: Context, running: Running, work: AnswerMessage) -> Outcome {
    let (context, running) = (&context, &running);
    let job = &running.job;
    let mut writer = EventWriter::new(context.bus.clone(), job.id, job.epoch);
    if let Some(outcome) = not_its_turn(context, job, &work, &mut writer).await {
        return outcome;
    }
    let (question, ()) =
        tokio::join!(tasks::load(context, work.user, work.question), begin(&mut writer, job));
    let question = match question {
        Ok(Some(question)) => question,
        // Its session was deleted: nobody waits for the answer.
        Ok(None) => return Outcome::Cancelled,
        Err(error) => return Outcome::Retry(format!("the question could not be loaded: {error:#}")),
    };
    if !question.passages.is_empty() {
        writer.send(EventKind::Citations, json!({ "citations": question.passages })).await;
    }
    let (answered, product) = ask(context, running, &work, &question, &mut writer).await;
    if let AnswerEnd::NotPaid(NotPaid::Unknown(problem)) = &answered.end {
        return Outcome::Retry(problem.clone());
    }
    if let AnswerEnd::Wait(until) = answered.end {
        return put_off(context, job, &work, &question.passages, &mut writer, until).await;
    }
    observe(context, job, question.feature, &writer, &answered);
    fallback_hold::note(context, question.feature, &question.request, &answered, product.calls());
    let asked = Asked { task: question.task, topic: question.topic, passages: question.passages, product };
    store::settle(context, job, &work, &writer, &answered, asked).await
}

/// Has it answered: within the time that the student's own key may take, and by a key that is proven to serve where those that
/// should do not.
async fn ask(
    context: &Context,
    running: &Running,
    work: &AnswerMessage,
    question: &Question,
    writer: &mut EventWriter,
) -> (Answered, Product) {
    let job = &running.job;
    let fallback_hold = HoldTaker::new(context, running, work, question.feature, &question.request);
    let stop = running.cancel.child_token();
    let passages = u32::try_from(question.passages.len()).ok().filter(|passages| *passages > 0);
    let ask = Ask {
        job: job.id,
        user: work.user,
        request_id: job.request_id.as_deref(),
        feature: question.serves,
        request: &question.request,
        // Items say by themselves what they are from.
        citable: passages.filter(|_| question.task.items().is_none()),
        asked: asked_at(context, job),
        cancel: &stop,
        fallback_hold: &fallback_hold,
    };
    let own = context.router.pool().has_own(work.user);
    let limit = own.then_some(context.own_key_answer_timeout);
    let producing = Box::pin(produce(context, ask, question, work.items, writer));
    let ((mut answered, mut product), late) = within(limit, &stop, producing).await;
    let late = late && !running.cancel.is_cancelled() && matches!(answered.end, AnswerEnd::Cancelled);
    if late {
        // What was said stands, as where a stream breaks off.
        let nothing = product.is_empty(writer);
        answered.end = if nothing { AnswerEnd::Exhausted(None) } else { AnswerEnd::Truncated };
    }
    let found_nobody = matches!(answered.end, AnswerEnd::Exhausted(_) | AnswerEnd::Truncated);
    // Before anybody reads of the end: what cannot serve any more is closed by then, and a key that does is asked.
    if found_nobody
        && !late
        && !context.router.pool().keeps_to_own(work.user)
        && context.router.confirm(question.serves).await
        && matches!(answered.end, AnswerEnd::Exhausted(_))
    {
        (answered, product) = Box::pin(produce(context, ask, question, work.items, writer)).await;
    }
    (answered, product)
}

/// The same for a command: what differs is the queue, and the feature of the message.
pub(in crate::handlers) async fn command(context: Context, running: Running, work: RunCommand) -> Outcome {
    answer(context, running, work.0).await
}

/// What becomes of a question whose turn has not come, or never will.
async fn not_its_turn(
    context: &Context,
    job: &Claimed,
    work: &AnswerMessage,
    writer: &mut EventWriter,
) -> Option<Outcome> {
    match fallback_hold::turn(context, job.id, work).await {
        Turn::Now => None,
        Turn::At(time) => {
            // It looks each second whether it may begin, and there is something to read from the first look on.
            if job.snoozes == 0 {
                found_meanwhile(context, job, work, writer).await;
            }
            writer.send(EventKind::Waiting, json!({ "retry_at": time, "reason": "own_answers" })).await;
            Some(Outcome::Snooze(time))
        }
        Turn::Never(NotPaid::Unknown(problem)) => Some(Outcome::Retry(problem)),
        Turn::Never(not_paid) => {
            let answered = Answered::of_none(AnswerEnd::NotPaid(not_paid));
            context.router.pool().ended("not_paid", None);
            Some(store::settle(context, job, work, writer, &answered, Asked::never()).await)
        }
    }
}

/// Puts a question off until a key may serve, with something to read until then.
async fn put_off(
    context: &Context,
    job: &Claimed,
    work: &AnswerMessage,
    passages: &[Citation],
    writer: &mut EventWriter,
    until: DateTime<Utc>,
) -> Outcome {
    let until = context.router.pool().turn(job.id, until).await;
    if !passages.is_empty()
        && let Err(error) = found::keep(context, &waits(job, work), passages).await
    {
        tracing::warn!(%error, "the passages of a question that waits are not stored");
    }
    writer.send(EventKind::Waiting, json!({ "retry_at": until, "reason": "no_key" })).await;
    Outcome::Snooze(until)
}

fn waits(job: &Claimed, work: &AnswerMessage) -> Waits {
    Waits { user: work.user, answer: work.answer, job: job.id, epoch: job.epoch }
}

/// Tells what there is to read for a question that waits before it was looked for. It waits without that as well.
async fn found_meanwhile(context: &Context, job: &Claimed, work: &AnswerMessage, writer: &mut EventWriter) {
    match found::find_and_keep(context, &waits(job, work), work.question).await {
        Ok(Some(found)) => writer.send(EventKind::Citations, json!({ "citations": found })).await,
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "nothing can be shown of a question that waits"),
    }
}

/// Stops an answer that takes longer than a student's own key may. Says also whether it did.
async fn within<T>(
    limit: Option<Duration>,
    stop: &CancellationToken,
    answering: impl Future<Output = T>,
) -> (T, bool) {
    let Some(limit) = limit else { return (answering.await, false) };
    let mut answering = std::pin::pin!(answering);
    match tokio::time::timeout(limit, answering.as_mut()).await {
        Ok(answered) => (answered, false),
        Err(_elapsed) => {
            stop.cancel();
            (answering.await, true)
        }
    }
}

/// Counts how it ended, and how long the student waited for the first word.
fn observe(context: &Context, job: &Claimed, feature: Feature, writer: &EventWriter, answered: &Answered) {
    let end = match answered.end {
        AnswerEnd::Complete { .. } => answers::COMPLETE,
        AnswerEnd::Truncated => "truncated",
        AnswerEnd::Blocked(_) => "blocked",
        AnswerEnd::Declined(_) => "refused",
        AnswerEnd::Cancelled => "cancelled",
        AnswerEnd::NotPaid(_) => "not_paid",
        AnswerEnd::Wait(_) | AnswerEnd::Exhausted(_) => "exhausted",
    };
    metrics::counter!("medai_answers_total", "feature" => feature.as_str(), "end" => end).increment(1);
    let first_token = writer.first_text_after().map(|after| job.age() + after);
    context.router.pool().ended(end, first_token);
    if let Some(waited) = first_token {
        metrics::histogram!("medai_time_to_first_token_seconds", "feature" => feature.as_str())
            .record(waited.as_secs_f64());
    }
}

/// When the student asked, however often it was put off since.
fn asked_at(context: &Context, job: &Claimed) -> DateTime<Utc> {
    context.clock.now() - TimeDelta::from_std(job.age()).unwrap_or_default()
}

/// Tells the readers that it begins; and, where an earlier start may have told them something, that
/// it begins anew.
async fn begin(writer: &mut EventWriter, job: &Claimed) {
    writer.send(EventKind::Started, json!({ "attempt": job.attempt })).await;
    if job.was_interrupted() {
        writer.restart().await;
    }
}
