//! Cuts a stream of bytes into frames: server-sent events, lines of JSON, or plain JSON.
//!
//! Of our own making, since `eventsource-stream` 0.2 panics on a byte order mark (it slices one
//! byte into three), lets a line grow without bound, and moves its whole buffer once a line.
//! Nothing here decodes text: a frame is cut at line ends, which are never inside a character, so
//! half a character at the edge of a chunk needs no care.

use std::ops::Range;

use super::json;

/// The longest line, and the longest event.
pub(super) const LONGEST_FRAME: usize = 1 << 20;

/// How much is kept of what is not an event.
const LONGEST_STRAY: usize = 64 << 10;

/// What a line of an event stream may start with.
const FIELDS: [&[u8]; 4] = [b"data", b"event", b"id", b"retry"];

/// How streams of OpenAI's protocol say that nothing more comes.
pub(super) const DONE: &[u8] = b"[DONE]";

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A frame is longer than [`LONGEST_FRAME`].
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong;

/// What a stream is made of.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Frame<'a> {
    /// The data of an event, or an object of JSON; never empty.
    Data {
        /// As it came.
        bytes: &'a [u8],
        /// Whether its event is called an error.
        error: bool,
    },
    /// A comment or a blank line: the server is there.
    Quiet,
}

/// Bytes go in as they arrive, frames come out: events, lines of JSON, or objects that go over many lines, whichever
/// comes. Servers answer in what their neighbours speak.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the stream")]
pub(super) struct Frames {
    lines: Lines,
    /// The data of the frame at hand. Kept, so that a frame costs a copy but no allocation.
    frame: Vec<u8>,
    /// Whether `frame` has been handed out, and so is to be forgotten.
    given: bool,
    /// What is to come after the frame that was handed out.
    next: Vec<u8>,
    /// Whether the event at hand is called an error.
    error: bool,
    bare: Bare,
    /// What is left of a line in which an object ended.
    rest: Vec<u8>,
    /// How much of it was read.
    rest_read: usize,
    /// Something came since the last frame that was none.
    quiet: bool,
    /// Lines that are nothing a stream has, such as those of an error page.
    stray: Vec<u8>,
    /// Whether there was any data.
    sound: bool,
    closed: bool,
}

/// What a line came to.
enum Taken {
    /// Nothing yet.
    Nothing,
    /// A frame is whole.
    Frame,
}

impl Frames {
    /// Takes the next bytes.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.lines.push(bytes);
    }

    /// No more bytes will come. A last frame that lacks its line end is still given, if whole.
    pub(super) fn close(&mut self) {
        self.closed = true;
        // A stream that breaks off within `data` is no error page.
        let rest = self.lines.rest();
        self.sound |= !rest.is_empty() && FIELDS.iter().any(|field| field.starts_with(rest));
        self.lines.push(b"\n\n");
    }

    /// What arrived in the place of a stream; empty where there was one.
    pub(super) fn stray(&self) -> &[u8] {
        if self.sound { &[] } else { &self.stray }
    }

    /// The next frame, or `None` until more bytes come.
    pub(super) fn next(&mut self) -> Result<Option<Frame<'_>>, TooLong> {
        if std::mem::take(&mut self.given) {
            std::mem::swap(&mut self.frame, &mut self.next);
            self.next.clear();
            self.error = false;
        }
        loop {
            let taken = if self.rest.is_empty() {
                let mut lines = std::mem::take(&mut self.lines);
                let taken = lines.next().and_then(|line| line.map(|line| self.take(line)).transpose());
                self.lines = lines;
                let Some(taken) = taken? else { break };
                taken
            } else {
                let rest = std::mem::take(&mut self.rest);
                let (taken, read) = self.take_bare(rest.get(self.rest_read..).unwrap_or_default())?;
                self.rest_read += read;
                if self.rest_read < rest.len() {
                    self.rest = rest;
                }
                taken
            };
            if matches!(taken, Taken::Nothing) {
                continue;
            }
            if self.closed && !is_whole(&self.frame) {
                self.frame.clear();
                self.error = false;
                continue;
            }
            self.given = true;
            self.quiet = false;
            return Ok(Some(Frame::Data { bytes: &self.frame, error: self.error }));
        }
        Ok(std::mem::take(&mut self.quiet).then_some(Frame::Quiet))
    }

    fn take(&mut self, line: &[u8]) -> Result<Taken, TooLong> {
        let field = line.splitn(2, |byte| *byte == b':').next().unwrap_or_default();
        if self.bare.is_open() {
            // Within an object no line begins like this: the object was never finished.
            let whole = line.starts_with(b"{") && is_whole(line);
            if !(whole || FIELDS.contains(&field)) {
                return self.begin_bare(line);
            }
            self.bare = Bare::default();
        }
        let begun = line.trim_ascii_start();
        match field {
            b"" => return Ok(self.take_blank(line)),
            name if FIELDS.contains(&name) => return self.take_field(name, line),
            _ => {}
        }
        if begun.eq_ignore_ascii_case(DONE) || begun.first().is_some_and(|byte| b"{[],".contains(byte)) {
            self.sound |= begun.starts_with(b"{");
            return self.begin_bare(line);
        }
        self.quiet |= begun.is_empty();
        if !begun.is_empty() && self.stray.len() + line.len() < LONGEST_STRAY {
            self.stray.extend_from_slice(line);
            self.stray.push(b'\n');
        }
        Ok(Taken::Nothing)
    }

    /// A blank line ends an event. A comment is how servers keep a quiet stream alive.
    fn take_blank(&mut self, line: &[u8]) -> Taken {
        self.quiet = true;
        let ended = line.is_empty();
        if ended && !self.frame.is_empty() {
            return Taken::Frame;
        }
        self.error &= !ended;
        Taken::Nothing
    }

    fn take_field(&mut self, name: &[u8], line: &[u8]) -> Result<Taken, TooLong> {
        let value = line.get(name.len() + 1..).unwrap_or_default();
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match name {
            b"data" if value.is_empty() => {}
            b"data" => {
                self.sound = true;
                if self.frame.len() + value.len() >= LONGEST_FRAME {
                    return Err(TooLong);
                }
                // Some put no blank line between events.
                if value.first().is_some_and(|byte| b"{[".contains(byte)) && self.is_one_whole_line() {
                    self.next.extend_from_slice(value);
                    return Ok(Taken::Frame);
                }
                if !self.frame.is_empty() {
                    self.frame.push(b'\n');
                }
                self.frame.extend_from_slice(value);
            }
            b"event" => self.error = matches!(value.trim_ascii(), b"error" | b"exception"),
            _ => {}
        }
        Ok(Taken::Nothing)
    }

    /// Whether the event at hand has one line, and that says all.
    fn is_one_whole_line(&self) -> bool {
        let ends = self.frame.ends_with(b"}") || self.frame.eq_ignore_ascii_case(DONE);
        ends && !self.frame.contains(&b'\n') && is_whole(&self.frame)
    }

    /// Takes a line of JSON that is in no event.
    fn begin_bare(&mut self, line: &[u8]) -> Result<Taken, TooLong> {
        let (taken, read) = self.take_bare(line)?;
        self.rest.extend_from_slice(line.get(read..).unwrap_or_default());
        self.rest_read = 0;
        Ok(taken)
    }

    /// Reads on to the end of an object, if there is one, and says how far.
    fn take_bare(&mut self, line: &[u8]) -> Result<(Taken, usize), TooLong> {
        if !self.bare.is_open() && line.trim_ascii().eq_ignore_ascii_case(DONE) {
            self.frame.clear();
            self.frame.extend_from_slice(DONE);
            return Ok((Taken::Frame, line.len()));
        }
        let (read, whole) = self.bare.read(line);
        if self.bare.object.len() > LONGEST_FRAME {
            return Err(TooLong);
        }
        if !whole {
            return Ok((Taken::Nothing, line.len()));
        }
        std::mem::swap(&mut self.frame, &mut self.bare.object);
        self.bare.object.clear();
        self.sound = true;
        Ok((Taken::Frame, read))
    }
}

/// Objects of JSON one after another, in a list or not.
#[derive(Debug, Default)]
struct Bare {
    object: Vec<u8>,
    depth: u32,
    within_string: bool,
    escaped: bool,
}

impl Bare {
    const fn is_open(&self) -> bool {
        self.depth > 0
    }

    /// Reads a line up to the end of an object: how far, and whether there was one.
    fn read(&mut self, line: &[u8]) -> (usize, bool) {
        for (at, byte) in line.iter().enumerate() {
            if self.depth == 0 && *byte != b'{' {
                continue;
            }
            self.object.push(*byte);
            match byte {
                _ if std::mem::take(&mut self.escaped) => {}
                b'\\' if self.within_string => self.escaped = true,
                b'"' => self.within_string = !self.within_string,
                b'{' if !self.within_string => self.depth += 1,
                b'}' if !self.within_string => self.depth -= 1,
                _ => {}
            }
            if self.depth == 0 {
                return (at + 1, true);
            }
        }
        if self.depth > 0 {
            self.object.push(b'\n');
        }
        (line.len(), false)
    }
}

/// Whether a frame that was cut off by the end of the stream happens to be complete.
fn is_whole(frame: &[u8]) -> bool {
    frame.trim_ascii().eq_ignore_ascii_case(DONE) || json::parse(frame).is_some()
}

/// Cuts bytes into lines that end in LF, CR LF or CR.
#[derive(Debug, Default)]
struct Lines {
    buffer: Vec<u8>,
    /// Where the next line starts.
    start: usize,
    /// Up to where there is no line end.
    searched: usize,
    /// The last line ended in CR: an LF that follows belongs to it.
    after_cr: bool,
    /// Whether the first line, which may open with a byte order mark, is gone.
    begun: bool,
}

impl Lines {
    fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.start);
        self.searched -= self.start;
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// What came of a line that is not complete.
    fn rest(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    fn next(&mut self) -> Result<Option<&[u8]>, TooLong> {
        let Some(range) = self.find()? else { return Ok(None) };
        let line = self.buffer.get(range).unwrap_or_default();
        if std::mem::replace(&mut self.begun, true) {
            return Ok(Some(line));
        }
        Ok(Some(line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line)))
    }

    fn find(&mut self) -> Result<Option<Range<usize>>, TooLong> {
        if self.after_cr && self.start < self.buffer.len() {
            self.after_cr = false;
            if self.buffer.get(self.start) == Some(&b'\n') {
                self.start += 1;
                self.searched = self.start;
            }
        }
        let unread = self.buffer.get(self.searched..).unwrap_or_default();
        let end = unread.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let Some(end) = end.map(|offset| self.searched + offset) else {
            self.searched = self.buffer.len();
            let kept = self.searched - self.start;
            return if kept > LONGEST_FRAME { Err(TooLong) } else { Ok(None) };
        };
        let line = self.start..end;
        self.after_cr = self.buffer.get(end) == Some(&b'\r');
        self.start = end + 1;
        self.searched = self.start;
        if line.len() > LONGEST_FRAME { Err(TooLong) } else { Ok(Some(line)) }
    }
}

#[cfg(test)]
mod tests;
