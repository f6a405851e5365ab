//! The lines with a `#` that a table may begin with, as Anki writes them.

use crate::{LineFault, Refusal};

/// What they say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) separator: Option<u8>,
    pub(super) html: Option<bool>,
    /// Tags of every note.
    pub(super) tags: Vec<String>,
    pub(super) kind: Option<String>,
    pub(super) deck: Option<String>,
    /// Names of columns.
    pub(super) columns: Vec<String>,
    /// Places of columns, from 0.
    pub(super) tags_column: Option<usize>,
    pub(super) kind_column: Option<usize>,
    pub(super) deck_column: Option<usize>,
    pub(super) guid_column: Option<usize>,
}

impl Head {
    pub(super) fn of(text: &str) -> Result<Self, Refusal> {
        let mut head = Self::default();
        let mut columns = None;
        for (line, number) in text.lines().take_while(|line| line.starts_with('#')).zip(1_u64..) {
            let Some((name, value)) = line.get(1..).and_then(|line| line.split_once(':')) else { continue };
            let bad = |why| Refusal::BadLine { line: number, why };
            let place = || {
                let number = value.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
                number.filter(|place| *place < 1_000).map(Some).ok_or(bad(LineFault::Column))
            };
            let text = || Some(value.trim().to_owned()).filter(|text| !text.is_empty());
            match name.trim().to_ascii_lowercase().as_str() {
                "separator" => head.separator = Some(separator(value).ok_or(bad(LineFault::Separator))?),
                "html" => head.html = value.trim().to_ascii_lowercase().parse().ok(),
                "tags" => head.tags = value.split_whitespace().map(str::to_owned).collect(),
                "notetype" => head.kind = text(),
                "deck" => head.deck = text(),
                "columns" => columns = Some(value.to_owned()),
                "tags column" => head.tags_column = place()?,
                "notetype column" => head.kind_column = place()?,
                "deck column" => head.deck_column = place()?,
                "guid column" => head.guid_column = place()?,
                _ => {}
            }
        }
        if let Some(columns) = columns {
            let separator = char::from(head.separator.unwrap_or(b'\t'));
            head.columns =
                columns.split(separator).map(|name| name.trim().trim_matches('"').to_lowercase()).collect();
        }
        Ok(head)
    }

    /// What parts the columns, guessed from the first line where it is not said.
    pub(super) fn separator(&self, text: &str) -> u8 {
        let first =
            text.lines().find(|line| !line.starts_with('#') && !line.trim().is_empty()).unwrap_or_default();
        let guessed = [b'\t', b';', b',', b'|'].into_iter().find(|sign| first.contains(char::from(*sign)));
        self.separator.or(guessed).unwrap_or(b',')
    }

    /// Whether a column is one that says something of a note.
    pub(super) fn is_special(&self, column: usize) -> bool {
        [self.tags_column, self.kind_column, self.deck_column, self.guid_column].contains(&Some(column))
    }
}

fn separator(value: &str) -> Option<u8> {
    let named = match value.trim().to_ascii_lowercase().as_str() {
        "comma" => b',',
        "semicolon" => b';',
        "tab" | "\\t" => b'\t',
        "space" => b' ',
        "pipe" => b'|',
        "colon" => b':',
        _ => match value.trim_end_matches('\r').as_bytes() {
            [sign] => *sign,
            _ => return None,
        },
    };
    [b',', b';', b'\t', b' ', b'|', b':'].contains(&named).then_some(named)
}
