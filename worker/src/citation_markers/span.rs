//! What is no running text: code and formulas. As the students' page reads them.

use super::Step;

/// The longest code or formula that is held back until its end is seen, in bytes.
pub(super) const LONGEST: usize = 240;

/// How much of a line's end is kept.
const TAIL: usize = 32;

/// What a character stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Inside {
    Text,
    /// A block of code, until a line of at least so many of this mark.
    Fence(char, usize),
    /// A formula, until this; or until what it stands in ends.
    Until {
        end: &'static str,
        over: Over,
    },
    /// Code between so many backticks, until its paragraph ends.
    Ticks(usize),
}

/// What ends a formula that is never closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    Never,
    Line,
    Paragraph,
}

/// The line so far.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the line")]
pub(super) struct Line {
    /// Its last characters.
    tail: String,
    /// Its first two characters that are not white space.
    head: [Option<char>; 2],
    /// White space that it begins with.
    indent: usize,
    /// Nothing but white space and the marks of quotes.
    bare: bool,
    /// The same, or the mark of a list.
    begins: bool,
    /// The line before it is blank, or there is none.
    after_blank: bool,
    /// The line before it is code by its indent.
    after_code: bool,
    /// A list is open.
    in_list: bool,
}

impl Line {
    pub(super) const fn new() -> Self {
        Self {
            tail: String::new(),
            head: [None; 2],
            indent: 0,
            bare: true,
            begins: true,
            after_blank: true,
            after_code: false,
            in_list: false,
        }
    }

    /// What was told, as it was sent.
    pub(super) fn take(&mut self, raw: &str) {
        raw.chars().for_each(|c| self.take_one(c));
        if self.tail.len() > 2 * TAIL {
            let at = self.tail.len() - TAIL;
            let at = (at..self.tail.len()).find(|at| self.tail.is_char_boundary(*at)).unwrap_or(at);
            self.tail.drain(..at);
        }
    }

    fn take_one(&mut self, c: char) {
        if c == '\n' {
            let after_code = self.is_code() || (self.is_blank() && self.after_code);
            *self = Self {
                after_blank: self.is_blank(),
                after_code,
                in_list: self.leaves_list_open(),
                ..Self::new()
            };
            return;
        }
        match (self.head, c) {
            ([None, _], ' ') => self.indent += 1,
            ([None, _], '\t') => self.indent += 4,
            ([None, _], c) if c.is_whitespace() => {}
            ([None, _], c) => self.head = [Some(c), None],
            ([first, None], c) => self.head = [first, Some(c)],
            _ => {}
        }
        self.bare &= c.is_whitespace() || c == '>';
        self.begins &= c.is_whitespace() || matches!(c, '>' | '-' | '*' | '+' | '0'..='9' | '.' | ')');
        self.tail.push(c);
    }

    /// Whether what is indented below this line belongs to a list.
    const fn leaves_list_open(&self) -> bool {
        match self.head {
            [Some('-' | '*' | '+'), Some(' ' | '\t')] | [Some('0'..='9'), Some('0'..='9' | '.' | ')')] => {
                true
            }
            [Some(_), _] if self.indent == 0 => false,
            _ => self.in_list,
        }
    }

    /// Its last characters.
    pub(super) fn tail(&self) -> &str {
        &self.tail
    }

    /// Only white space and marks of lists and quotes stand before what comes.
    pub(super) const fn begins(&self) -> bool {
        self.begins
    }

    /// Only white space and marks of quotes stand before what comes.
    const fn is_bare(&self) -> bool {
        self.bare
    }

    /// Nothing but white space is in it.
    const fn is_blank(&self) -> bool {
        matches!(self.head, [None, _])
    }

    /// It may be a line of code by its indent.
    pub(super) const fn is_code(&self) -> bool {
        self.indent >= 4 && !self.in_list && (self.after_blank || self.after_code)
    }
}

/// Whether code or a formula may begin with this.
pub(super) const fn opens(c: char) -> bool {
    matches!(c, '`' | '~' | '$' | '\\')
}

/// What begins here: how much of it is told, and what comes then stands in.
pub(super) fn open(rest: &str, line: &Line, ended: bool) -> (Step, Option<Inside>) {
    match rest.chars().next() {
        Some('$') => dollar(rest, ended),
        Some('\\') => backslash(rest, ended),
        Some(mark) => ticks(mark, rest, line, ended),
        None => (Step::More, None),
    }
}

/// `$…$` on one line is a formula where its dollars hug what is between them and no digit follows: others are money.
fn dollar(rest: &str, ended: bool) -> (Step, Option<Inside>) {
    let after = rest.get(1..).unwrap_or_default();
    if after.starts_with('$') {
        return (Step::Tell(2), Some(Inside::Until { end: "$$", over: Over::Never }));
    }
    let plain = (Step::Tell(1), None);
    let (seen, long) = window(after);
    let Some(at) = seen.find(['$', '\n']) else {
        return match (long, ended) {
            (true, _) => (Step::Tell(1), Some(Inside::Until { end: "$", over: Over::Line })),
            (false, true) => plain,
            (false, false) => (Step::More, None),
        };
    };
    let (inner, end) = after.split_at_checked(at).unwrap_or_default();
    if end.starts_with('\n') || inner.trim() != inner || inner.is_empty() {
        return plain;
    }
    match end.chars().nth(1) {
        None if !ended => (Step::More, None),
        Some(next) if next.is_ascii_digit() => plain,
        _ => (Step::Tell(at + 2), None),
    }
}

/// `\[…\]` and `\(…\)` are formulas; what else is escaped is told.
fn backslash(rest: &str, ended: bool) -> (Step, Option<Inside>) {
    match rest.chars().nth(1) {
        None if !ended => (Step::More, None),
        None => (Step::Tell(1), None),
        Some('[') => (Step::Tell(2), Some(Inside::Until { end: "\\]", over: Over::Paragraph })),
        Some('(') => (Step::Tell(2), Some(Inside::Until { end: "\\)", over: Over::Paragraph })),
        Some(next) => (Step::Tell(1 + next.len_utf8()), None),
    }
}

/// Code between backticks, or a block of it.
fn ticks(mark: char, rest: &str, line: &Line, ended: bool) -> (Step, Option<Inside>) {
    let run = (rest.len() - rest.trim_start_matches(mark).len()).min(LONGEST);
    let after = rest.get(run..).unwrap_or_default();
    if after.is_empty() && !ended {
        return (Step::More, None);
    }
    let (seen, long) = window(after);
    if run >= 3 && line.begins() {
        // Backticks later in its line make it code within a line.
        let end = seen.chars().find(|c| *c == '\n' || (*c == '`' && mark == '`'));
        match end {
            None if !long && !ended => return (Step::More, None),
            Some('`') => {}
            None | Some(_) => return (Step::Tell(run), Some(Inside::Fence(mark, run))),
        }
    }
    if mark == '~' {
        return (Step::Tell(run), None);
    }
    match closing(seen, run, ended && !long) {
        Closing::At(end) => (Step::Tell(run + end), None),
        Closing::Never => (Step::Tell(run), None),
        Closing::Unknown if long => (Step::Tell(run), Some(Inside::Ticks(run))),
        Closing::Unknown => (Step::More, None),
    }
}

/// As much of a text as is looked through, and whether there is more.
fn window(text: &str) -> (&str, bool) {
    let end = (0..=LONGEST.min(text.len())).rfind(|at| text.is_char_boundary(*at)).unwrap_or(0);
    (text.get(..end).unwrap_or_default(), end < text.len())
}

/// Where a run of so many backticks ends.
enum Closing {
    At(usize),
    Never,
    Unknown,
}

fn closing(text: &str, run: usize, ended: bool) -> Closing {
    let paragraph = paragraph_end(text);
    let within = text.get(..paragraph.unwrap_or(text.len())).unwrap_or_default();
    let mut at = 0;
    while let Some(found) = within.get(at..).and_then(|rest| rest.find('`')) {
        let rest = within.get(at + found..).unwrap_or_default();
        let length = rest.len() - rest.trim_start_matches('`').len();
        at += found + length;
        if at == text.len() && !ended {
            return Closing::Unknown;
        }
        if length == run {
            return Closing::At(at);
        }
    }
    if paragraph.is_some() || ended { Closing::Never } else { Closing::Unknown }
}

/// Where a blank line is.
fn paragraph_end(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if at > 0 && line.ends_with('\n') && line.trim().is_empty() {
            return Some(at);
        }
        at += line.len();
    }
    None
}

impl Inside {
    /// Tells more of it; true where it is over by that.
    pub(super) fn step(&self, rest: &str, line: &Line, ended: bool) -> (Step, bool) {
        match self {
            Self::Text => (Step::Tell(0), true),
            Self::Fence(mark, run) => fence(*mark, *run, rest, line, ended),
            Self::Until { end, over } => until(end, *over, rest, line, ended),
            Self::Ticks(run) => in_ticks(*run, rest, line, ended),
        }
    }
}

/// A line at a time: only a whole one can be seen to close the block.
fn fence(mark: char, run: usize, rest: &str, line: &Line, ended: bool) -> (Step, bool) {
    let end = rest.find('\n');
    let this = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
    let marks = this.trim_start_matches([' ', '\t', '>']);
    let may_close = line.is_bare() && marks.trim_end().chars().all(|c| c == mark);
    match end {
        Some(at) => {
            let closes = may_close && marks.trim_end().chars().count() >= run;
            (Step::Tell(at + 1), closes)
        }
        None if ended || !may_close || this.len() > LONGEST => (Step::Tell(rest.len()), false),
        None => (Step::More, false),
    }
}

fn until(end: &str, over: Over, rest: &str, line: &Line, ended: bool) -> (Step, bool) {
    let found = rest.find(end);
    let broken = match over {
        Over::Never => None,
        Over::Line => rest.find('\n'),
        Over::Paragraph => blank_line(rest, line),
    };
    match (found, broken) {
        (Some(at), broken) if broken.is_none_or(|broken| at < broken) => (Step::Tell(at + end.len()), true),
        (_, Some(broken)) => (Step::Tell(broken + 1), true),
        _ => {
            // The first half of its end may be there.
            let half = end.len() > 1 && rest.ends_with(end.get(..1).unwrap_or_default());
            match rest.len() - usize::from(half && !ended) {
                0 => (Step::More, false),
                told => (Step::Tell(told), false),
            }
        }
    }
}

/// Where the line feed is that makes a line blank.
fn blank_line(rest: &str, line: &Line) -> Option<usize> {
    let mut blank = line.is_blank();
    for (at, c) in rest.char_indices() {
        match c {
            '\n' if blank => return Some(at),
            '\n' => blank = true,
            c => blank &= c.is_whitespace(),
        }
    }
    None
}

fn in_ticks(run: usize, rest: &str, line: &Line, ended: bool) -> (Step, bool) {
    let tick = rest.find('`').unwrap_or(rest.len());
    if let Some(broken) = blank_line(rest, line).filter(|broken| *broken < tick) {
        return (Step::Tell(broken + 1), true);
    }
    if tick > 0 {
        return (Step::Tell(tick), false);
    }
    let length = rest.len() - rest.trim_start_matches('`').len();
    if length == rest.len() && !ended {
        return (Step::More, false);
    }
    (Step::Tell(length), length == run)
}
