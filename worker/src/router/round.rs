//! One round of a question: what was tried, what it came to, and how it ends where nobody is left.

use std::{sync::Arc, time::Duration};

use domain::ids::KeyId;
use tokio::time::Instant;

use super::{
    Ask, NotPaid, Tokens,
    decide::{Decision, Tried},
    outcome::{Abandoned, AnswerEnd, Answered, Declined, Partial},
    pool::Chosen,
};
use crate::providers::{Class, Lack, ProviderError};

/// How long a round may take, all its calls together. Less than a job may, so that every end is told.
pub(super) const LONGEST_ROUND: Duration = Duration::from_mins(14);

/// How often a round asks again without what an endpoint lacks.
const MOST_REPEATS: usize = 3;

/// What one round has come to so far.
pub(super) struct Round {
    pub(super) tried: Tried,
    pub(super) abandoned: Abandoned,
    /// The call whose text the reader sees, though it broke off.
    pub(super) partial: Option<Partial>,
    /// The key that failed last, and why.
    pub(super) failed: Option<(KeyId, String)>,
    /// Why providers that are there did not answer; the most telling of all reasons.
    declined: Option<Declined>,
    /// Whether any failed otherwise.
    broke: bool,
    repeats: usize,
    /// When it is over.
    pub(super) latest: Instant,
}

impl Round {
    pub(super) fn new(began: Instant) -> Self {
        Self {
            tried: Tried::default(),
            abandoned: Abandoned::default(),
            partial: None,
            failed: None,
            declined: None,
            broke: false,
            repeats: 0,
            latest: began + LONGEST_ROUND,
        }
    }

    /// Whether the same key may be asked once more, without what its endpoint has just shown to lack.
    pub(super) fn may_repeat(&mut self, ask: &Ask<'_>, lack: &Lack) -> bool {
        // The picture is what is asked about.
        let remade = match lack {
            Lack::Vision => !ask.pictured(),
            Lack::Batch(_) => false,
            _ => true,
        };
        let may = remade && self.repeats < MOST_REPEATS;
        self.repeats += usize::from(may);
        may
    }

    /// A call failed. Says how the question ends, where another key would not do better.
    pub(super) fn failed_by(
        &mut self,
        chosen: &Chosen,
        error: ProviderError,
        partial: Option<Partial>,
    ) -> Option<Answered> {
        self.failed = Some((chosen.id, error.to_string()));
        let declined = Declined::of(&error);
        self.declined = self.declined.max(declined);
        self.broke |= declined.is_none();
        let endpoint = Arc::clone(&chosen.endpoint);
        match error.class {
            Class::Blocked => {
                return Some(Answered::without(AnswerEnd::Blocked(error.reason), self.abandoned));
            }
            Class::Refusal => self.tried.refused.push(endpoint),
            Class::EmptyByLength => self.tried.models.push(endpoint),
            Class::Withheld => {
                self.tried.models.push(endpoint);
                self.tried.withheld.push(chosen.provider);
            }
            Class::Credential | Class::Quota | Class::Rate | Class::Overload => {}
        }
        match partial {
            Some(partial) => self.partial = Some(partial),
            None => self.abandoned.add(Tokens::default()),
        }
        None
    }

    /// Nobody pays for a shared key. What was said stands.
    pub(super) fn not_paid(self, not_paid: NotPaid) -> Answered {
        let end = if self.partial.is_some() { AnswerEnd::Truncated } else { AnswerEnd::NotPaid(not_paid) };
        Answered::partly(end, self.partial, self.abandoned)
    }

    /// The end of a round that found no more keys. Where something was said, it stands.
    pub(super) fn given_up(self, decision: Decision, ask: &Ask<'_>) -> Answered {
        let end = match (decision, self.declined) {
            _ if self.partial.is_some() => AnswerEnd::Truncated,
            (Decision::WaitUntil(until), _) => AnswerEnd::Wait(until),
            (_, Some(declined)) if !self.broke => AnswerEnd::Declined(declined),
            // Nobody was asked, nobody comes back: nobody who could serve can see.
            (Decision::GiveUp(None), _) if ask.pictured() && self.tried.keys.is_empty() => {
                AnswerEnd::Declined(Declined::Picture)
            }
            (Decision::GiveUp(back), _) => AnswerEnd::Exhausted(back),
            (Decision::Call(_), _) => AnswerEnd::Exhausted(None),
        };
        Answered::partly(end, self.partial, self.abandoned)
    }
}
