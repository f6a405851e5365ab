//! What sending, regenerating and editing have in common: a hold, a job, and the answer to the
//! caller, who gets a receipt, or the events themselves if they ask for a stream.

use axum::{
    Json,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::TimeDelta;
use domain::{
    Tx,
    chat::{
        Message,
        command::{self, Parsed},
        history::{self, BUDGET_TOKENS, CHARS_PER_TOKEN},
        idempotency::{self, Earlier},
        messages::{self, Exchange, ONE_PENDING},
        sessions::Place,
    },
    documents::PASSAGE_TOKENS,
    feature::Feature,
    ids::{ImageId, JobId, MessageId, UserId},
    images,
    keys::own,
    platform_status::Pass,
    quota::{
        Payer,
        costs::{self, Estimate},
        store::{self, Hold, Start},
    },
};
use jobs::{
    Job as _, Queue,
    catalogue::{AnswerMessage, FindPassages, RunCommand},
    queue::{Enqueue, control, record::JobState},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::MessageView;
use crate::{
    App,
    caller::SignedInUser,
    error::{ApiError, ApiResult},
    places,
    server::request_id,
    sse,
};

/// The receipt of a question.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Accepted {
    /// The question as stored.
    message: MessageView,
    /// The message that will be its answer; it waits until then.
    answer_id: MessageId,
    /// Who answers it.
    job: JobRef,
    /// Where the answer arrives.
    events_url: String,
}

/// A job in a receipt.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobRef {
    id: JobId,
    state: JobState,
}

impl JobRef {
    /// Of a job in this state.
    pub(crate) const fn new(id: JobId, state: JobState) -> Self {
        Self { id, state }
    }
}

/// What a message is sent to: the chat, or the feature of its command.
///
/// # Errors
/// Where it starts with `/` and is no command, or one without a topic.
pub(super) fn feature_of(content: &str) -> ApiResult<Feature> {
    match command::parse(content) {
        Ok(Parsed::Question) => Ok(Feature::Chat),
        Ok(Parsed::Command { feature, .. }) => Ok(feature),
        Err(problem) => Err(ApiError::field("content", problem.to_string())),
    }
}

/// A question on its way to its job.
pub(super) struct Asked<'a> {
    pub(super) student: &'a SignedInUser,
    /// What lets it use its feature.
    pub(super) pass: &'a Pass,
    pub(super) content: &'a str,
    /// Characters of the conversation that it takes along.
    pub(super) history_chars: i64,
    /// Whether it may take passages of documents along.
    pub(super) grounded: bool,
    pub(super) job: JobId,
    pub(super) question: MessageId,
    pub(super) answer: MessageId,
}

/// A question whose job is enqueued.
pub(super) struct Queued {
    pub(super) message: Message,
    pub(super) answer: MessageId,
    pub(super) job: JobId,
    pub(super) queue: Queue,
}

/// Stores a question with its pending answer, takes the hold and enqueues the job. After an error the
/// transaction must be rolled back.
pub(super) async fn ask(
    app: &App,
    tx: &mut Tx,
    student: &SignedInUser,
    pass: &Pass,
    exchange: &Exchange<'_>,
    place: &Place,
    attachments: &[ImageId],
) -> ApiResult<Queued> {
    let (message, answer) = messages::insert_exchange(tx, exchange).await.map_err(conflict_if_pending)?;
    if !attachments.is_empty()
        && images::attach(tx, message.id, attachments).await? != attachments.len() as u64
    {
        return Err(ApiError::field("attachments", "names an image that is not there, or was sent before"));
    }
    let &Exchange { id: question, content, job, .. } = exchange;
    let &Place { history_chars, grounded, .. } = place;
    let asked = Asked { student, pass, content, history_chars, grounded, job, question, answer };
    let queue = hold_and_enqueue(app, tx, &asked).await?;
    Ok(Queued { message, answer, job, queue })
}

/// Takes the hold and enqueues the job; says where. After an error the transaction must be rolled back.
pub(super) async fn hold_and_enqueue(app: &App, tx: &mut Tx, asked: &Asked<'_>) -> ApiResult<Queue> {
    let &Asked { student, pass, job, question, answer, .. } = asked;
    let feature = pass.feature();
    // Their own key costs no platform tokens; a worker that falls back from it takes a hold at that moment.
    let falls_back_to = student.has_own_key.then(|| student.payer());
    if student.has_own_key {
        require_own_answers(app, tx, student).await?;
    }
    let payer = if student.has_own_key { Payer::OwnKey } else { student.payer() };
    let items = items(app, tx, asked, payer).await?;
    let Estimate { expected, at_most } = estimate(tx, asked, items).await?;
    let hold = Hold {
        user: student.id,
        job,
        payer,
        items: items.map_or(1, i64::from),
        tokens: expected,
        at_most,
        day: app.clock.today(),
    };
    let start = store::hold(tx, &hold, pass).await?.map_err(ApiError::Exceeded)?;
    let waits_for = (start == Start::Later).then_some(at_most);
    let user = student.id;
    // Also one that is degraded may come to serve, and then as slowly as its owner likes.
    let own_key = student.has_own_key || own::may_serve(tx, user).await?;
    let (enqueue, queue) = if feature == Feature::Chat {
        let job = AnswerMessage { user, question, answer, falls_back_to, own_key, waits_for, items };
        (Enqueue::new(&job), job.queue())
    } else {
        let job =
            RunCommand(AnswerMessage { user, question, answer, falls_back_to, own_key, waits_for, items });
        (Enqueue::new(&job), job.queue())
    };
    // Workers are woken by the notifier, after the commit.
    enqueue.with_id(job).on_behalf_of(request_id().as_deref()).silently().run(tx).await?;
    if feature == Feature::Chat && asked.grounded && control::is_paused(tx, queue).await? {
        let found = FindPassages { user, question, answer, job };
        Enqueue::new(&found).on_behalf_of(request_id().as_deref()).run(tx).await?;
    }
    Ok(queue)
}

/// Answers by own keys cost the platform no tokens and count in no plan, but time: so many an hour.
async fn require_own_answers(app: &App, tx: &mut Tx, student: &SignedInUser) -> ApiResult<()> {
    let (now, most) = (app.clock.now(), app.settings.own_key_answers_per_hour);
    let since = now - TimeDelta::hours(1);
    match own::answers_since(tx, student.id, since, most).await? {
        Some(first) => Err(ApiError::rate_limited(now, first + TimeDelta::hours(1))),
        None => Ok(()),
    }
}

/// How many items a command makes, where it counts by the item: fewer than were asked for where the day has fewer left. Where
/// it has none, the hold says so.
async fn items(app: &App, tx: &mut Tx, asked: &Asked<'_>, payer: Payer) -> ApiResult<Option<u32>> {
    let feature = asked.pass.feature();
    let (Some(_), Ok(Parsed::Command { amount, .. })) =
        (command::usual_amount(feature), command::parse(asked.content))
    else {
        return Ok(None);
    };
    if payer != Payer::Plan {
        return Ok(Some(amount));
    }
    let left = store::items_left(tx, asked.student.id, app.clock.today(), asked.pass).await?;
    let left = left.map_or(amount, |left| u32::try_from(left).unwrap_or(u32::MAX));
    Ok(Some(amount.min(left.max(1))))
}

/// Tokens that a question will take, by what answers of its feature took lately. Settling puts it right.
async fn estimate(tx: &mut Tx, asked: &Asked<'_>, items: Option<u32>) -> sqlx::Result<Estimate> {
    let feature = asked.pass.feature();
    let history = usize::try_from(asked.history_chars).unwrap_or(0).min(BUDGET_TOKENS * CHARS_PER_TOKEN);
    // A command stands alone.
    let around =
        if feature == Feature::Chat { history::SYSTEM_CHARS + history } else { history::COMMAND_CHARS };
    let mut chars = asked.content.chars().count() + around;
    if asked.grounded {
        chars += history::SOURCES_CHARS + PASSAGE_TOKENS * CHARS_PER_TOKEN;
    }
    let one = costs::read(tx, feature).await?.estimate(chars, asked.pass.limits());
    // What is remembered is what a call took.
    let calls = i64::from(items.unwrap_or(1).div_ceil(command::items_per_call(feature)));
    let day = asked.pass.limits().tokens.unwrap_or(i64::MAX);
    let expected = one.expected.saturating_mul(calls).min(day.max(one.expected));
    Ok(Estimate { expected, at_most: one.at_most.saturating_mul(calls) })
}

/// A second answer in one session is a conflict, and anything else is ours.
pub(super) fn conflict_if_pending(error: sqlx::Error) -> ApiError {
    let pending = error.as_database_error().is_some_and(|error| error.constraint() == Some(ONE_PENDING));
    if pending {
        ApiError::Conflict("An answer is still being written in this conversation. Wait for it, or stop it.")
    } else {
        error.into()
    }
}

/// Wakes a worker and answers the caller about a job that was just committed: with a receipt, or with the events where they
/// asked for a stream.
pub(super) async fn reply(
    app: App,
    student: &SignedInUser,
    place: Option<places::Place>,
    Queued { message, answer, job, queue }: Queued,
) -> Response {
    app.notifier.ring(queue);
    match place {
        Some(place) => sse::stream_new(app, student, job, place).await,
        None => receipt(message, answer, job, JobState::Ready),
    }
}

/// Answers the caller about a job that an earlier request made.
pub(super) async fn reply_again(
    app: App,
    student: &SignedInUser,
    place: Option<places::Place>,
    (message, answer): (Message, MessageId),
    job: JobId,
    state: JobState,
) -> ApiResult<Response> {
    match place {
        Some(place) => sse::stream(app, student, job, None, place).await,
        None => Ok(receipt(message, answer, job, state)),
    }
}

fn receipt(message: Message, answer_id: MessageId, job: JobId, state: JobState) -> Response {
    let events_url = format!("/api/jobs/{job}/events");
    let accepted =
        Accepted { message: message.into(), answer_id, job: JobRef { id: job, state }, events_url };
    (StatusCode::ACCEPTED, Json(accepted)).into_response()
}

/// A place for the stream that a caller asked for, if they did. Asked for first: who has none shall not be charged.
pub(super) fn reader(
    app: &App,
    student: &SignedInUser,
    headers: &HeaderMap,
) -> ApiResult<Option<places::Place>> {
    if wants_stream(headers) { app.streams.take(student.id).map(Some) } else { Ok(None) }
}

fn wants_stream(headers: &HeaderMap) -> bool {
    let accept = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accept.flat_map(|value| value.split(',')).any(|media| {
        media.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case("text/event-stream"))
    })
}

/// The `Idempotency-Key` of a request.
///
/// # Errors
/// Where it is longer than 255 characters, or not plain text.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> ApiResult<Option<&str>> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| (1..=255).contains(&key.len()));
    key.map(Some)
        .ok_or_else(|| ApiError::BadRequest("Idempotency-Key must have 1 to 255 characters.".to_owned()))
}

/// What an earlier request with this key made; otherwise the key is this request's from now on.
///
/// # Errors
/// Where the key came with another request.
pub(super) async fn earlier(
    tx: &mut Tx,
    user: UserId,
    key: Option<&str>,
    this: &Earlier,
) -> ApiResult<Option<Earlier>> {
    let Some(key) = key else { return Ok(None) };
    match idempotency::claim(tx, user, key, this).await? {
        Some(earlier) if earlier.fingerprint != this.fingerprint => {
            Err(ApiError::field("Idempotency-Key", "was used for another request"))
        }
        earlier => Ok(earlier),
    }
}
