//! Entries as CSV that a spreadsheet can open without harm.

use std::borrow::Cow;

use domain::audit::log::Entry;

/// The columns, in the guide's order.
const COLUMNS: [&str; 11] = [
    "id",
    "timestamp",
    "admin_id",
    "admin_email",
    "action_type",
    "target_type",
    "target_id",
    "details",
    "ip_address",
    "user_agent",
    "request_id",
];

/// A page of entries; the first has the names of the columns before it.
pub(super) fn page(entries: &[Entry], is_first: bool) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    if is_first {
        writer.write_record(COLUMNS)?;
    }
    for entry in entries {
        let id = |id: Option<uuid::Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let cells = [
            entry.id.to_string(),
            entry.timestamp.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true),
            id(entry.admin_id),
            text(entry.admin_email.as_deref()),
            entry.action_type.clone(),
            entry.target_type.clone(),
            text(entry.target_id.as_deref()),
            entry.details.to_string(),
            text(entry.ip_address.as_deref()),
            text(entry.user_agent.as_deref()),
            text(entry.request_id.as_deref()),
        ];
        writer.write_record(cells.iter().map(|cell| harmless(cell).into_owned()))?;
    }
    Ok(writer.into_inner()?)
}

/// A spreadsheet takes a cell that begins like this for a formula, and would run what a client called
/// itself. The apostrophe says that it is text.
fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '|', '%']) {
        format!("'{cell}").into()
    } else {
        cell.into()
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn no_cell_is_a_formula() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "|x", "%x"] {
            assert!(harmless(cell).starts_with('\''), "{cell:?}");
        }
        for cell in ["", "a=1", "curl/8", "{\"a\":1}", "2026-01-01T00:00:00Z"] {
            assert_eq!(harmless(cell), cell);
        }
    }
}
