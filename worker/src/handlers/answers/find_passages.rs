//! Finds the passages of a question whose queue is paused, and tells them as the first event of its job.

use jobs::{
    bus::{EventKind, EventWriter},
    catalogue::FindPassages,
    queue::{Outcome, Running},
};
use serde_json::json;

use crate::Context;

use super::found::{self, Waits};

/// A job that nobody has begun.
const NOT_BEGUN: i64 = 0;

/// Finds them, and stores them with the pending answer.
pub(in crate::handlers) async fn find(context: Context, _: Running, work: FindPassages) -> Outcome {
    let FindPassages { user, question, answer, job } = work;
    let waits = Waits { user, answer, job, epoch: NOT_BEGUN };
    match found::find_and_keep(&context, &waits, question).await {
        Ok(Some(found)) => {
            let mut writer = EventWriter::new(context.bus.clone(), job, NOT_BEGUN);
            writer.send(EventKind::Citations, json!({ "citations": found })).await;
            Outcome::Done
        }
        Ok(None) => Outcome::Done,
        Err(error) => Outcome::Retry(format!("the passages could not be found: {error}")),
    }
}
