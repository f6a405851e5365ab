//! Thoughts within the text of an answer: `<think>…</think>` and its kin. They are no answer, so they are taken out,
//! where it is certain that they are thoughts: at the beginning, or before a closing tag that nothing opened. What is
//! in code, or further on in an answer, stays.

/// How thoughts begin, and what may end them.
const TAGS: [(&str, &[&str]); 11] = [
    ("<think>", &["</think>", "</thinking>"]),
    ("<thinking>", &["</thinking>", "</think>"]),
    ("<thought>", &["</thought>", "</thoughts>"]),
    ("<thoughts>", &["</thoughts>", "</thought>"]),
    ("<reasoning>", &["</reasoning>"]),
    ("<reflection>", &["</reflection>"]),
    ("<seed:think>", &["</seed:think>"]),
    ("[think]", &["[/think]"]),
    ("◁think▷", &["◁/think▷"]),
    ("<unused94>", &["<unused95>"]),
    ("<|channel|>analysis<|message|>", &["<|channel|>final<|message|>"]),
];

/// What ends thoughts also where a template opened them out of sight.
const ENDS: [&str; 4] = ["</think>", "</thinking>", "[/think]", "</seed:think>"];

/// More blocks of thoughts than any answer begins with: what follows is taken for text.
const MOST_BLOCKS: u8 = 16;

/// What comes of a piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text of the answer, never empty.
    Text(String),
    /// The model thinks.
    Thought,
    /// All text so far was a thought.
    TakenBack,
}

/// Takes thoughts out of a text that comes in pieces.
#[derive(Debug)]
pub(super) struct Thoughts {
    place: Place,
    /// What is not yet decided about.
    held: String,
    code: Code,
    /// How many blocks of thoughts there were.
    blocks: u8,
    /// The text itself speaks of such tags: none of them is one any more.
    speaks: bool,
}

/// Where in the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Nothing but white space yet; after thoughts, that is dropped.
    Start { after: bool },
    /// Within thoughts that end with one of these.
    Within(&'static [&'static str]),
    /// In the text.
    Text,
}

impl Default for Thoughts {
    fn default() -> Self {
        Self {
            place: Place::Start { after: false },
            held: String::new(),
            code: Code::default(),
            blocks: 0,
            speaks: false,
        }
    }
}

impl Thoughts {
    /// Takes the next piece.
    pub(super) fn push(&mut self, piece: &str) -> Vec<Piece> {
        let mut pieces = Vec::new();
        self.held.push_str(piece);
        loop {
            let place = self.place;
            match place {
                Place::Start { after } => self.begin(after, &mut pieces),
                Place::Within(ends) => self.think(ends, &mut pieces),
                Place::Text => self.speak(&mut pieces),
            }
            if self.place == place {
                return pieces;
            }
        }
    }

    /// What was held back to the end.
    pub(super) fn finish(&mut self) -> Option<String> {
        let held = std::mem::take(&mut self.held);
        let text = match self.place {
            Place::Start { after: true } => indented(&held).to_owned(),
            Place::Within(_) => String::new(),
            Place::Start { after: false } | Place::Text => held,
        };
        Some(text).filter(|text| !text.is_empty())
    }

    fn begin(&mut self, after: bool, pieces: &mut Vec<Piece>) {
        let (mut rest, mut after) = (self.held.as_str(), after);
        while let Some(end) = ENDS.iter().find(|end| starts(rest.trim_start(), end)) {
            rest = rest.trim_start().get(end.len()..).unwrap_or_default();
            after = true;
        }
        self.held = rest.to_owned();
        self.place = Place::Start { after };
        let begun = self.held.trim_start();
        let open = TAGS.iter().find(|(open, _)| starts(begun, open));
        match open.filter(|_| self.blocks < MOST_BLOCKS) {
            _ if begun.is_empty() => {}
            Some((open, ends)) => {
                pieces.push(Piece::Thought);
                self.held = begun.get(open.len()..).unwrap_or_default().to_owned();
                self.blocks += 1;
                self.place = Place::Within(ends);
            }
            None if open.is_none() && may_become_one(begun) => {}
            None => {
                if after {
                    self.held = indented(&self.held).to_owned();
                }
                self.place = Place::Text;
            }
        }
    }

    fn think(&mut self, ends: &[&str], pieces: &mut Vec<Piece>) {
        if !self.held.is_empty() && pieces.last() != Some(&Piece::Thought) {
            pieces.push(Piece::Thought);
        }
        let found = self.held.char_indices().find_map(|(at, _)| {
            let rest = self.held.get(at..)?;
            ends.iter().find(|end| starts(rest, end)).map(|end| at + end.len())
        });
        if let Some(end) = found {
            self.held.drain(..end);
            self.place = Place::Start { after: true };
            return;
        }
        let longest = ends.iter().map(|end| end.len()).max().unwrap_or_default();
        let mut kept = self.held.len().saturating_sub(longest);
        while !self.held.is_char_boundary(kept) {
            kept += 1;
        }
        self.held.drain(..kept);
    }

    fn speak(&mut self, pieces: &mut Vec<Piece>) {
        let held = std::mem::take(&mut self.held);
        let mut said = held.len();
        for (at, c) in held.char_indices() {
            let rest = held.get(at..).unwrap_or_default();
            let may_be_tag = !self.speaks && matches!(c, '<' | '[' | '◁') && !self.code.would_hold(c);
            if may_be_tag && let Some(end) = ENDS.iter().find(|end| starts(rest, end)) {
                pieces.retain(|pieces| !matches!(pieces, Piece::Text(_)));
                pieces.push(Piece::TakenBack);
                *self = Self { place: Place::Start { after: true }, speaks: true, ..Self::default() };
                rest.get(end.len()..).unwrap_or_default().clone_into(&mut self.held);
                return;
            }
            if may_be_tag && may_become_one(rest) {
                said = at;
                break;
            }
            self.speaks |= may_be_tag && TAGS.iter().any(|(open, _)| starts(rest, open));
            self.code.pass(c);
        }
        let (text, rest) = held.split_at(said);
        if !text.is_empty() {
            pieces.push(Piece::Text(text.to_owned()));
        }
        rest.clone_into(&mut self.held);
    }
}

/// Whether a text begins with a tag, in letters of any size.
fn starts(text: &str, tag: &str) -> bool {
    text.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag))
}

/// Whether more text may make a tag of this.
fn may_become_one(text: &str) -> bool {
    let tags = TAGS.iter().map(|(open, _)| open).chain(&ENDS);
    tags.filter(|tag| tag.len() > text.len())
        .any(|tag| tag.get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(text)))
}

/// The text without the blank lines before it. An indent of its first line stays.
fn indented(text: &str) -> &str {
    let begun = text.len() - text.trim_start().len();
    let blank = text.get(..begun).unwrap_or_default();
    let from = blank.rfind('\n').map_or(begun, |line_end| line_end + 1);
    text.get(from..).unwrap_or_default()
}

/// Whether a place in Markdown is within code.
#[derive(Debug, Default)]
struct Code {
    /// The fence of a block.
    fence: Option<(char, usize)>,
    /// How many backticks began code within a line.
    inline: Option<usize>,
    /// The run of backticks or tildes right before this place, and whether it began its line.
    run: Option<(char, usize, bool)>,
    /// There is something other than white space in this line.
    written: bool,
}

impl Code {
    /// Whether a character that comes now is code. It is no backtick.
    fn would_hold(&mut self, next: char) -> bool {
        self.end_run(next);
        self.fence.is_some() || self.inline.is_some()
    }

    fn pass(&mut self, c: char) {
        if let Some((of, length, _)) = &mut self.run
            && *of == c
        {
            *length += 1;
            return;
        }
        self.end_run(c);
        match c {
            '`' | '~' => self.run = Some((c, 1, !self.written)),
            '\n' => self.inline = None,
            _ => {}
        }
        self.written = c != '\n' && (self.written || !c.is_whitespace());
    }

    fn end_run(&mut self, next: char) {
        let Some((of, length, began)) = self.run.take() else { return };
        match self.fence {
            Some((fence, least)) if began && of == fence && length >= least && next.is_whitespace() => {
                self.fence = None;
            }
            None if began && length >= 3 => self.fence = Some((of, length)),
            None if of == '`' => match self.inline {
                None => self.inline = Some(length),
                Some(opening) if opening == length => self.inline = None,
                Some(_) => {}
            },
            Some(_) | None => {}
        }
    }
}

#[cfg(test)]
mod tests;
