//! Deletes for good what a student threw away.

use domain::chat::sessions;
use jobs::{
    catalogue::EmptyTrash,
    queue::{Outcome, Running},
};

use crate::Context;

/// Deletes the conversation, unless it was restored; later, where it was thrown away anew.
pub(in crate::handlers) async fn empty(context: Context, _: Running, work: EmptyTrash) -> Outcome {
    delete(&context, &work).await.unwrap_or_else(|error| Outcome::Retry(error.to_string()))
}

async fn delete(context: &Context, work: &EmptyTrash) -> sqlx::Result<Outcome> {
    let mut tx = context.db.begin_as(work.user).await?;
    let Some(since) = sessions::trashed_at(&mut tx, work.session).await? else { return Ok(Outcome::Done) };
    let at = since + EmptyTrash::AFTER;
    if at > context.clock.now() {
        return Ok(Outcome::Snooze(at));
    }
    sessions::delete(&mut tx, work.session).await?;
    tx.commit().await?;
    Ok(Outcome::Done)
}
