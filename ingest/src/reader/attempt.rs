//! One child, from its start to its end.

use std::{
    fs::File,
    io,
    os::{fd::OwnedFd, unix::net::UnixStream as StdUnixStream, unix::process::ExitStatusExt as _},
    path::Path,
    process::{ExitStatus, Stdio},
};

use nix::sys::signal::Signal;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::UnixStream,
    process::{Child, ChildStderr, Command},
    time::timeout_at,
};

use super::{
    Page, PageOutcome, ReadError, Reason, SUBCOMMAND, Summary,
    parent::Reading,
    protocol::{Line, Order, Refusal, longest_line},
};

/// What the standard library says when there is no memory left, before it aborts.
const NO_MEMORY: &[u8] = b"memory allocation of";

/// How much of what a dying child says is looked at.
const LAST_WORDS: u64 = 64 * 1024;

/// How a child ended.
pub(super) enum End {
    /// With all pages said.
    Done,
    /// It could not open the file.
    Refused(ReadError),
    /// Before its time, possibly while the second engine read.
    Died { reason: Reason, in_second: bool, draft: Option<Page> },
    /// The time for the file is over.
    OutOfTime,
}

/// One child's work on a file.
pub(super) struct Attempt<'a, 'b> {
    pub(super) exe: &'a Path,
    pub(super) file: &'a File,
    pub(super) reading: &'a mut Reading<'b>,
}

impl Attempt<'_, '_> {
    pub(super) async fn run(mut self, order: &Order) -> Result<End, ReadError> {
        let (mut child, socket) = spawn(self.exe, SUBCOMMAND, self.file)?;
        let last_words = child.stderr.take().map(|stderr| tokio::spawn(ran_out_of_memory(stderr)));
        let deadline = tokio::time::Instant::from_std(self.reading.ends_at);
        let mut heard = Progress::default();
        let listened = timeout_at(deadline, self.listen(socket, order, &mut heard)).await;
        // Done, out of time, or saying what no child of ours says. One that is dying already keeps its own reason.
        child.start_kill()?;
        let status = child.wait().await?;
        let Ok(listened) = listened else { return Ok(End::OutOfTime) };
        if let Some(end) = listened? {
            return Ok(end);
        }
        let no_memory = match last_words {
            Some(task) => task.await.unwrap_or(false),
            None => false,
        };
        let reason = reason(status, no_memory);
        self.reading.cpu_used += match reason {
            Reason::TookTooLong => heard.cpu + order.cpu_of_one_page,
            _ => heard.cpu,
        };
        Ok(End::Died { reason, in_second: heard.in_second, draft: heard.draft })
    }

    /// Says the order and takes what comes; `None` if the child stopped speaking before it was done.
    async fn listen(
        &mut self,
        mut socket: UnixStream,
        order: &Order,
        heard: &mut Progress,
    ) -> Result<Option<End>, ReadError> {
        let mut said = serde_json::to_vec(order).map_err(io::Error::other)?;
        said.push(b'\n');
        if socket.write_all(&said).await.is_err() {
            return Ok(None);
        }
        let longest = longest_line(order.page_text);
        let mut lines = BufReader::new(socket);
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = (&mut lines).take(longest as u64).read_until(b'\n', &mut line).await;
            if !matches!(read, Ok(1..)) || line.last() != Some(&b'\n') {
                return Ok(None);
            }
            let Ok(line) = serde_json::from_slice(&line) else { return Ok(None) };
            match self.take(line, order, heard).await? {
                Heed::GoOn => {}
                Heed::End(end) => return Ok(Some(end)),
                Heed::Nonsense => return Ok(None),
            }
        }
    }

    /// What the child says is believed only as far as it fits.
    async fn take(&mut self, line: Line, order: &Order, heard: &mut Progress) -> Result<Heed, ReadError> {
        let known = self.reading.summary.as_ref().map(|summary| summary.pages);
        match line {
            Line::Opened { pages, title } if !heard.opened && pages <= order.max_pages => {
                heard.opened = true;
                if known.is_none() {
                    self.reading.summary = Some(Summary { pages, title });
                }
            }
            Line::Begun { page, second, cpu } if heard.opened && page == self.reading.next => {
                (heard.in_second, heard.cpu) = (second, cpu);
            }
            Line::Draft { label, text } if known.is_some_and(|pages| self.reading.next < pages) => {
                heard.draft = Some(page(self.reading.next, label, text, None, true));
            }
            Line::Page { index, label, text, failed, doubtful }
                if heard.opened && index == self.reading.next && known.is_some_and(|pages| index < pages) =>
            {
                (heard.in_second, heard.draft) = (false, None);
                self.reading.send(page(index, label, text, failed, doubtful)).await?;
            }
            Line::Done if heard.opened => return Ok(Heed::End(End::Done)),
            Line::Refused(refusal) if !heard.opened => {
                return Ok(Heed::End(End::Refused(refused(refusal, order.max_pages))));
            }
            _ => return Ok(Heed::Nonsense),
        }
        Ok(Heed::GoOn)
    }
}

/// Starts a child; the socket is in place of its standard output.
pub(super) fn spawn(exe: &Path, subcommand: &str, file: &File) -> io::Result<(Child, UnixStream)> {
    let (ours, theirs) = StdUnixStream::pair()?;
    ours.set_nonblocking(true)?;
    let child = Command::new(exe)
        .arg(subcommand)
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::from(file.try_clone()?))
        .stdout(Stdio::from(OwnedFd::from(theirs)))
        .stderr(Stdio::piped())
        // A Ctrl-C is for us; what it means for the child, we decide.
        .process_group(0)
        .kill_on_drop(true)
        .spawn()?;
    Ok((child, UnixStream::from_std(ours)?))
}

fn page(index: u32, label: Option<String>, text: String, failed: Option<Reason>, doubtful: bool) -> Page {
    let outcome = match failed {
        Some(reason) => PageOutcome::Failed(reason),
        None if text.is_empty() => PageOutcome::NoText,
        None => PageOutcome::Read,
    };
    Page { index, label, text, outcome, doubtful: doubtful && outcome == PageOutcome::Read }
}

/// What a line means for the listening.
enum Heed {
    GoOn,
    End(End),
    Nonsense,
}

/// What a child said of itself.
#[derive(Default)]
struct Progress {
    opened: bool,
    in_second: bool,
    draft: Option<Page>,
    cpu: u64,
}

fn refused(refusal: Refusal, limit: u32) -> ReadError {
    match refusal {
        Refusal::NotAPdf => ReadError::NotAPdf,
        Refusal::Damaged => ReadError::Damaged,
        Refusal::NeedsPassword => ReadError::NeedsPassword,
        Refusal::WrongPassword => ReadError::WrongPassword,
        Refusal::TooManyPages(pages) => ReadError::TooManyPages { pages, limit },
    }
}

fn reason(status: ExitStatus, no_memory: bool) -> Reason {
    let signal = status.signal().and_then(|number| Signal::try_from(number).ok());
    match signal {
        _ if no_memory => Reason::OutOfMemory,
        Some(Signal::SIGXCPU | Signal::SIGALRM) => Reason::TookTooLong,
        _ => Reason::Crashed,
    }
}

/// Empties the child's standard error, of which nothing is kept: it may quote the document.
async fn ran_out_of_memory(mut stderr: ChildStderr) -> bool {
    let mut said = Vec::new();
    if (&mut stderr).take(LAST_WORDS).read_to_end(&mut said).await.is_err() {
        return false;
    }
    // To its end, so that a child that talks on is not held up.
    let rest = tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await;
    rest.is_ok() && said.windows(NO_MEMORY.len()).any(|window| window == NO_MEMORY)
}
