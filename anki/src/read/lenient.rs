//! Values of a stranger's database, whatever type they are there.

use rusqlite::{Row, types::ValueRef};

use crate::Report;

/// A whole number; 0 where it is none.
pub(super) fn number(row: &Row<'_>, column: usize) -> i64 {
    match row.get_ref(column) {
        Ok(ValueRef::Integer(number)) => number,
        Ok(ValueRef::Real(number)) => whole(number),
        Ok(ValueRef::Text(text)) => {
            str::from_utf8(text).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0)
        }
        _ => 0,
    }
}

/// A text; what is no UTF-8 in it is replaced.
pub(super) fn text(row: &Row<'_>, column: usize) -> String {
    match row.get_ref(column) {
        Ok(ValueRef::Text(bytes) | ValueRef::Blob(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
        Ok(ValueRef::Integer(number)) => number.to_string(),
        Ok(ValueRef::Real(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// Bytes.
pub(super) fn bytes<'a>(row: &'a Row<'_>, column: usize) -> &'a [u8] {
    match row.get_ref(column) {
        Ok(ValueRef::Text(bytes) | ValueRef::Blob(bytes)) => bytes,
        _ => &[],
    }
}

/// A number within bounds; one that is not is counted.
pub(super) fn within(number: i64, least: i64, most: i64, report: &mut Report) -> i64 {
    let bounded = number.clamp(least, most);
    report.numbers_mended += usize::from(bounded != number);
    bounded
}

#[expect(clippy::cast_possible_truncation, reason = "a cast from a float ends at the bounds of the number")]
pub(super) fn whole(number: f64) -> i64 {
    number as i64
}

#[expect(clippy::cast_possible_truncation, reason = "what FSRS knows is kept in as many digits")]
pub(super) fn short(number: f64) -> f32 {
    number as f32
}
