//! What is printed on the pages as their numbers.

use hayro_syntax::object::{Array, Dict, Name, Object, String as PdfString};

use super::info;

/// Trees that are deeper have no labels there.
const DEEPEST: u32 = 16;

/// A file has no more ranges of labels, and no more parts of their tree.
const MOST: usize = 20_000;

/// Roman numbers and letters are used up to this, and figures beyond.
const MOST_LETTERS: u32 = 5_000;

/// From a page on, how pages are labelled.
struct Range {
    first: u32,
    style: Option<u8>,
    prefix: String,
    start: u32,
}

/// The labels of a file.
#[derive(Default)]
pub(super) struct Labels(Vec<Range>);

impl Labels {
    /// Those of a file, by its catalog.
    pub(super) fn of(catalog: &Dict<'_>) -> Self {
        let (mut ranges, mut left) = (Vec::new(), MOST);
        if let Some(tree) = catalog.get::<Dict<'_>>("PageLabels") {
            add(&tree, &mut ranges, &mut left, 0);
        }
        ranges.sort_by_key(|range| range.first);
        Self(ranges)
    }

    /// The label of a page. Those before the first range have none, and so have those that are labelled with nothing.
    pub(super) fn label(&self, page: u32) -> Option<String> {
        let after = self.0.partition_point(|range| range.first <= page);
        let range = self.0.get(after.checked_sub(1)?)?;
        let number = range.start.saturating_add(page - range.first);
        let label = range.prefix.clone() + &styled(number, range.style);
        (!label.is_empty()).then_some(label)
    }
}

/// Adds the ranges of a tree, of which no more than `left` parts are looked at: it may have itself for a part.
fn add(tree: &Dict<'_>, ranges: &mut Vec<Range>, left: &mut usize, depth: u32) {
    if depth > DEEPEST || ranges.len() > MOST || *left == 0 {
        return;
    }
    *left -= 1;
    if let Some(numbers) = tree.get::<Array<'_>>("Nums") {
        let mut items = numbers.iter::<Object<'_>>();
        while ranges.len() <= MOST
            && let (Some(first), Some(range)) = (items.next(), items.next())
        {
            let (Object::Number(first), Some(range)) = (first, range.into_dict()) else { continue };
            ranges.push(Range {
                first: u32::try_from(first.as_i64()).unwrap_or(0),
                style: range.get::<Name<'_>>("S").and_then(|style| style.as_ref().first().copied()),
                prefix: range
                    .get::<PdfString<'_>>("P")
                    .map(|text| info::decode(text.as_bytes()))
                    .unwrap_or_default(),
                start: range.get::<u32>("St").unwrap_or(1),
            });
        }
    }
    if let Some(kids) = tree.get::<Array<'_>>("Kids") {
        for kid in kids.iter::<Dict<'_>>().take(*left) {
            add(&kid, ranges, left, depth + 1);
        }
    }
}

fn styled(number: u32, style: Option<u8>) -> String {
    match style {
        Some(b'r' | b'R' | b'a' | b'A') if number == 0 || number > MOST_LETTERS => number.to_string(),
        Some(b'r') => roman(number),
        Some(b'R') => roman(number).to_uppercase(),
        Some(b'a') => letters(number),
        Some(b'A') => letters(number).to_uppercase(),
        Some(_) => number.to_string(),
        None => String::new(),
    }
}

fn roman(mut number: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    let mut roman = String::new();
    for (value, sign) in SIGNS {
        while number >= value {
            roman.push_str(sign);
            number -= value;
        }
    }
    roman
}

/// `a` to `z`, `aa` to `zz`, and so on.
fn letters(number: u32) -> String {
    let letter = char::from_u32(u32::from('a') + (number - 1) % 26).unwrap_or('a');
    let times = (number - 1) / 26 + 1;
    (0..times).map(|_| letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_each_style() {
        assert_eq!(styled(1994, Some(b'r')), "mcmxciv");
        assert_eq!(styled(4, Some(b'R')), "IV");
        assert_eq!([1, 26, 27, 53].map(|number| styled(number, Some(b'A'))), ["A", "Z", "AA", "AAA"]);
        assert_eq!(styled(7, Some(b'D')), "7");
        assert_eq!(styled(7, None), "");
    }

    #[test]
    fn a_range_has_prefix_and_start_and_pages_before_the_first_have_no_label() {
        let range =
            |first, style, prefix: &str, start| Range { first, style, prefix: prefix.to_owned(), start };
        let labels =
            Labels(vec![range(1, Some(b'r'), "", 1), range(3, Some(b'D'), "A-", 12), range(5, None, "", 1)]);
        let all: Vec<_> = (0..6).map(|page| labels.label(page)).collect();
        let said: Vec<_> = all.iter().map(|label| label.as_deref()).collect();
        assert_eq!(said, [None, Some("i"), Some("ii"), Some("A-12"), Some("A-13"), None]);
    }
}
