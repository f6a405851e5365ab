//! What an element of HTML is in Markdown, once it has ended.

use super::{
    marks,
    signs::{CODE, LEAD, LEAD_END},
    spans::{code, link},
};

/// An element that has begun.
#[derive(Debug)]
pub(super) enum Element {
    /// The whole, or what is transparent.
    Root,
    /// Emphasis, by its sign.
    Mark(char),
    /// A tag that Markdown keeps.
    Tag(&'static str),
    /// A link, with its address.
    Link(String),
    /// Code within a line.
    Code,
    /// Lines of code.
    Pre,
    /// A list, with the number of its next item where it has numbers.
    List(Option<u32>),
    /// An item.
    Item,
    /// A table, with its rows.
    Table(Vec<Vec<String>>),
    /// A row, with its cells.
    Row(Vec<String>),
    /// A cell.
    Cell,
    /// A heading of this level.
    Heading(usize),
    /// A quotation.
    Quote,
    /// A line of its own.
    Line,
    /// A paragraph.
    Paragraph,
}

impl Element {
    /// Whether it stands in a line of text.
    pub(super) fn is_inline(&self) -> bool {
        matches!(self, Self::Mark(_) | Self::Tag(_) | Self::Link(_) | Self::Code)
    }
}

/// An element with what it has so far.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) element: Element,
    /// The name of its tag.
    pub(super) name: String,
    pub(super) out: String,
    /// Line breaks before whatever comes next.
    gap: usize,
}

impl Frame {
    pub(super) fn new(element: Element, name: &str) -> Self {
        Self { element, name: name.to_owned(), out: String::new(), gap: 0 }
    }

    /// Adds to the line that is being written.
    pub(super) fn push(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.end_gap();
        self.out.push_str(text);
    }

    /// Adds what stands in a line, without a blank that would be the second one.
    fn push_span(&mut self, span: &str) {
        self.push(if self.is_at_blank() { span.trim_start_matches(' ') } else { span });
    }

    /// Whether a blank would be the first of a line.
    pub(super) fn is_at_blank(&self) -> bool {
        self.gap > 0 || self.out.is_empty() && !self.element.is_inline() || self.out.ends_with([' ', '\n'])
    }

    /// Ends the line.
    pub(super) fn br(&mut self) {
        self.end_gap();
        self.out.push('\n');
    }

    /// Adds a block, with so many line breaks around it.
    pub(super) fn block(&mut self, block: &str, gap: usize) {
        let block = block.trim_matches('\n');
        if block.trim().is_empty() {
            self.gap = self.gap.max(gap.min(1));
            return;
        }
        self.gap = self.gap.max(gap);
        self.end_gap();
        self.out.push_str(block);
        self.gap = gap;
    }

    /// Begins a new line with what comes next.
    pub(super) fn part(&mut self, gap: usize) {
        self.gap = self.gap.max(gap);
    }

    fn end_gap(&mut self) {
        let gap = std::mem::take(&mut self.gap);
        if self.out.trim().is_empty() {
            return;
        }
        let there = self.out.len() - self.out.trim_end_matches('\n').len();
        self.out.extend(std::iter::repeat_n('\n', gap.saturating_sub(there)));
    }
}

/// Adds an element that has ended to the one around it.
pub(super) fn end(frame: Frame, outer: &mut Frame) {
    let Frame { element, out, .. } = frame;
    // What has blocks in it is no part of a line.
    if element.is_inline() && out.contains(LEAD) {
        return outer.block(&out, 2);
    }
    match element {
        Element::Root => outer.push(&out),
        Element::Mark(mark) => outer.push_span(&marks::around(&out, mark)),
        Element::Tag(_) if out.trim().is_empty() || out.contains('\n') => outer.push_span(&out),
        Element::Tag(name) => outer.push(&format!("<{name}>{out}</{name}>")),
        Element::Link(address) => outer.push_span(&link(&out, &address)),
        Element::Code => outer.push(&code(&out)),
        Element::Pre => outer.block(&pre(&out), 2),
        Element::List(_) => outer
            .block(&out, if matches!(outer.element, Element::Item) && !starts_late(&out) { 1 } else { 2 }),
        Element::Item => item(&out, outer),
        Element::Table(rows) => outer.block(&table(&rows), 2),
        Element::Row(cells) => match &mut outer.element {
            Element::Table(rows) if !cells.is_empty() => rows.push(cells),
            _ => outer.block(&cells.join(" "), 1),
        },
        Element::Cell => {
            let text = out.trim().lines().map(str::trim).filter(|line| !line.is_empty());
            let text = without_leads(&text.collect::<Vec<_>>().join("<br>"));
            match &mut outer.element {
                Element::Row(cells) => cells.push(text),
                _ => outer.block(&text, 1),
            }
        }
        Element::Heading(level) => {
            let text = without_leads(&one_line(&out));
            if !text.is_empty() {
                outer.block(&format!("{LEAD}{} {LEAD_END}{text}", "#".repeat(level.clamp(1, 6))), 2);
            }
        }
        Element::Quote => {
            let text = squeezed(&out);
            let lines = text.lines().map(|line| format!("{LEAD}> {LEAD_END}{line}\n"));
            outer.block(&lines.collect::<String>(), 2);
        }
        Element::Line if out.contains('\n') && out.trim().is_empty() => {
            outer.part(1);
            outer.br();
        }
        Element::Line => outer.block(&out, 1),
        Element::Paragraph => outer.block(&out, 2),
    }
}

/// A list with numbers that begins late can't interrupt a paragraph.
fn starts_late(list: &str) -> bool {
    list.strip_prefix(LEAD)
        .is_some_and(|list| list.starts_with(|c: char| c.is_ascii_digit()) && !list.starts_with("1."))
}

fn item(text: &str, list: &mut Frame) {
    let text = squeezed(text);
    if text.is_empty() {
        return;
    }
    let mark = match &mut list.element {
        Element::List(Some(number)) => {
            let mark = format!("{number}. ");
            *number = number.saturating_add(1);
            mark
        }
        _ => "- ".to_owned(),
    };
    let indent = " ".repeat(mark.len());
    let mut item = format!("{LEAD}{mark}{LEAD_END}");
    for (at, line) in text.lines().enumerate() {
        if at > 0 {
            item.push('\n');
            item.push_str(if line.is_empty() { "" } else { &indent });
        }
        item.push_str(line);
    }
    list.block(&item, 1);
}

/// Without blank lines at its ends, and never two of them.
fn squeezed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = true;
    for line in text.split('\n') {
        let line = line.trim_end();
        if line.is_empty() && blank {
            continue;
        }
        blank = line.is_empty();
        out.push_str(line);
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn without_leads(text: &str) -> String {
    text.replace([LEAD, LEAD_END, CODE], "")
}

fn pre(text: &str) -> String {
    let text = text.trim_matches('\n');
    if text.trim().is_empty() {
        return String::new();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let mut out = format!("{LEAD}{fence}{LEAD_END}\n");
    for line in text.split('\n') {
        out.push(CODE);
        out.push_str(line);
        out.push('\n');
    }
    out + &format!("{LEAD}{fence}{LEAD_END}")
}

fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut lines = Vec::new();
    for row in rows {
        let cells = row.iter().map(String::as_str).chain(std::iter::repeat("")).take(columns);
        let cells: String = cells.flat_map(|cell| [" ", cell, " |"]).collect();
        lines.push(format!("{LEAD}|{cells}{LEAD_END}"));
        if lines.len() == 1 {
            lines.push(format!("{LEAD}|{}{LEAD_END}", " --- |".repeat(columns)));
        }
    }
    lines.join("\n")
}
