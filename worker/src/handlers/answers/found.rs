//! What a student reads while a question waits: the passages that its answer is going to be from. They are stored
//! with the pending answer beside being told as an event, so that a reload and another device show them too.

use domain::{
    chat::{history, messages, sessions},
    documents::citations::Citation,
    feature::Feature,
    ids::{JobId, MessageId, UserId},
};

use crate::{Context, retrieval};

/// An answer that waits.
pub(super) struct Waits {
    pub(super) user: UserId,
    /// The pending message.
    pub(super) answer: MessageId,
    /// Who is going to write it.
    pub(super) job: JobId,
    /// The start of that job which waits; 0 where there was none.
    pub(super) epoch: i64,
}

/// Stores what was found. False where another start of the job has begun meanwhile.
pub(super) async fn keep(context: &Context, waits: &Waits, found: &[Citation]) -> sqlx::Result<bool> {
    let places: Vec<_> = found.iter().cloned().map(Citation::without_text).collect();
    let mut tx = context.db.begin_as(waits.user).await?;
    let kept = messages::set_found(&mut tx, waits.job, waits.epoch, waits.answer, &places).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Looks for the passages of a question that waits before anybody looked for them, and stores them. `None` where there are
/// none, or another start of the job has begun meanwhile.
pub(super) async fn find_and_keep(
    context: &Context,
    waits: &Waits,
    question: MessageId,
) -> sqlx::Result<Option<Vec<Citation>>> {
    let found = find(context, waits.user, question).await?;
    let kept = !found.is_empty() && keep(context, waits, &found).await?;
    Ok(kept.then_some(found))
}

async fn find(context: &Context, user: UserId, question: MessageId) -> sqlx::Result<Vec<Citation>> {
    let mut tx = context.db.begin_as(user).await?;
    let turns = history::load(&mut tx, question).await?;
    let sources = sessions::sources(&mut tx, question).await?.unwrap_or_default();
    drop(tx);
    if !sources.grounded || turns.first().is_none_or(|turn| turn.feature != Feature::Chat) {
        return Ok(Vec::new());
    }
    retrieval::passages(context, user, &turns, sources.documents.as_deref()).await
}
