//! The parent: starts children until every page has its outcome.

use std::{fs::File, path::Path, time::Instant};

use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::mpsc;

use super::{
    Page, PageOutcome, ReadError, ReaderLimits, Reason, Summary,
    attempt::{Attempt, End},
    protocol::{Engines, Order},
};

/// After so many children that died of a second opinion, none is asked for any more.
const MOST_OPINIONS_LOST: u32 = 3;

/// Reads `file` with children of the program `exe`, and sends each page once, in order.
///
/// `Ok` means that the file was opened and every page has its outcome, be it a failure. An error means that no page
/// has text, though failed ones may have been sent. The empty password is always tried first.
pub async fn read(
    exe: &Path,
    file: File,
    password: Option<&SecretString>,
    limits: &ReaderLimits,
    pages: mpsc::Sender<Page>,
) -> Result<Summary, ReadError> {
    let mut reading = Reading {
        limits,
        password,
        pages,
        ends_at: Instant::now() + limits.wall,
        cpu_used: 0,
        text: 0,
        next: 0,
        engines: Engines::Both,
        first_died: false,
        opinions_lost: 0,
        summary: None,
        useful: false,
    };
    let mut deaths = 0;
    loop {
        let order = reading.order();
        let end = Attempt { exe, file: &file, reading: &mut reading }.run(&order).await?;
        let (reason, in_second, draft) = match end {
            End::Done => return reading.finish(Reason::Unreadable).await,
            End::Refused(error) if reading.summary.is_none() => return Err(error),
            // It was opened before: what is refused now is not the file's fault.
            End::Refused(_) => (Reason::Crashed, true, None),
            End::Died { reason, in_second, draft } => (reason, in_second, draft),
            End::OutOfTime => return reading.finish(Reason::TookTooLong).await,
        };
        deaths += 1;
        tracing::debug!(page = reading.next, reason = reason.code(), deaths, "a reader of a PDF died");
        let may_go_on = match draft {
            // The first engine had read the page: what it made of that is all there is.
            Some(page) => {
                reading.opinions_lost += 1;
                if reading.opinions_lost >= MOST_OPINIONS_LOST {
                    reading.engines = Engines::First;
                }
                reading.send(page).await?;
                true
            }
            None => reading.go_on(reason, in_second).await?,
        };
        if !may_go_on || deaths > limits.deaths || reading.is_out_of_cpu() {
            return reading.finish(reason).await;
        }
    }
}

/// How far a file is read.
pub(super) struct Reading<'a> {
    pub(super) limits: &'a ReaderLimits,
    password: Option<&'a SecretString>,
    pages: mpsc::Sender<Page>,
    pub(super) ends_at: Instant,
    /// Milliseconds of all children so far.
    pub(super) cpu_used: u64,
    text: u64,
    pub(super) next: u32,
    engines: Engines,
    first_died: bool,
    /// How many children died of giving another opinion.
    opinions_lost: u32,
    pub(super) summary: Option<Summary>,
    useful: bool,
}

impl Reading<'_> {
    fn order(&self) -> Order {
        let first = first_order(self.limits, self.password, self.ends_at);
        Order {
            cpu: first.cpu.saturating_sub(self.cpu_used).max(1_000),
            all_text: first.all_text.saturating_sub(self.text),
            from: self.next,
            engines: self.engines,
            first_died: self.first_died,
            ..first
        }
    }

    fn is_out_of_cpu(&self) -> bool {
        let pages = self.summary.as_ref().map_or(0, |summary| summary.pages);
        let allowed = self.limits.cpu + self.limits.cpu_per_page.saturating_mul(pages);
        u128::from(self.cpu_used) >= allowed.as_millis()
    }

    /// Prepares the next child after one that died; `false` if there is nothing left to try.
    async fn go_on(&mut self, reason: Reason, in_second: bool) -> Result<bool, ReadError> {
        if self.summary.is_none() {
            // Died while it opened the file.
            let tried_both = self.engines == Engines::Second;
            self.engines = Engines::Second;
            return Ok(!tried_both);
        }
        if in_second || self.first_died || self.engines != Engines::Both {
            self.first_died = false;
            self.send(Page {
                index: self.next,
                label: None,
                text: String::new(),
                outcome: PageOutcome::Failed(reason),
                doubtful: false,
            })
            .await?;
        } else {
            self.first_died = true;
        }
        Ok(true)
    }

    /// Hands a page on.
    pub(super) async fn send(&mut self, page: Page) -> Result<(), ReadError> {
        if page.index == self.next {
            self.next += 1;
        }
        self.useful |= !matches!(page.outcome, PageOutcome::Failed(_));
        self.text += page.text.chars().count() as u64;
        self.first_died = false;
        self.pages.send(page).await.map_err(|_closed| ReadError::Abandoned)
    }

    /// Gives up what is left, for this reason.
    async fn finish(mut self, reason: Reason) -> Result<Summary, ReadError> {
        let Some(summary) = self.summary.clone() else { return Err(error_for(reason)) };
        for index in self.next..summary.pages {
            let outcome = PageOutcome::Failed(reason);
            self.send(Page { index, label: None, text: String::new(), outcome, doubtful: false }).await?;
        }
        if self.useful { Ok(summary) } else { Err(error_for(reason)) }
    }
}

/// What the first child of a file is told.
pub(super) fn first_order(limits: &ReaderLimits, password: Option<&SecretString>, ends_at: Instant) -> Order {
    let millis = |time: std::time::Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let wall = ends_at.saturating_duration_since(Instant::now()).as_secs();
    Order {
        password: password.map(|password| password.expose_secret().to_owned()),
        max_pages: limits.max_pages,
        memory: limits.memory,
        cpu: millis(limits.cpu),
        cpu_per_page: millis(limits.cpu_per_page),
        cpu_of_one_page: millis(limits.cpu_of_one_page),
        wall: u32::try_from(wall).unwrap_or(u32::MAX).saturating_add(5),
        page_text: limits.page_text,
        all_text: limits.all_text,
        from: 0,
        engines: Engines::Both,
        first_died: false,
        unlock: false,
    }
}

fn error_for(reason: Reason) -> ReadError {
    match reason {
        Reason::TookTooLong => ReadError::TookTooLong,
        Reason::OutOfMemory => ReadError::OutOfMemory,
        Reason::Unreadable | Reason::Crashed | Reason::TooMuchText => ReadError::Damaged,
    }
}
