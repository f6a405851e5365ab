//! Markdown in which formulas, tags and signs have places of their own, so that a parser reads it as our pages do.

use super::{
    formulas::{self, Formula},
    signs::{FORMULA, FORMULA_END, LESS, NOTHING, STAR, TAG, TAG_END, TILDE},
    tags,
};

/// A text in which Markdown is read as our pages read it.
pub(super) struct Taken {
    pub(super) out: String,
    pub(super) formulas: Vec<Formula>,
    /// Deletions of a cloze that are open.
    deletions: usize,
    is_cloze: bool,
}

impl Taken {
    pub(super) fn of(markdown: &str, is_cloze: bool) -> Self {
        let out = String::with_capacity(markdown.len());
        let mut taken = Self { out, formulas: Vec::new(), deletions: 0, is_cloze };
        taken.lines(markdown);
        taken
    }

    /// Lines that would be read otherwise: one of dashes is a rule, and what looks like a definition is text.
    fn lines(&mut self, markdown: &str) {
        let mut text = String::with_capacity(markdown.len());
        let (mut fence, mut filled) = (false, false);
        for line in markdown.split('\n') {
            let trimmed = line.trim();
            fence ^= trimmed.starts_with("```") || trimmed.starts_with("~~~");
            let dashes = !trimmed.is_empty() && trimmed.chars().all(|c| c == '-');
            if dashes && filled && !fence {
                text.push('\n');
            }
            let is_definition =
                !fence && trimmed.trim_start_matches(['-', '*', '+', '>', ' ']).starts_with('[');
            text.push_str(&if is_definition {
                line.replace("]:", &format!("]{NOTHING}:"))
            } else {
                line.to_owned()
            });
            text.push('\n');
            filled = !trimmed.is_empty();
        }
        self.signs(&text);
    }

    fn signs(&mut self, markdown: &str) {
        let mut rest = markdown;
        let mut before = None;
        while let Some(c) = rest.chars().next() {
            let after = rest.get(c.len_utf8()..).unwrap_or_default();
            let (taken, next) = match c {
                '`' => self.code(rest),
                '$' | '\\' => self.formula(rest).unwrap_or_else(|| self.escape(rest)),
                '<' => match tags::first(rest) {
                    Some((number, after)) => {
                        self.out.extend([TAG.to_string(), number.to_string(), TAG_END.to_string()]);
                        (Some('>'), after)
                    }
                    None => self.sign(LESS, c, after),
                },
                '*' if between(before, after, |c| c.is_ascii_alphanumeric()) => self.sign(STAR, c, after),
                '~' if before != Some('~') && !after.starts_with('~') => self.sign(TILDE, c, after),
                _ => {
                    self.deletion(rest);
                    self.sign(c, c, after)
                }
            };
            before = taken;
            rest = next;
        }
    }

    fn sign<'a>(&mut self, sign: char, c: char, after: &'a str) -> (Option<char>, &'a str) {
        self.out.push(sign);
        (Some(c), after)
    }

    /// Code within a line, or a block of it, as it is.
    fn code<'a>(&mut self, rest: &'a str) -> (Option<char>, &'a str) {
        let inner = rest.trim_start_matches('`');
        let (ticks, mut at) = rest.split_at(rest.len() - inner.len());
        while let Some(found) = at.find('`') {
            let run = at.get(found..).unwrap_or_default();
            let after = run.trim_start_matches('`');
            if run.len() - after.len() == ticks.len() {
                let (code, after) = rest.split_at(rest.len() - after.len());
                self.out.push_str(code);
                return (Some('`'), after);
            }
            at = after;
        }
        self.out.push_str(ticks);
        (Some('`'), inner)
    }

    fn formula<'a>(&mut self, rest: &'a str) -> Option<(Option<char>, &'a str)> {
        let (mut formula, written, after) = formulas::first(rest)?;
        if self.is_cloze && self.deletions > 0 {
            formula.tex = parted(&formula.tex);
        }
        for at in written.char_indices().map(|(at, _)| at) {
            if formula.tex.contains("{{c") {
                self.deletion(written.get(at..).unwrap_or_default());
            }
        }
        self.out.extend([FORMULA.to_string(), self.formulas.len().to_string(), FORMULA_END.to_string()]);
        self.formulas.push(formula);
        Some((Some('$'), after))
    }

    fn escape<'a>(&mut self, rest: &'a str) -> (Option<char>, &'a str) {
        let mut signs = rest.chars();
        let first = signs.next();
        self.out.extend(first);
        let next = signs.next().filter(|c| first == Some('\\') && c.is_ascii_punctuation());
        self.out.extend(next);
        let length = first.map_or(0, char::len_utf8) + next.map_or(0, char::len_utf8);
        (next.or(first), rest.get(length..).unwrap_or_default())
    }

    /// Counts the deletions that are open.
    fn deletion(&mut self, rest: &str) {
        let is_number =
            |rest: &str| rest.split_once("::").is_some_and(|(number, _)| number.parse::<u16>().is_ok());
        if rest.strip_prefix("{{c").is_some_and(is_number) {
            self.deletions += 1;
        } else if rest.starts_with("}}") && !self.out.ends_with('}') {
            self.deletions = self.deletions.saturating_sub(1);
        }
    }
}

fn between(before: Option<char>, after: &str, is: fn(char) -> bool) -> bool {
    before.is_some_and(is) && after.starts_with(is)
}

/// A formula without two closing braces beside each other, unless they end a deletion that begins in it.
fn parted(tex: &str) -> String {
    let mut out = String::with_capacity(tex.len());
    let (mut open, mut rest) = (0_usize, tex);
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("{{c") {
            open += 1;
        }
        let mut length = c.len_utf8();
        if rest.starts_with("}}") {
            if open > 0 {
                open -= 1;
                length = 2;
                out.push_str("}}");
            } else {
                out.push_str("} ");
            }
        } else {
            out.push(c);
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}
