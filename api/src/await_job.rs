//! Waits for a job that is over in seconds, so that a request can be answered with its result.

use std::time::Duration;

use domain::ids::JobId;
use jobs::{
    bus::{Number, TerminalEvent},
    queue::record,
};
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::{App, error::ApiResult};

/// How often the database is asked, in case the bus is away.
const POLL: Duration = Duration::from_secs(1);

/// How a job ended; `None` where it has not within this time, or the process is to stop. The job
/// must be committed. A caller that goes away meanwhile does not stop it.
pub(crate) async fn ending(app: &App, job: JobId, within: Duration) -> ApiResult<Option<TerminalEvent>> {
    let waited = async {
        // Followed before the first look, so that nothing can happen between the two.
        let mut tail = app.bus.follow(job).await;
        loop {
            if let Some(ending) = stored(app, job).await? {
                return Ok(ending);
            }
            let look_again = Instant::now() + POLL;
            loop {
                let told = tail.after(Number::QUEUED).into_iter().find(|event| event.kind.is_terminal());
                if let Some(event) = told {
                    let data = serde_json::from_str(&event.data).unwrap_or_default();
                    return Ok(TerminalEvent { number: event.number, kind: event.kind, data });
                }
                tokio::select! {
                    () = tail.changed() => {}
                    () = sleep_until(look_again) => break,
                }
            }
        }
    };
    let waited = timeout_at(Instant::now() + within, waited);
    app.stop.run_until_cancelled(waited).await.and_then(Result::ok).transpose()
}

async fn stored(app: &App, job: JobId) -> ApiResult<Option<TerminalEvent>> {
    let mut conn = app.db.pool().acquire().await?;
    Ok(record::find(&mut conn, job).await?.and_then(|record| record.ending()))
}
