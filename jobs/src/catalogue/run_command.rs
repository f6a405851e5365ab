//! Makes study material from a slash command. Like answering a question, in a queue of its own, so
//! that a rush of `/mcq` does not hold up the chat.

use std::time::Duration;

use domain::ids::{JobId, UserId};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::AnswerMessage;
use crate::{Job, Queue, bus::TerminalEvent};

/// The command is in the question's text.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunCommand(pub AnswerMessage);

impl Job for RunCommand {
    const NAME: &'static str = "run_command";
    const QUEUE: Queue = Queue::Command;
    const TIMEOUT: Duration = AnswerMessage::TIMEOUT;

    fn queue(&self) -> Queue {
        if self.0.own_key { Queue::OwnKey } else { Self::QUEUE }
    }

    fn tenant(&self) -> Option<UserId> {
        self.0.tenant()
    }

    fn unique_key(&self) -> Option<String> {
        self.0.unique_key()
    }

    async fn abandon(&self, conn: &mut PgConnection, job: JobId, ending: &TerminalEvent) -> sqlx::Result<()> {
        self.0.abandon(conn, job, ending).await
    }

    async fn reopen(&self, conn: &mut PgConnection, old: JobId, new: JobId) -> sqlx::Result<bool> {
        self.0.reopen(conn, old, new).await
    }
}
