//! Answers a question, or makes the material of a command.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    chat::{
        MessageRole, MessageStatus, history,
        messages::{self, Answer},
        sessions,
    },
    documents::citations::Citation,
    feature::Feature,
    ids::MessageId,
    images::{self, Image},
    quota::{self, Exceeded, store::Settlement},
};
use files::Name;
use jobs::{
    answers,
    bus::{EventKind, EventWriter, TerminalEvent, publish_ending},
    catalogue::{AnswerMessage, RunCommand},
    queue::{self, Claimed, Outcome, Running},
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::{
    Context, citation_markers,
    prompts::{self, Material},
    providers::{self, ChatRequest},
    retrieval,
    router::{AnswerEnd, Answered, Ask, Declined, NotPaid},
};

use super::{
    fallback_hold::{self, HoldTaker, Turn},
    found::{self, Waits},
};

/// How many of the student's messages are looked through for images.
const SEEN_TURNS: usize = 3;

/// More than any image that was kept.
const LARGEST_IMAGE: usize = 64 << 20;

/// How long a commit is tried again for before the job is left to another attempt.
const COMMIT_TRIES: u32 = 50;

/// Loads the question, has it answered, and ends the job in the transaction that stores the answer.
pub(super) async fn answer(context: Context, running: Running, work: AnswerMessage) -> Outcome {
    let (context, running) = (&context, &running);
    let job = &running.job;
    let mut writer = EventWriter::new(context.bus.clone(), job.id, job.epoch);
    if let Some(outcome) = not_its_turn(context, job, &work, &mut writer).await {
        return outcome;
    }
    let (question, ()) = tokio::join!(load(context, &work), begin(&mut writer, job));
    let Question { feature, serves, request, passages } = match question {
        Ok(Some(question)) => question,
        // Its session was deleted: nobody waits for the answer.
        Ok(None) => return Outcome::Cancelled,
        Err(error) => return Outcome::Retry(format!("the question could not be loaded: {error:#}")),
    };
    if !passages.is_empty() {
        writer.send(EventKind::Citations, json!({ "citations": passages })).await;
    }
    let fallback_hold = HoldTaker::new(context, running, &work, feature, &request);
    let stop = running.cancel.child_token();
    let ask = Ask {
        job: job.id,
        user: work.user,
        request_id: job.request_id.as_deref(),
        feature: serves,
        request: &request,
        citable: u32::try_from(passages.len()).ok().filter(|passages| *passages > 0),
        asked: asked_at(context, job),
        cancel: &stop,
        fallback_hold: &fallback_hold,
    };
    let own = context.router.pool().has_own(work.user);
    let limit = own.then_some(context.own_key_answer_timeout);
    let (mut answered, late) = within(limit, &stop, Box::pin(context.router.answer(ask, &mut writer))).await;
    let late = late && !running.cancel.is_cancelled() && matches!(answered.end, AnswerEnd::Cancelled);
    if late {
        // What was said stands, as where a stream breaks off.
        answered.end =
            if writer.text().is_empty() { AnswerEnd::Exhausted(None) } else { AnswerEnd::Truncated };
    }
    let found_nobody = matches!(answered.end, AnswerEnd::Exhausted(_) | AnswerEnd::Truncated);
    // Before anybody reads of the end: what cannot serve any more is closed by then, and a key that does is asked.
    if found_nobody
        && !late
        && !context.router.pool().keeps_to_own(work.user)
        && context.router.confirm(serves).await
        && matches!(answered.end, AnswerEnd::Exhausted(_))
    {
        answered = context.router.answer(ask, &mut writer).await;
    }
    if let AnswerEnd::NotPaid(NotPaid::Unknown(problem)) = &answered.end {
        return Outcome::Retry(problem.clone());
    }
    if let AnswerEnd::Wait(until) = answered.end {
        return put_off(context, job, &work, &passages, &mut writer, until).await;
    }
    observe(context, job, feature, &writer, &answered);
    fallback_hold::note(context, feature, &request, &answered);
    settle(context, job, &work, &writer, &answered, passages).await
}

/// The same for a command: what differs is the queue, and the feature of the message.
pub(super) async fn command(context: Context, running: Running, work: RunCommand) -> Outcome {
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
            Some(settle(context, job, work, writer, &answered, Vec::new()).await)
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
async fn within(
    limit: Option<Duration>,
    stop: &CancellationToken,
    answering: impl Future<Output = Answered>,
) -> (Answered, bool) {
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

/// A question, ready to be asked.
struct Question {
    /// What it was sent to.
    feature: Feature,
    /// What keys are chosen by: those that can see, where the question itself shows something.
    serves: Feature,
    request: ChatRequest,
    /// What the answer may cite.
    passages: Vec<Citation>,
}

async fn load(context: &Context, work: &AnswerMessage) -> anyhow::Result<Option<Question>> {
    let mut tx = context.db.begin_as(work.user).await?;
    let turns = history::load(&mut tx, work.question).await?;
    let sources = sessions::sources(&mut tx, work.question).await?.unwrap_or_default();
    let shown = if sources.pictured {
        let asked = turns.iter().filter(|turn| turn.role == MessageRole::User).map(|turn| turn.id);
        images::of_messages(&mut tx, &asked.take(SEEN_TURNS).collect::<Vec<_>>()).await?
    } else {
        Vec::new()
    };
    let cited = history::cited(&mut tx, &turns).await?;
    // Nothing was written, so there is nothing to wait for.
    drop(tx);
    let Some(feature) = turns.first().map(|turn| turn.feature) else { return Ok(None) };
    let mut material = Material { images: open(context, shown).await?, cited, ..Material::default() };
    if feature == Feature::Chat && sources.grounded {
        let only = sources.documents.as_deref();
        material.passages = retrieval::passages(context, work.user, &turns, only).await?;
    }
    let request = prompts::request(feature, turns, &material);
    let pictured = request.turns.last().is_some_and(|turn| !turn.images.is_empty());
    let serves = if pictured { Feature::Image } else { feature };
    Ok(Some(Question { feature, serves, request, passages: material.passages }))
}

/// Reads images from the store, the latest first, as many as one question may take along.
async fn open(
    context: &Context,
    shown: Vec<(MessageId, Image)>,
) -> anyhow::Result<Vec<(MessageId, providers::Image)>> {
    let mut opened = Vec::new();
    for (message, image) in shown.into_iter().rev().take(images::MOST_OF_A_MESSAGE) {
        let file = context.files.read_whole(Name::Image(image.id), LARGEST_IMAGE).await?;
        let Some(file) = file else { continue };
        let base64 = STANDARD.encode(file).into();
        opened.push((message, providers::Image { content_type: image.content_type, base64 }));
    }
    opened.reverse();
    Ok(opened)
}

/// What is stored of an answer, and told about it.
struct Conclusion<'a> {
    status: MessageStatus,
    content: &'a str,
    error: Option<Value>,
    /// The passages that the text cites.
    citations: Vec<Citation>,
    /// Whether the student pays for what was delivered.
    charged: bool,
    ending: TerminalEvent,
}

async fn settle(
    context: &Context,
    job: &Claimed,
    work: &AnswerMessage,
    writer: &EventWriter,
    answered: &Answered,
    passages: Vec<Citation>,
) -> Outcome {
    // Nobody knows which part of the prompt the model saw.
    let passages = if answered.prompt_cut { Vec::new() } else { passages };
    let cited = citation_markers::cited(writer.text(), u32::try_from(passages.len()).unwrap_or(u32::MAX));
    // Where nobody could answer, there is something to read all the same.
    let unanswered = matches!(answered.end, AnswerEnd::Exhausted(_)) && writer.text().is_empty();
    let citations = passages
        .into_iter()
        .filter(|passage| unanswered || cited.contains(&passage.n))
        .map(Citation::without_text);
    let result = Conclusion { citations: citations.collect(), ..conclude(work, writer, answered) };
    for attempt in 1..=COMMIT_TRIES {
        match store(context, job, work, answered, &result).await {
            Ok(true) => return Outcome::Ended,
            Ok(false) => return superseded(context, job, &result).await,
            Err(error) => {
                tracing::warn!(%error, attempt, "the answer waits for the database");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
    Outcome::Retry("the answer could not be stored".to_owned())
}

/// Message, ledger and job, all or nothing. False where the job is another worker's by now.
async fn store(
    context: &Context,
    job: &Claimed,
    work: &AnswerMessage,
    answered: &Answered,
    result: &Conclusion<'_>,
) -> sqlx::Result<bool> {
    let by = answered.by.as_ref();
    let provider = by.map(|by| by.provider.as_str());
    let model = by.map(|by| by.model.as_str());
    let tokens = |count| i32::try_from(count).unwrap_or(i32::MAX);
    let answer = Answer {
        content: result.content,
        provider,
        model,
        prompt_tokens: result.charged.then(|| tokens(answered.usage.prompt)),
        completion_tokens: result.charged.then(|| tokens(answered.usage.completion)),
        tokens_exact: result.charged.then_some(answered.usage.exact),
        citations: result.citations.clone(),
        error: result.error.clone(),
    };
    let settlement = Settlement {
        prompt_tokens: if result.charged { i64::from(answered.usage.prompt) } else { 0 },
        completion_tokens: if result.charged { i64::from(answered.usage.completion) } else { 0 },
        exact: answered.usage.exact,
        provider,
        model,
        key: by.map(|by| by.key),
        abandoned_calls: tokens(answered.abandoned.calls),
        abandoned_tokens: i64::from(answered.abandoned.tokens),
    };
    let tx = context.db.begin_as(work.user).await?;
    queue::finish(tx, &context.bus, job, &result.ending, async |tx| {
        messages::finish(tx, job.id, work.answer, result.status, &answer).await?;
        if by.is_some_and(|by| by.own) {
            quota::store::pay_by_own_key(tx, job.id).await?;
        }
        if result.charged {
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
async fn superseded(context: &Context, job: &Claimed, result: &Conclusion<'_>) -> Outcome {
    let stored = async {
        let mut conn = context.db.pool().acquire().await?;
        queue::record::find(&mut conn, job.id).await
    };
    match stored.await {
        Ok(Some(record)) if record.ending().as_ref() == Some(&result.ending) => {
            publish_ending(&context.bus, job.id, &result.ending).await;
        }
        _ => tracing::warn!("a late answer was refused: another worker has this job"),
    }
    Outcome::Ended
}

fn conclude<'a>(work: &AnswerMessage, writer: &'a EventWriter, answered: &Answered) -> Conclusion<'a> {
    let message = json!(work.answer);
    let usage = json!({
        "prompt_tokens": answered.usage.prompt,
        "completion_tokens": answered.usage.completion,
        "exact": answered.usage.exact,
    });
    let provider = answered.by.as_ref().map(|by| by.provider);
    let told = |status, kind, data| Conclusion {
        status,
        content: writer.text(),
        error: None,
        citations: Vec::new(),
        charged: true,
        ending: writer.ending(kind, data),
    };
    match &answered.end {
        AnswerEnd::Complete { at_length } => {
            let reason = if *at_length { "length" } else { "stop" };
            let data = json!({
                "message_id": message, "usage": usage, "provider": provider, "finish_reason": reason,
            });
            told(MessageStatus::Complete, EventKind::Done, with_left_out(data, answered))
        }
        AnswerEnd::Truncated => told(
            MessageStatus::Truncated,
            EventKind::Truncated,
            json!({ "message_id": message, "usage": usage, "provider": provider }),
        ),
        // What was delivered before the student stopped it is charged, and nothing else.
        AnswerEnd::Cancelled => Conclusion {
            charged: !writer.text().is_empty(),
            ..told(
                MessageStatus::Cancelled,
                EventKind::Cancelled,
                json!({ "message_id": message, "usage": usage }),
            )
        },
        AnswerEnd::Blocked(reason) => {
            const DECLINED: &str = "The AI provider declined to answer this. Please rephrase your question.";
            let error = json!({ "code": "BLOCKED", "message": DECLINED, "details": { "reason": reason } });
            Conclusion {
                error: Some(error),
                charged: answered.by.is_some(),
                ..told(
                    MessageStatus::Blocked,
                    EventKind::Blocked,
                    json!({ "message_id": message, "reason": reason, "message": DECLINED }),
                )
            }
        }
        AnswerEnd::Declined(why) => failed(writer, &message, &declined(*why)),
        AnswerEnd::Wait(back) => failed(writer, &message, &exhausted(Some(*back))),
        AnswerEnd::Exhausted(back) => failed(writer, &message, &exhausted(*back)),
        AnswerEnd::NotPaid(NotPaid::Exceeded(exceeded)) => failed(writer, &message, &limit_reached(exceeded)),
        AnswerEnd::NotPaid(NotPaid::Closed) => failed(writer, &message, &closed()),
        AnswerEnd::NotPaid(NotPaid::Unknown(_)) => failed(writer, &message, &exhausted(None)),
    }
}

/// Says how many pictures the model was not shown, where there are any.
fn with_left_out(mut data: Value, answered: &Answered) -> Value {
    if answered.pictures_left_out > 0
        && let Some(data) = data.as_object_mut()
    {
        data.insert("pictures_left_out".to_owned(), json!(answered.pictures_left_out));
    }
    data
}

fn failed<'a>(writer: &'a EventWriter, message: &Value, error: &Value) -> Conclusion<'a> {
    let mut data = error.clone();
    if let Some(data) = data.as_object_mut() {
        data.insert("message_id".to_owned(), message.clone());
    }
    Conclusion {
        status: MessageStatus::Failed,
        content: "",
        error: Some(error.clone()),
        citations: Vec::new(),
        charged: false,
        ending: writer.ending(EventKind::Error, data),
    }
}

/// The envelope that the API would have answered with.
fn limit_reached(exceeded: &Exceeded) -> Value {
    json!({
        "code": exceeded.code(),
        "message": exceeded.message(),
        "details": exceeded.details(),
        "action": "upgrade",
        "upgrade_url": "/pricing",
    })
}

fn declined(why: Declined) -> Value {
    let (code, message) = match why {
        Declined::TooLong => (
            "BAD_REQUEST",
            "This is too long for the AI providers that can answer now. Try a shorter question, or start a new conversation.",
        ),
        Declined::Picture => (
            "BAD_REQUEST",
            "No AI provider that can answer now understands pictures. Describe what you see, or try again later.",
        ),
        Declined::Request => (
            "BAD_REQUEST",
            "No AI provider could take this request. The admins can see why. It may help to ask in other words, or in a new conversation.",
        ),
        Declined::Withheld => (
            "PROVIDERS_EXHAUSTED",
            "The AI provider stopped before it gave an answer, for reasons of its own. Nothing is wrong with your question. Please try again, or ask in other words.",
        ),
        Declined::NoWord => (
            "PROVIDERS_EXHAUSTED",
            "The AI model thought until it had no room left for an answer. Please try again, or ask for less at once.",
        ),
    };
    json!({ "code": code, "message": message })
}

/// The student's own key does not serve, and the platform's are not to be had for this now.
fn closed() -> Value {
    json!({
        "code": "FEATURE_UNAVAILABLE",
        "message": "Your own key could not answer, and this feature is closed at the moment. Please try again later.",
    })
}

fn exhausted(back: Option<DateTime<Utc>>) -> Value {
    match back {
        Some(back) => json!({
            "code": "PROVIDERS_EXHAUSTED",
            "message": format!(
                "All AI providers are out of quota. Answers will be available again at {} UTC.",
                back.format("%Y-%m-%d %H:%M")
            ),
            "details": { "retry_at": back },
        }),
        None => json!({
            "code": "PROVIDERS_EXHAUSTED",
            "message": "No AI provider can answer right now. Please try again later.",
        }),
    }
}
