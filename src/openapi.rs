//! `medai openapi`

use anyhow::Context as _;

pub(crate) fn run() -> anyhow::Result<()> {
    let document = api::openapi().to_pretty_json().context("the document cannot be written")?;
    crate::print(&document);
    Ok(())
}
