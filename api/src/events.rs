//! `/api/events`: all that a browser watches, over one stream. Over HTTP/1.1 a browser opens six connections to a host,
//! for all of its tabs together: a stream for each job would leave none for requests.

use std::{collections::BTreeMap, convert::Infallible, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::State,
    response::{IntoResponse as _, Response},
};
use domain::ids::JobId;
use futures::{Stream, StreamExt as _, stream::SelectAll};
use jobs::bus::Number;
use serde::Deserialize;
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App,
    admission::Admission,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Query,
    places::Place,
    sse::{self, JobEvents},
    status,
};

/// How often a quiet stream says that it lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The most jobs of one stream.
const MOST_JOBS: usize = 100;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(watch))
}

/// What is watched.
#[derive(Debug, Deserialize, IntoParams)]
struct Watched {
    /// Up to 100 jobs, separated by commas, each as its id, or as its id, a colon and the number of the last event
    /// that was seen of it.
    jobs: Option<String>,
}

/// Streams the events of several jobs, and what works, as server-sent events. `id` is the job's id, a colon and the
/// event's number; kind and `data` are those of `/api/jobs/{id}/events`. `over` says that nothing more comes of a job,
/// `status` has the body of `/api/status`, at the beginning and when it changes. To watch other jobs, open another
/// stream with what was seen, and close this.
#[utoipa::path(get, path = "/api/events", tag = "jobs", params(Watched),
    responses((status = OK, content_type = "text/event-stream", description = "the events"),
        (status = BAD_REQUEST, body = ErrorBody),
        (status = TOO_MANY_REQUESTS, body = ErrorBody, description = "Too many streams are open")))]
async fn watch(
    State(app): State<App>,
    student: SignedInUser,
    Query(watched): Query<Watched>,
) -> ApiResult<Response> {
    let jobs = parse(watched.jobs.as_deref().unwrap_or_default())?;
    let place = app.streams.take(student.id)?;
    let mut opening = String::new();
    let mut parts = SelectAll::new();
    for (job, seen) in jobs {
        match sse::events(app.clone(), &student, job, seen).await? {
            JobEvents::Coming(events) => parts.push(events),
            JobEvents::Over => opening.push_str(&over(job)),
        }
    }
    let stream = Events {
        admission: Admission::of(&app, &student),
        changes: app.platform_status.changes(),
        told: String::new(),
        quiet_at: Instant::now() + KEEP_ALIVE,
        app,
        parts,
        _place: place,
    };
    Ok(sse::headed(Body::from_stream(stream.into_stream(opening)).into_response()))
}

/// That nothing more comes of a job.
fn over(job: JobId) -> String {
    format!("id: {job}:\nevent: over\ndata: {{}}\n\n")
}

fn parse(jobs: &str) -> ApiResult<Vec<(JobId, Option<Number>)>> {
    let jobs: Vec<_> = jobs.split(',').filter(|job| !job.is_empty()).collect();
    if jobs.len() > MOST_JOBS {
        return Err(ApiError::BadRequest(format!("One stream watches at most {MOST_JOBS} jobs.")));
    }
    // Whoever names one twice is told of it once.
    let jobs: BTreeMap<_, _> = jobs.into_iter().map(job).collect::<ApiResult<_>>()?;
    Ok(jobs.into_iter().collect())
}

fn job(text: &str) -> ApiResult<(JobId, Option<Number>)> {
    let (id, seen) = text.split_once(':').unwrap_or((text, ""));
    let id = id.parse().map_err(|_not_an_id| ApiError::BadRequest("A job's id is not valid.".to_owned()))?;
    if seen.is_empty() {
        return Ok((id, None));
    }
    let seen = seen.parse().ok().and_then(Number::from_client);
    let seen =
        seen.ok_or_else(|| ApiError::BadRequest("What was seen is not the number of an event.".to_owned()))?;
    Ok((id, Some(seen)))
}

/// One open stream.
struct Events {
    app: App,
    parts: SelectAll<sse::Part>,
    /// Of what works.
    changes: watch::Receiver<()>,
    /// What was said last of what works.
    told: String,
    admission: Admission,
    quiet_at: Instant,
    _place: Place,
}

impl Events {
    fn into_stream(mut self, mut opening: String) -> impl Stream<Item = Result<Bytes, Infallible>> {
        opening.extend(self.status());
        let first = futures::stream::once(std::future::ready(Bytes::from(opening)));
        let rest = futures::stream::unfold(self, |mut events| async move {
            let bytes = events.next().await?;
            Some((bytes, events))
        });
        first.chain(rest).map(Ok)
    }

    async fn next(&mut self) -> Option<Bytes> {
        loop {
            let stop = self.app.stop.clone();
            let told = tokio::select! {
                biased;
                () = stop.cancelled() => return None,
                () = self.admission.questioned() => None,
                Some(bytes) = self.parts.next(), if !self.parts.is_empty() => {
                    self.quiet_at = Instant::now() + KEEP_ALIVE;
                    Some(bytes)
                }
                changed = self.changes.changed() => {
                    changed.ok()?;
                    self.status().map(Bytes::from)
                }
                () = sleep_until(self.quiet_at) => {
                    self.quiet_at = Instant::now() + KEEP_ALIVE;
                    // Some of it changes with the time.
                    Some(self.status().map_or(Bytes::from_static(b": keep-alive\n\n"), Bytes::from))
                }
            };
            if !self.admission.holds(&self.app).await {
                return None;
            }
            if told.is_some() {
                return told;
            }
        }
    }

    /// What works, where that is not what was said last.
    fn status(&mut self) -> Option<String> {
        let now = serde_json::to_string(&status::now(&self.app)).unwrap_or_default();
        if now == self.told {
            return None;
        }
        self.told.clone_from(&now);
        Some(format!("event: status\ndata: {now}\n\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0197a0c0-0000-7000-8000-000000000001";

    #[test]
    fn jobs_are_named_with_what_was_seen_of_them() {
        assert!(parse("").unwrap().is_empty());
        let other = ID.replace('1', "2");
        let jobs = parse(&format!("{ID},{other}:3,{other}:17,")).unwrap();
        let seen: Vec<_> = jobs.iter().map(|(job, seen)| (job.to_string(), *seen)).collect();
        assert_eq!(seen, [(ID.to_owned(), None), (other, Number::from_client(17))]);
    }

    #[test]
    fn what_is_no_job_is_refused() {
        for text in
            ["x", "x:1", &format!("{ID}:x"), &format!("{ID}:-1"), &format!("{ID}:1:1"), &format!("{ID},;")]
        {
            assert!(matches!(parse(text), Err(ApiError::BadRequest(_))), "{text}");
        }
        assert!(parse(&[ID; 100].join(",")).is_ok());
        assert!(matches!(parse(&[ID; 101].join(",")), Err(ApiError::BadRequest(_))));
    }
}
