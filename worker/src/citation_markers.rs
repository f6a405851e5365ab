//! The citation markers of an answer, `[n]`, while it streams. What is certainly one is checked: other dresses of it
//! become `[n]`, and one that cites nothing is dropped. All else is told as it was sent: code, formulas, links,
//! intervals, indices.
//!
//! What is undecided is held back, and no longer than [`span::LONGEST`]; past that it is left alone.

use std::collections::BTreeSet;

mod around;
mod dress;
mod span;
#[cfg(test)]
mod tests;

use dress::{Bracket, Found, Verdict};
use span::{Inside, Line};

/// Lets text through, with the markers of passages that there are.
#[derive(Debug, Clone)]
pub(crate) struct CitationMarkers {
    /// What becomes of a marker.
    judge: Judge,
    /// What is undecided.
    held: String,
    /// What the next character stands in.
    inside: Inside,
    /// The line so far.
    line: Line,
    /// The passages that were met.
    met: BTreeSet<u32>,
}

/// What becomes of the markers of a text.
#[derive(Debug, Clone)]
enum Judge {
    /// Passages are numbered from 1 to this; others are none.
    Check(u32),
    /// Those of these passages go.
    Remove(BTreeSet<u32>),
}

/// What is done with the beginning of what is held.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// So many bytes are told as they are.
    Tell(usize),
    /// So many bytes are told as this.
    Put(usize, String),
    /// More must come first.
    More,
}

impl CitationMarkers {
    /// For an answer that may cite this many passages. None is an answer without documents: nothing is touched.
    pub(crate) const fn new(known: u32) -> Self {
        Self::judged_by(Judge::Check(known))
    }

    const fn judged_by(judge: Judge) -> Self {
        Self { judge, held: String::new(), inside: Inside::Text, line: Line::new(), met: BTreeSet::new() }
    }

    /// Takes the next piece of the answer, and gives what of it can be told.
    pub(crate) fn push(&mut self, piece: &str) -> String {
        self.held.push_str(piece);
        self.advance(false)
    }

    /// Gives what was held back to the end.
    pub(crate) fn finish(&mut self) -> String {
        self.advance(true)
    }

    fn advance(&mut self, ended: bool) -> String {
        let held = std::mem::take(&mut self.held);
        if self.knows_none() {
            return held;
        }
        let mut told = String::with_capacity(held.len());
        let mut rest = held.as_str();
        while !rest.is_empty() {
            let (bytes, put) = match self.step(rest, ended) {
                Step::Tell(bytes) => (bytes, None),
                Step::Put(bytes, text) => (bytes, Some(text)),
                Step::More => break,
            };
            let Some((raw, after)) = rest.split_at_checked(bytes.max(1)) else { break };
            told.push_str(put.as_deref().unwrap_or(raw));
            self.line.take(raw);
            rest = after;
        }
        rest.clone_into(&mut self.held);
        told
    }

    fn knows_none(&self) -> bool {
        match &self.judge {
            Judge::Check(known) => *known == 0,
            Judge::Remove(cited) => cited.is_empty(),
        }
    }

    fn step(&mut self, rest: &str, ended: bool) -> Step {
        match self.inside.clone() {
            Inside::Text => self.step_in_text(rest, ended),
            inside => {
                let (step, over) = inside.step(rest, &self.line, ended);
                if over {
                    self.inside = Inside::Text;
                }
                step
            }
        }
    }

    fn step_in_text(&mut self, rest: &str, ended: bool) -> Step {
        let plain = rest.find(|c: char| c == ' ' || c == '\u{a0}' || span::opens(c) || dress::opens(c));
        let (spaces, after) = match plain {
            None => return Step::Tell(rest.len()),
            Some(0) => {
                let after = rest.trim_start_matches([' ', '\u{a0}']);
                (rest.len() - after.len(), after)
            }
            Some(bytes) => return Step::Tell(bytes),
        };
        match after.chars().next() {
            // A marker that is dropped takes the space before it along.
            _ if spaces > dress::LONGEST => Step::Tell(rest.chars().next().map_or(1, char::len_utf8)),
            None if ended => Step::Tell(spaces),
            None => Step::More,
            Some(c) if dress::opens(c) => self.bracket(rest, spaces, ended),
            Some(_) if spaces > 0 => Step::Tell(spaces),
            Some(_) => {
                let (step, inside) = span::open(rest, &self.line, ended);
                if let Some(inside) = inside {
                    self.inside = inside;
                }
                step
            }
        }
    }

    /// A bracket after so many bytes of spaces.
    fn bracket(&mut self, rest: &str, spaces: usize, ended: bool) -> Step {
        let after = rest.get(spaces..).unwrap_or_default();
        let opener = after.chars().next().map_or(1, char::len_utf8);
        let bracket = match dress::read(after) {
            Found::Bracket(bracket) => bracket,
            Found::Unclosed if !ended => return Step::More,
            Found::Unclosed | Found::None => return Step::Tell(spaces + opener),
        };
        let whole = spaces + bracket.length;
        let alone = Step::Tell(spaces + opener);
        let put = match self.verdict(&bracket) {
            Verdict::Leave => return alone,
            Verdict::Drop => None,
            Verdict::Put(text) => Some(text),
        };
        // What is told as it was sent waits for nothing.
        let same = put.as_deref() == Some(bracket.raw);
        let follows = rest.get(whole..).unwrap_or_default();
        let certain = bracket.is_certain(&self.line, spaces > 0, follows, ended || same);
        match (certain, put) {
            (None, _) => Step::More,
            (Some(false), _) => alone,
            (Some(true), put) => {
                self.met.extend(&bracket.numbers);
                match put {
                    None => Step::Put(whole, String::new()),
                    Some(_) if same => Step::Tell(whole),
                    Some(put) => Step::Put(whole, rest.get(..spaces).unwrap_or_default().to_owned() + &put),
                }
            }
        }
    }

    fn verdict(&self, bracket: &Bracket<'_>) -> Verdict {
        match &self.judge {
            _ if self.line.is_code() => Verdict::Leave,
            Judge::Check(known) => bracket.checked(*known),
            Judge::Remove(cited) if bracket.numbers.iter().all(|n| cited.contains(n)) => Verdict::Drop,
            Judge::Remove(_) => Verdict::Leave,
        }
    }
}

/// A finished answer without the markers of the passages that it cited.
pub(crate) fn without(text: &str, cited: &BTreeSet<u32>) -> String {
    let mut citation_markers = CitationMarkers::judged_by(Judge::Remove(cited.clone()));
    let told = citation_markers.push(text);
    told + &citation_markers.finish()
}

/// Which of so many passages a finished text cites.
pub(crate) fn cited(text: &str, known: u32) -> BTreeSet<u32> {
    let mut citation_markers = CitationMarkers::new(known);
    citation_markers.push(text);
    citation_markers.finish();
    citation_markers.met.retain(|n| *n <= known);
    citation_markers.met
}
