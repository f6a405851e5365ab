//! The table that is printed in the end.

use std::fmt;

/// The columns.
const HEAD: [&str; 5] = ["what", "measured", "goal", "", "detail"];

/// A row.
#[derive(Debug)]
pub(crate) struct Row {
    cells: [String; 5],
}

impl Row {
    /// Something that has no goal.
    pub(crate) fn new(what: impl Into<String>, measured: impl Into<String>) -> Self {
        Self { cells: [what.into(), measured.into(), "–".to_owned(), String::new(), String::new()] }
    }

    /// The same with its goal, and whether that is reached.
    pub(crate) fn goal(self, goal: &str, reached: bool) -> Self {
        let [what, measured, _, _, detail] = self.cells;
        let verdict = if reached { "ok" } else { "short" };
        Self { cells: [what, measured, goal.to_owned(), verdict.to_owned(), detail] }
    }

    /// The same with more to be said.
    pub(crate) fn detail(self, detail: impl Into<String>) -> Self {
        let [what, measured, goal, verdict, _] = self.cells;
        Self { cells: [what, measured, goal, verdict, detail.into()] }
    }
}

/// What was found out.
#[derive(Debug)]
pub(crate) struct Table {
    header: Vec<(&'static str, String)>,
    rows: Vec<Row>,
}

impl Table {
    /// With what is known of the machine.
    pub(crate) const fn new(header: Vec<(&'static str, String)>) -> Self {
        Self { header, rows: Vec::new() }
    }

    /// Adds to the header what was not known of it.
    pub(crate) fn know(&mut self, what: &'static str, value: String) {
        if !self.header.iter().any(|(known, _)| *known == what) {
            self.header.push((what, value));
        }
    }

    /// Adds a row.
    pub(crate) fn add(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// Adds rows.
    pub(crate) fn extend(&mut self, rows: impl IntoIterator<Item = Row>) {
        self.rows.extend(rows);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f)?;
        for (what, value) in &self.header {
            writeln!(f, "{what}: {value}")?;
        }
        writeln!(f)?;
        let head = HEAD.map(ToOwned::to_owned);
        let lines = || std::iter::once(&head).chain(self.rows.iter().map(|row| &row.cells));
        let mut widths = [0; 5];
        for cells in lines() {
            for (width, cell) in widths.iter_mut().zip(cells) {
                *width = (*width).max(cell.chars().count());
            }
        }
        for (number, cells) in lines().enumerate() {
            write_line(f, cells, widths)?;
            if number == 0 {
                write_line(f, &widths.map(|width| "-".repeat(width.max(1))), widths)?;
            }
        }
        Ok(())
    }
}

fn write_line(f: &mut fmt::Formatter<'_>, cells: &[String; 5], widths: [usize; 5]) -> fmt::Result {
    for (cell, width) in cells.iter().zip(widths) {
        write!(f, "| {cell:<width$} ")?;
    }
    writeln!(f, "|")
}

/// Milliseconds, side by side.
pub(crate) fn ms(values: &[f64]) -> String {
    let values: Vec<_> = values.iter().map(|value| format!("{value:.2}")).collect();
    format!("{} ms", values.join(" / "))
}

/// A number with its thousands set apart.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How many of something a second.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of a run of seconds are small, and none is negative"
)]
pub(crate) fn a_second(count: u64, time: std::time::Duration) -> u64 {
    (count as f64 / time.as_secs_f64().max(1e-9)).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn columns_line_up() {
        let mut table = Table::new(vec![("machine", "one".to_owned())]);
        table.know("machine", "two".to_owned());
        table.add(Row::new("pickup", ms(&[1.0, 2.5])).goal("p50 ≤ 1.5 ms", true).detail("500 jobs"));
        let text = table.to_string();
        assert!(text.contains("machine: one") && !text.contains("two"));
        let widths: Vec<_> =
            text.lines().filter(|line| line.starts_with('|')).map(|line| line.chars().count()).collect();
        assert!(widths.len() == 3 && widths.windows(2).all(|pair| pair[0] == pair[1]), "{text}");
    }
}
