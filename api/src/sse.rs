//! A job's events as server-sent events: replay, then live, and at the end what the database has, so
//! that nothing is lost and nothing comes twice, whichever process answers.

use std::{convert::Infallible, future::ready, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    chat::{Message, messages},
    ids::UserId,
};
use futures::{Stream, StreamExt as _, stream::BoxStream};
use jobs::{
    bus::{Event, EventKind, Number, Tail, TerminalEvent},
    catalogue::AnswerMessage,
    queue::record::{self, JobState, Record},
};
use serde_json::{Value, json};
use study::store::quizzes;

use crate::{
    App,
    admission::Admission,
    caller::SignedInUser,
    error::{ApiError, ApiResult},
    metrics::OpenReader,
    places::Place,
};

/// How often a quiet stream says that it lives, and looks whether the job ended unheard.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// How long a new job is given to be picked up before the jobs in front of it are counted.
const PICKED_UP_WITHIN: Duration = Duration::from_millis(10);

/// Where a reader left off, from `Last-Event-ID` or `?after=`.
///
/// # Errors
/// Where it is no number.
pub(crate) fn last_seen(headers: &HeaderMap, after: Option<&str>) -> ApiResult<Option<Number>> {
    let header = headers.get("last-event-id").map(|value| value.to_str().unwrap_or("?"));
    let Some(text) = header.or(after).filter(|text| !text.is_empty()) else { return Ok(None) };
    let number = text.parse().ok().and_then(Number::from_client);
    number
        .map(Some)
        .ok_or_else(|| ApiError::BadRequest("Last-Event-ID is not the id of an event.".to_owned()))
}

/// Streams a job's events to its owner, from after `seen`.
///
/// # Errors
/// Where there is no such job, or it has no event that could be `seen`.
pub(crate) async fn stream(
    app: App,
    student: &SignedInUser,
    job: domain::ids::JobId,
    seen: Option<Number>,
    place: Place,
) -> ApiResult<Response> {
    let Some((tail, record)) = find_unread(&app, student, job, seen).await? else {
        // All was seen. This answer makes a browser stop asking.
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    let opening = Opening::Known { record: Box::new(record), fresh: seen.is_none() };
    let reader = Reader::new(app, student, job, (tail, seen.unwrap_or_default()), Over::Its(place));
    Ok(response(reader, opening))
}

/// A job with more to tell than was `seen`; `None` where that was all.
async fn find_unread(
    app: &App,
    student: &SignedInUser,
    job: domain::ids::JobId,
    seen: Option<Number>,
) -> ApiResult<Option<(Tail, Record)>> {
    // Subscribed first, so that what happens while the rest is looked up is not missed.
    let tail = app.bus.follow(job).await;
    let record = find(app, student.id, job).await?.ok_or(ApiError::NotFound("job"))?;
    if seen.is_some_and(|seen| seen.epoch_of() > record.epoch + 1) {
        return Err(ApiError::BadRequest("Last-Event-ID is not the id of an event of this job.".to_owned()));
    }
    let all_seen = record.ending().is_some_and(|ending| seen.is_some_and(|seen| seen >= ending.number));
    Ok((!all_seen).then_some((tail, record)))
}

/// The events of one job among those of others.
pub(crate) type Part = BoxStream<'static, Bytes>;

/// What there is to tell of a job among others.
pub(crate) enum JobEvents {
    Coming(Part),
    /// Nothing: all was seen, or there is no such job, or no such event of it.
    Over,
}

/// A job's events, to be sent with those of other jobs over one stream: their ids name the job.
///
/// # Errors
/// The database's.
pub(crate) async fn events(
    app: App,
    student: &SignedInUser,
    job: domain::ids::JobId,
    seen: Option<Number>,
) -> ApiResult<JobEvents> {
    let (tail, record) = match find_unread(&app, student, job, seen).await {
        Ok(Some(found)) => found,
        // One that is not there must not end the stream of the others.
        Ok(None) | Err(ApiError::NotFound(_) | ApiError::BadRequest(_)) => return Ok(JobEvents::Over),
        Err(error) => return Err(error),
    };
    let opening = Opening::Known { record: Box::new(record), fresh: seen.is_none() };
    let reader = Reader::new(app, student, job, (tail, seen.unwrap_or_default()), Over::Shared);
    let events = reader.into_stream(opening);
    Ok(JobEvents::Coming(events.map(|Ok(bytes)| bytes).filter(|bytes| ready(!bytes.is_empty())).boxed()))
}

/// Streams the events of a job that this request has just made.
pub(crate) async fn stream_new(
    app: App,
    student: &SignedInUser,
    job: domain::ids::JobId,
    place: Place,
) -> Response {
    let tail = app.bus.follow(job).await;
    response(Reader::new(app, student, job, (tail, Number::default()), Over::Its(place)), Opening::New)
}

fn response(reader: Reader, opening: Opening) -> Response {
    headed(Body::from_stream(reader.into_stream(opening)).into_response())
}

/// A response that is a stream of events.
pub(crate) fn headed(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, no-transform"));
    // Proxies that buffer would hold the first word back.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

async fn find(app: &App, user: UserId, job: domain::ids::JobId) -> sqlx::Result<Option<Record>> {
    let mut tx = app.db.begin_as(user).await?;
    let record = record::find(&mut tx, job).await?;
    tx.commit().await?;
    Ok(record)
}

/// One reader of one job.
struct Reader {
    app: App,
    user: UserId,
    job: domain::ids::JobId,
    tail: Tail,
    admission: Admission,
    /// The last event that the client has.
    seen: Number,
    /// A hole was met: nothing is told but a restart or the end.
    lost: bool,
    over: Over,
    _open: OpenReader,
}

/// The stream that a reader's events go over.
enum Over {
    /// One of its own, with the place that this takes.
    Its(#[expect(dead_code, reason = "held for as long as the stream is open")] Place),
    /// One that it shares with other jobs.
    Shared,
}

/// What is known of the job when a stream opens.
enum Opening {
    /// What the database has; and whether the reader has nothing yet.
    Known { record: Box<Record>, fresh: bool },
    /// That it was just made.
    New,
}

/// What a look at the log brought.
enum Look {
    /// To be sent, and then more comes.
    More(String),
    /// To be sent, and that was all.
    End(String),
    /// The end came, but not all before it.
    Incomplete(TerminalEvent),
}

impl Reader {
    fn new(
        app: App,
        student: &SignedInUser,
        job: domain::ids::JobId,
        (tail, seen): (Tail, Number),
        over: Over,
    ) -> Self {
        let (user, admission) = (student.id, Admission::of(&app, student));
        Self { app, user, job, tail, admission, seen, lost: false, over, _open: OpenReader::new() }
    }

    fn into_stream(self, opening: Opening) -> impl Stream<Item = Result<Bytes, Infallible>> {
        futures::stream::unfold(Some((self, Some(opening))), |state| async move {
            let (mut reader, opening) = state?;
            let mut text = String::new();
            if let Some(opening) = opening {
                let more = reader.open(opening, &mut text).await;
                // An empty first chunk still sends the headers.
                return Some((Ok(Bytes::from(text)), more.then_some((reader, None))));
            }
            loop {
                let stop = reader.app.stop.clone();
                let mut quiet = false;
                tokio::select! {
                    biased;
                    () = stop.cancelled() => return None,
                    () = reader.admission.questioned() => {}
                    () = reader.tail.changed() => {}
                    () = tokio::time::sleep(KEEP_ALIVE) => quiet = true,
                }
                if !reader.admission.holds(&reader.app).await {
                    return None;
                }
                let look = reader.look();
                let unheard = quiet || matches!(&look, Look::More(text) if text.is_empty());
                let record = if unheard { reader.record().await } else { None };
                let more = reader.resolve(look, record, &mut text).await;
                if quiet && text.is_empty() {
                    text.push_str(": keep-alive\n\n");
                }
                if !text.is_empty() || !more {
                    return Some((Ok(Bytes::from(text)), more.then_some((reader, None))));
                }
            }
        })
    }

    /// The beginning of a stream. False where that is all of it.
    async fn open(&mut self, opening: Opening, text: &mut String) -> bool {
        let record = match opening {
            Opening::New => {
                // As a rule a worker has it before anybody could count the jobs in front of it.
                let waits = tokio::time::timeout(PICKED_UP_WITHIN, self.tail.changed()).await.is_err();
                let position = if waits { self.position().await } else { 0 };
                self.queued(position, text);
                None
            }
            Opening::Known { record, fresh } => {
                if fresh && !record.state.is_finished() {
                    let position = if record.state == JobState::Ready { self.position().await } else { 0 };
                    self.queued(position, text);
                }
                Some(*record)
            }
        };
        let look = self.look();
        self.resolve(look, record, text).await
    }

    /// What is new in the log.
    fn look(&mut self) -> Look {
        let mut text = String::new();
        for event in self.tail.after(self.seen) {
            let whole = !self.lost && (event.number.follows(self.seen) || event.kind == EventKind::Restart);
            if event.kind.is_terminal() {
                if whole || (!self.lost && event.number.ends(self.seen)) {
                    self.write(&mut text, &event);
                    self.seen = event.number;
                    return Look::End(text);
                }
                let data = serde_json::from_str(&event.data).unwrap_or_default();
                return Look::Incomplete(TerminalEvent { number: event.number, kind: event.kind, data });
            }
            if whole || event.kind == EventKind::Restart {
                self.lost = false;
                self.write(&mut text, &event);
            } else {
                // Something between is missing, and this alone would mislead.
                self.lost = true;
            }
            self.seen = event.number;
        }
        Look::More(text)
    }

    /// Adds what is to be sent; false where that is all.
    async fn resolve(&mut self, look: Look, record: Option<Record>, text: &mut String) -> bool {
        match look {
            Look::End(more) => {
                text.push_str(&more);
                false
            }
            Look::More(more) => {
                text.push_str(&more);
                match record.and_then(|record| record.ending()) {
                    Some(ending) => !self.replay_from_database(&ending, text).await,
                    None => true,
                }
            }
            Look::Incomplete(ending) => !self.replay_from_database(&ending, text).await,
        }
    }

    /// Tells the end of a job that the bus has forgotten or holed: the text anew, then the end. Says
    /// whether it could.
    async fn replay_from_database(&mut self, ending: &TerminalEvent, text: &mut String) -> bool {
        let complete = !self.lost && ending.number.ends(self.seen);
        if !complete {
            let Ok(told) = self.stored_events().await else {
                // The database is away: the reader waits on, and asks again.
                return false;
            };
            let before = i64::try_from(told.len().max(1)).unwrap_or(i64::MAX);
            let first = ending.number.plus(-before);
            let restart = Event { number: first.plus(-1), kind: EventKind::Restart, data: "{}".into() };
            let events = (0..).zip(told).map(|(at, (kind, data))| Event {
                number: first.plus(at),
                kind,
                data: data.to_string().into(),
            });
            for event in std::iter::once(restart).chain(events) {
                if self.seen < event.number || self.lost {
                    self.write(text, &event);
                }
            }
        }
        self.write(text, &ending.event());
        self.seen = ending.number;
        true
    }

    /// What the message that the job wrote has to tell: its items, or its text; nothing of other jobs.
    async fn stored_events(&self) -> sqlx::Result<Vec<(EventKind, Value)>> {
        let mut tx = self.app.db.begin_as(self.user).await?;
        let record = record::find(&mut tx, self.job).await?;
        let payload = record.and_then(|record| serde_json::from_value::<AnswerMessage>(record.payload).ok());
        let message = match payload {
            Some(payload) => messages::find(&mut tx, payload.answer).await?,
            None => None,
        };
        // Its bus has forgotten it, and meanwhile its questions are asked in an exam.
        let hidden = match &message {
            Some(Message { items: Some(_), id, .. }) => {
                quizzes::answers_in_running_exams(&mut tx, self.app.clock.now()).await?.contains(id)
            }
            _ => false,
        };
        tx.commit().await?;
        Ok(match message.filter(|_| !hidden) {
            Some(Message { items: Some(Value::Array(items)), .. }) => {
                items.into_iter().map(|item| (EventKind::Item, item)).collect()
            }
            Some(Message { content, .. }) if !content.is_empty() => {
                vec![(EventKind::Delta, json!({ "text": content }))]
            }
            _ => Vec::new(),
        })
    }

    async fn record(&self) -> Option<Record> {
        match find(&self.app, self.user, self.job).await {
            Ok(record) => record,
            Err(error) => {
                tracing::warn!(%error, "a reader waits for the database");
                None
            }
        }
    }

    /// One event on the wire. JSON holds no line break, so its data is one line.
    fn write(&self, text: &mut String, event: &Event) {
        use std::fmt::Write as _;
        let job: &dyn std::fmt::Display = match self.over {
            Over::Its(_) => &"",
            Over::Shared => &format_args!("{}:", self.job),
        };
        // Writing to a string cannot fail.
        let _written = write!(
            text,
            "id: {job}{}\nevent: {}\ndata: {}\n\n",
            event.number,
            event.kind.as_str(),
            event.data
        );
    }

    fn queued(&self, position: i64, text: &mut String) {
        let data = json!({ "job_id": self.job, "position": position }).to_string().into();
        self.write(text, &Event { number: Number::QUEUED, kind: EventKind::Queued, data });
    }

    async fn position(&self) -> i64 {
        record::position(self.app.db.pool(), self.job).await.unwrap_or(0)
    }
}
