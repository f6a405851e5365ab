//! Answers a student's question with a language model.

use std::time::Duration;

use domain::{
    chat::{
        MessageStatus,
        messages::{self, Answer},
    },
    ids::{JobId, MessageId, UserId},
    quota::{self, Payer, store::Settlement},
};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::{
    Job, Queue,
    bus::{EventKind, TerminalEvent},
};

/// The question is answered into a message that is there already, pending.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AnswerMessage {
    /// Who asks.
    pub user: UserId,
    /// What is asked.
    pub question: MessageId,
    /// Where the answer goes.
    pub answer: MessageId,
    /// Where the student's own key is to serve: who pays if a shared one must.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub falls_back_to: Option<Payer>,
    /// Whether a key of the student's own may serve: then it waits and runs apart from what others ask.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_key: bool,
    /// Where it is to begin only when others of its student have ended: what it may take at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<i64>,
    /// How many items may be made, where it is a command that counts by the item: as many as were asked for, or as the day
    /// has left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<u32>,
}

impl Job for AnswerMessage {
    const NAME: &'static str = "answer_message";
    const QUEUE: Queue = Queue::Chat;
    // Retries with other keys included: the router ends a round before that.
    const TIMEOUT: Duration = Duration::from_mins(16);

    fn queue(&self) -> Queue {
        if self.own_key { Queue::OwnKey } else { Self::QUEUE }
    }

    fn tenant(&self) -> Option<UserId> {
        Some(self.user)
    }

    fn unique_key(&self) -> Option<String> {
        Some(self.answer.to_string())
    }

    /// The answer ends without text, and the student is not charged.
    async fn abandon(&self, conn: &mut PgConnection, job: JobId, ending: &TerminalEvent) -> sqlx::Result<()> {
        let (status, error) = match ending.kind {
            EventKind::Cancelled => (MessageStatus::Cancelled, None),
            _ => (MessageStatus::Failed, Some(ending.data.clone())),
        };
        messages::finish(conn, job, self.answer, status, &Answer { error, ..Answer::default() }).await?;
        quota::store::release(conn, job, &Settlement::default()).await?;
        Ok(())
    }

    /// The answer is pending again. Nobody is charged: the platform owed it.
    async fn reopen(&self, conn: &mut PgConnection, old: JobId, new: JobId) -> sqlx::Result<bool> {
        messages::reopen(conn, self.answer, old, new).await
    }
}
