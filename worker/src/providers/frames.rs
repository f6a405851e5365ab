//! Cuts a stream of bytes into frames: server-sent events, or lines of JSON.
//!
//! Of our own making, since `eventsource-stream` 0.2 panics on a byte order mark (it slices one
//! byte into three), lets a line grow without bound, and moves its whole buffer once a line.
//! Nothing here decodes text: a frame is cut at line ends, which are never inside a character, so
//! half a character at the edge of a chunk needs no care.

use std::ops::Range;

/// The longest line, and the longest event.
pub(super) const LONGEST_FRAME: usize = 1 << 20;

/// How much is kept of what is not an event.
const LONGEST_STRAY: usize = 64 << 10;

/// What a line of an event stream may start with.
const FIELDS: [&[u8]; 4] = [b"data", b"event", b"id", b"retry"];

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// How a protocol marks where a frame ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// Server-sent events: the frame is the event's data.
    Events,
    /// A line is a frame.
    Lines,
}

/// A frame is longer than [`LONGEST_FRAME`].
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong;

/// Bytes go in as they arrive, frames come out.
#[derive(Debug)]
pub(super) struct Frames {
    framing: Framing,
    lines: Lines,
    /// The data of the frame at hand. Kept, so that a frame costs a copy but no allocation.
    frame: Vec<u8>,
    /// Whether `frame` has been handed out, and so is to be forgotten.
    given: bool,
    /// Lines that are nothing an event stream has, such as those of an error page.
    stray: Vec<u8>,
    /// Whether there was any data.
    sound: bool,
    closed: bool,
}

impl Frames {
    pub(super) fn new(framing: Framing) -> Self {
        Self {
            framing,
            lines: Lines::default(),
            frame: Vec::new(),
            given: false,
            stray: Vec::new(),
            sound: false,
            closed: false,
        }
    }

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

    /// What arrived in the place of an event stream; empty where there was one.
    pub(super) fn stray(&self) -> &[u8] {
        if self.sound { &[] } else { &self.stray }
    }

    /// The next frame, never empty, or `None` until more bytes come.
    pub(super) fn next(&mut self) -> Result<Option<&[u8]>, TooLong> {
        if std::mem::take(&mut self.given) {
            self.frame.clear();
        }
        while let Some(line) = self.lines.next()? {
            let complete = match self.framing {
                Framing::Lines => {
                    self.frame.extend_from_slice(line.trim_ascii());
                    true
                }
                Framing::Events => take_field(line, &mut self.frame, &mut self.stray)?,
            };
            self.sound |= !self.frame.is_empty();
            if !complete || self.frame.is_empty() {
                continue;
            }
            if self.closed && !is_whole(&self.frame) {
                self.frame.clear();
                continue;
            }
            self.given = true;
            return Ok(Some(&self.frame));
        }
        Ok(None)
    }
}

/// Takes a line of an event stream; says whether it is the blank line that ends an event.
fn take_field(line: &[u8], data: &mut Vec<u8>, stray: &mut Vec<u8>) -> Result<bool, TooLong> {
    if line.is_empty() {
        return Ok(true);
    }
    let mut parts = line.splitn(2, |byte| *byte == b':');
    let name = parts.next().unwrap_or_default();
    let value = parts.next().unwrap_or_default();
    match name {
        b"data" => {
            let value = value.strip_prefix(b" ").unwrap_or(value);
            if data.len() + value.len() >= LONGEST_FRAME {
                return Err(TooLong);
            }
            if !data.is_empty() {
                data.push(b'\n');
            }
            data.extend_from_slice(value);
        }
        // A comment, which is how servers keep a quiet stream alive, or what we have no use for.
        b"" => {}
        name if FIELDS.contains(&name) => {}
        _ if stray.len() + line.len() < LONGEST_STRAY => {
            stray.extend_from_slice(line);
            stray.push(b'\n');
        }
        _ => {}
    }
    Ok(false)
}

/// Whether a frame that was cut off by the end of the stream happens to be complete.
fn is_whole(frame: &[u8]) -> bool {
    frame == b"[DONE]" || serde_json::from_slice::<serde::de::IgnoredAny>(frame).is_ok()
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
mod tests {
    use super::*;

    fn cut(framing: Framing, chunks: &[&[u8]]) -> Vec<String> {
        let mut frames = Frames::new(framing);
        let mut found = Vec::new();
        let drain = |frames: &mut Frames, found: &mut Vec<String>| {
            while let Some(frame) = frames.next().unwrap() {
                found.push(String::from_utf8_lossy(frame).into_owned());
            }
        };
        for chunk in chunks {
            frames.push(chunk);
            drain(&mut frames, &mut found);
        }
        frames.close();
        drain(&mut frames, &mut found);
        found
    }

    #[test]
    fn events_are_cut_at_any_byte_and_any_line_end() {
        let wire = "\u{feff}: hello\r\ndata: {\"a\":\r\ndata:\"é\"}\r\n\r\nid: 4\nevent: x\ndata: 2\n\n\
                    retry: 10\rdata: 3\r\rdata:\n\ndata\n\n";
        for size in 1..=wire.len() {
            let chunks: Vec<&[u8]> = wire.as_bytes().chunks(size).collect();
            assert_eq!(cut(Framing::Events, &chunks), ["{\"a\":\n\"é\"}", "2", "3"], "chunks of {size}");
        }
    }

    #[test]
    fn lines_are_cut_and_blank_ones_are_dropped() {
        assert_eq!(cut(Framing::Lines, &[b"{}\r", b"\n\n [1", b"]\n"]), ["{}", "[1]"]);
    }

    #[test]
    fn a_last_frame_without_its_line_end_counts_if_whole() {
        assert_eq!(cut(Framing::Events, &[b"data: {\"a\":1}"]), ["{\"a\":1}"]);
        assert_eq!(cut(Framing::Events, &[b"data: [DONE]\n"]), ["[DONE]"]);
        assert_eq!(cut(Framing::Events, &[b"data: {\"a\":"]), [""; 0]);
        assert_eq!(cut(Framing::Lines, &[b"{\"a\":1}"]), ["{\"a\":1}"]);
        assert_eq!(cut(Framing::Lines, &[b"{\"a\""]), [""; 0]);
    }

    #[test]
    fn neither_a_line_nor_an_event_grows_without_bound() {
        let mut frames = Frames::new(Framing::Events);
        frames.push(&vec![b'x'; LONGEST_FRAME]);
        assert_eq!(frames.next(), Ok(None));
        frames.push(b"xx");
        assert_eq!(frames.next(), Err(TooLong));

        let mut frames = Frames::new(Framing::Events);
        let line = [b"data: ".as_slice(), &vec![b'x'; 1 << 19], b"\n"].concat();
        frames.push(&line);
        assert_eq!(frames.next(), Ok(None));
        frames.push(&line);
        assert_eq!(frames.next(), Err(TooLong));
    }

    #[test]
    fn what_is_no_event_is_kept_for_the_error() {
        let mut frames = Frames::new(Framing::Events);
        frames.push(b"{\"error\":\n{\"code\":429}}\n");
        assert_eq!(frames.next(), Ok(None));
        assert_eq!(frames.stray(), b"{\"error\":\n{\"code\":429}}\n");
    }
}
