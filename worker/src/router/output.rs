//! Where the words of a call go: to the readers as they come, or to whatever cuts items out of them.

use async_trait::async_trait;
use jobs::bus::EventWriter;
use tokio::time::Instant;

/// Takes the words of one call after the other. Of several, readers are shown one: the first words that they see of a later
/// call take back what they saw of an earlier one.
#[async_trait]
pub trait Output: Send + Sync {
    /// A call begins: nothing of it is seen yet.
    fn begin(&mut self);

    /// The next words of the call.
    async fn push(&mut self, text: &str);

    /// All words of the call so far were a thought.
    async fn retract(&mut self);

    /// Nothing more comes of the call.
    async fn end(&mut self);

    /// Whether readers see something of this call.
    fn shown(&self) -> bool;

    /// What is seen, or what the call has said so far: what tokens are estimated by.
    fn raw_text(&self) -> &str;

    /// When words that wait should leave; `None` where none wait.
    fn due(&self) -> Option<Instant>;

    /// Sends words that wait.
    async fn flush(&mut self);
}

/// Readers see the words themselves.
#[derive(Debug)]
pub struct TextOutput<'a> {
    writer: &'a mut EventWriter,
    /// White space before the first word: alone, it is no answer.
    blank: String,
    shown: bool,
}

impl<'a> TextOutput<'a> {
    /// To the readers of a job.
    pub const fn new(writer: &'a mut EventWriter) -> Self {
        Self { writer, blank: String::new(), shown: false }
    }
}

#[async_trait]
impl Output for TextOutput<'_> {
    fn begin(&mut self) {
        self.blank.clear();
        self.shown = false;
    }

    async fn push(&mut self, text: &str) {
        if self.shown {
            if !text.is_empty() {
                self.writer.delta(text).await;
            }
            return;
        }
        self.blank.push_str(text);
        if self.blank.trim().is_empty() {
            return;
        }
        self.shown = true;
        if !self.writer.text().is_empty() {
            self.writer.restart().await;
        }
        self.writer.delta(&std::mem::take(&mut self.blank)).await;
    }

    async fn retract(&mut self) {
        self.blank.clear();
        if std::mem::take(&mut self.shown) {
            self.writer.restart().await;
        }
    }

    async fn end(&mut self) {
        if self.shown {
            self.writer.flush().await;
        }
    }

    fn shown(&self) -> bool {
        self.shown
    }

    fn raw_text(&self) -> &str {
        self.writer.text()
    }

    fn due(&self) -> Option<Instant> {
        self.writer.due().filter(|_| self.writer.waits())
    }

    async fn flush(&mut self) {
        self.writer.flush().await;
    }
}
