//! Streams the live figures to an admin.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::State,
    response::{IntoResponse as _, Response},
};
use futures::Stream;
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

use super::{pulse::Live, view::Snapshot};
use crate::{
    App,
    caller::Admin,
    ends::Watching,
    error::{ApiResult, ErrorBody},
    permissions::ViewLive,
    places::Place,
    sse,
};

/// How often a quiet stream says that it lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// How often it is asked whether its reader may still watch.
const CHECK_EVERY: Duration = Duration::from_secs(10);

/// Streams how everything is as server-sent events: `live`, about each second, with all figures. It costs the same
/// however many watch. It ends when the process does, or its reader's role; a client comes back then.
#[utoipa::path(get, path = "/api/admin/live", tag = "admin live",
    responses(
        (status = OK, body = Snapshot, content_type = "text/event-stream",
         description = "The `data` of each event `live`"),
        (status = FORBIDDEN, body = ErrorBody),
        (status = TOO_MANY_REQUESTS, body = ErrorBody, description = "Too many streams are open"),
    ))]
pub(super) async fn watch(State(app): State<App>, admin: Admin<ViewLive>) -> ApiResult<Response> {
    let watcher = Watcher {
        _place: app.streams.take(admin.caller.id)?,
        frames: Live::watch(&app),
        ends: app.ends.watch(admin.caller.id),
        check_at: Instant::now() + CHECK_EVERY,
        quiet_at: Instant::now() + KEEP_ALIVE,
        app,
        admin,
    };
    Ok(sse::headed(Body::from_stream(watcher.into_stream()).into_response()))
}

/// One dashboard.
struct Watcher {
    app: App,
    admin: Admin<ViewLive>,
    frames: watch::Receiver<Bytes>,
    ends: Watching,
    check_at: Instant,
    quiet_at: Instant,
    _place: Place,
}

impl Watcher {
    fn into_stream(self) -> impl Stream<Item = Result<Bytes, Infallible>> {
        futures::stream::unfold(self, |mut watcher| async move {
            let frame = watcher.next().await?;
            Some((Ok(frame), watcher))
        })
    }

    async fn next(&mut self) -> Option<Bytes> {
        loop {
            let stop = self.app.stop.clone();
            tokio::select! {
                biased;
                () = stop.cancelled() => return None,
                () = self.ends.changed() => self.check_at = Instant::now(),
                () = sleep_until(self.check_at) => {
                    self.check_at = Instant::now() + CHECK_EVERY;
                    if !self.admin.still_may(&self.app).await {
                        return None;
                    }
                }
                changed = self.frames.changed() => {
                    changed.ok()?;
                    let frame = self.frames.borrow_and_update().clone();
                    if !frame.is_empty() {
                        self.quiet_at = Instant::now() + KEEP_ALIVE;
                        return Some(frame);
                    }
                }
                () = sleep_until(self.quiet_at) => {
                    self.quiet_at = Instant::now() + KEEP_ALIVE;
                    return Some(Bytes::from_static(b": keep-alive\n\n"));
                }
            }
        }
    }
}
