//! Makes study material from a slash command. Like answering a question, in a queue of its own, so
//! that a rush of `/mcq` does not hold up the chat.

use std::time::Duration;

use domain::{
    ids::{MessageId, UserId},
    quota::Payer,
};
use serde::{Deserialize, Serialize};

use super::answer_message::TIMEOUT;
use crate::{Job, Queue};

/// The command is in the question's text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunCommand {
    /// Who asks.
    pub user: UserId,
    /// The message with the command.
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
}

impl Job for RunCommand {
    const NAME: &'static str = "run_command";
    const QUEUE: Queue = Queue::Command;
    const TIMEOUT: Duration = TIMEOUT;

    fn queue(&self) -> Queue {
        if self.own_key { Queue::OwnKey } else { Self::QUEUE }
    }

    fn tenant(&self) -> Option<UserId> {
        Some(self.user)
    }

    fn unique_key(&self) -> Option<String> {
        Some(self.answer.to_string())
    }
}
