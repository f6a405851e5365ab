//! The table.

use std::fmt;

use crate::row::Row;

/// The rows, as Markdown.
#[derive(Debug)]
pub struct Table<'a>(pub &'a [Row]);

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| fault | accepted | answered | stopped | explained errors | lost | doubled | time to recover | target |"
        )?;
        writeln!(f, "|---|--:|--:|--:|--:|--:|--:|--:|--:|")?;
        for row in self.0 {
            let name = row.fault.name();
            let Some(audit) = &row.audit else {
                let why = row.not_applicable.unwrap_or_default();
                writeln!(f, "| {name} | – | – | – | – | – | – | {why} | |")?;
                continue;
            };
            let recovered =
                row.recovered.map_or("never".to_owned(), |took| format!("{:.1} s", took.as_secs_f64()));
            writeln!(
                f,
                "| {name} | {} | {} | {} | {} | {} | {} | {recovered} | ≤ {} s |",
                audit.accepted,
                audit.answered,
                audit.stopped,
                audit.explained,
                audit.lost,
                audit.doubled,
                row.fault.target().as_secs(),
            )?;
        }
        for row in self.0 {
            let Some(audit) = &row.audit else { continue };
            let name = row.fault.name();
            if audit.refused > 0 {
                writeln!(
                    f,
                    "\n{name}: {} questions were turned away before they were accepted",
                    audit.refused
                )?;
            }
            let shown = audit.problems.iter().take(12);
            for problem in shown {
                writeln!(f, "\n{name}: WRONG: {problem}")?;
            }
            if audit.problems.len() > 12 {
                writeln!(f, "\n{name}: and {} more", audit.problems.len() - 12)?;
            }
        }
        Ok(())
    }
}
