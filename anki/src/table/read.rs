//! Reads a table of notes.

use std::collections::{BTreeMap, HashSet};

use csv::{ReaderBuilder, StringRecord};
use study::items::cloze;

use super::{BadLine, Table, head::Head};
use crate::{
    Card, Deck, Kind, Limits, LineFault, Note, Refusal, refusal::Part, text::markdown_from_html,
    write::hex_digest,
};

/// Tags of HTML by which a text is known as such where its table does not say.
const HTML: [&str; 12] =
    ["<br", "<div", "<p>", "<b>", "<i>", "<img ", "<span", "&nbsp;", "<ul>", "<li>", "<a ", "<strong"];

/// The notes of a table, all of whose cards are new. Lines that are none are told by their number, and all others are read.
pub fn read_table(bytes: &[u8], now: i64, limits: &Limits) -> Result<Table, Refusal> {
    if bytes.len() as u64 > limits.file.min(limits.text as u64) {
        return Err(Refusal::too_large(Part::Whole, limits.text as u64));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = str::from_utf8(bytes).map_err(|_error| Refusal::NotText)?;
    if text.contains('\0') {
        return Err(Refusal::NotText);
    }
    let head = Head::of(text)?;
    let is_html = head.html.unwrap_or_else(|| {
        let lower = text.to_ascii_lowercase();
        HTML.iter().any(|tag| lower.contains(tag))
    });
    let mut reader = Reader {
        head: &head,
        is_html,
        now,
        limits,
        table: Table::default(),
        guids: HashSet::new(),
        decks: BTreeMap::new(),
    };
    let mut records = ReaderBuilder::new();
    records.has_headers(false).flexible(true).comment(Some(b'#')).delimiter(head.separator(text));
    let mut records = records.from_reader(bytes);
    let mut record = StringRecord::new();
    while records.read_record(&mut record).map_err(|_error| Refusal::NotText)? {
        let (line, at) = record.position().map_or((0, 0), |position| (position.line(), position.byte()));
        let end = usize::try_from(records.position().byte()).unwrap_or(usize::MAX).min(bytes.len());
        let quotes = usize::try_from(at).ok().and_then(|at| bytes.get(at..end)).unwrap_or_default();
        let is_open = end == bytes.len() && quotes.split(|byte| *byte == b'"').count().is_multiple_of(2);
        if is_open && quotes.contains(&b'\n') {
            reader.table.bad.push(BadLine { line, why: LineFault::OpenQuotes });
            break;
        }
        if reader.table.package.notes.len() + reader.table.bad.len() >= limits.notes {
            return Err(Refusal::too_many(Part::Lines, limits.notes));
        }
        if let Err(why) = reader.add(&record) {
            reader.table.bad.push(BadLine { line, why });
        }
    }
    let Table { package, bad } = &reader.table;
    if package.notes.is_empty() && bad.is_empty() { Err(Refusal::EmptyTable) } else { Ok(reader.table) }
}

struct Reader<'a> {
    head: &'a Head,
    is_html: bool,
    now: i64,
    limits: &'a Limits,
    table: Table,
    guids: HashSet<String>,
    decks: BTreeMap<String, usize>,
}

impl Reader<'_> {
    fn add(&mut self, record: &StringRecord) -> Result<(), LineFault> {
        let head = self.head;
        if record.as_slice().len() > self.limits.note {
            return Err(LineFault::TooLong);
        }
        let at = |column: Option<usize>| {
            column.and_then(|column| record.get(column)).map(str::trim).filter(|text| !text.is_empty())
        };
        let source = head.columns.iter().position(|name| name == "source");
        let fields = record
            .iter()
            .enumerate()
            .filter(|(column, _)| !head.is_special(*column) && Some(*column) != source);
        let mut texts = fields.map(|(_, text)| self.markdown(text));
        let front = texts.next().filter(|front| !front.is_empty()).ok_or(LineFault::Empty)?;
        let back: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
        let named = at(head.kind_column).or(head.kind.as_deref()).map(str::to_lowercase);
        let numbers =
            cloze::numbers(&front).ok().filter(|_| named.as_ref().is_none_or(|name| name.contains("cloze")));
        let kind = match (&numbers, named) {
            (Some(_), _) => Kind::Cloze,
            (None, Some(name)) if name.contains("revers") && !back.is_empty() => Kind::BasicReversed,
            _ => Kind::Basic,
        };
        // A line that is there again changes the note that it made before.
        let guid =
            at(head.guid_column).map_or_else(|| format!("table:{}", hex_digest(&front)), str::to_owned);
        let guid = guid.chars().filter(|c| !c.is_control()).take(200).collect::<String>();
        if !self.guids.insert(guid.clone()) {
            self.table.package.report.notes_doubled += 1;
            return Ok(());
        }
        let tags = self.tags(at(head.tags_column).unwrap_or_default());
        let source = at(source).map(|text| self.markdown(text)).unwrap_or_default();
        let deck = self.deck(at(head.deck_column).or(head.deck.as_deref()).unwrap_or("Default"));
        let ordinals: Vec<u16> = match (kind, numbers) {
            (Kind::Cloze, Some(numbers)) => {
                numbers.into_iter().map(|number| number.saturating_sub(1)).collect()
            }
            (Kind::BasicReversed, _) => vec![0, 1],
            _ => vec![0],
        };
        let back = back.join("\n\n");
        let note = Note { guid, kind, front, back, source, tags, modified: self.now, ..Note::default() };
        self.push(note, deck, ordinals);
        Ok(())
    }

    fn push(&mut self, note: Note, deck: usize, ordinals: Vec<u16>) {
        let package = &mut self.table.package;
        let place = package.notes.len();
        let cards =
            ordinals.into_iter().map(|ordinal| Card { note: place, ordinal, deck, ..Card::default() });
        package.cards.extend(cards);
        *package.report.kinds.entry(<&str>::from(note.kind).to_owned()).or_default() += 1;
        package.notes.push(note);
    }

    /// Tags of every note, and those of a line.
    fn tags(&self, of_line: &str) -> Vec<String> {
        let mut tags = self.head.tags.clone();
        for tag in of_line.split_whitespace().take(self.limits.tags) {
            if !tags.iter().any(|other| other == tag) {
                tags.push(tag.chars().take(200).collect());
            }
        }
        tags
    }

    fn deck(&mut self, name: &str) -> usize {
        let decks = &mut self.table.package.decks;
        *self.decks.entry(name.to_owned()).or_insert_with(|| {
            decks.push(Deck {
                name: name.chars().filter(|c| !c.is_control()).take(1_000).collect(),
                ..Deck::default()
            });
            decks.len() - 1
        })
    }

    /// A text that is no HTML is Markdown, as people and models write it.
    fn markdown(&self, text: &str) -> String {
        if self.is_html { markdown_from_html(text).0 } else { text.replace("\r\n", "\n").trim().to_owned() }
    }
}
