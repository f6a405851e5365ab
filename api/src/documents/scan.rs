//! Asks a virus scanner (clamd) about a file, where one is set.

use std::time::Duration;

use anyhow::Context as _;
use files::Name;
use futures::TryStreamExt as _;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    App,
    error::{ApiError, ApiResult},
};

/// How long the scanner may take.
const PATIENCE: Duration = Duration::from_mins(2);

/// The most bytes of one piece of the stream.
const PIECE: usize = 64 << 10;

/// Lets a file pass that the scanner finds nothing in. A scanner that does not answer lets nothing pass.
pub(crate) async fn require_clean(app: &App, name: Name) -> ApiResult<()> {
    let Some(address) = &app.settings.clamd_addr else { return Ok(()) };
    let verdict = tokio::time::timeout(PATIENCE, verdict(app, address, name)).await;
    let verdict = verdict.context("the virus scanner does not answer").and_then(|verdict| verdict);
    match verdict.map_err(ApiError::Internal)?.as_str() {
        clean if clean.ends_with(" OK") => Ok(()),
        found if found.ends_with(" FOUND") => {
            tracing::warn!("the virus scanner found something in an upload");
            Err(ApiError::field("file", "was refused by the virus scanner"))
        }
        other => {
            let too_large = other.contains("size limit exceeded");
            let reason = if too_large {
                "the file is larger than the virus scanner takes"
            } else {
                "the virus scanner failed"
            };
            Err(ApiError::Internal(anyhow::anyhow!(reason)))
        }
    }
}

/// clamd's `INSTREAM`: pieces led by their length in four bytes, an empty one at the end, then one line of answer.
async fn verdict(app: &App, address: &str, name: Name) -> anyhow::Result<String> {
    let mut reading = app.files.read(name, None).await?.context("the file is gone")?;
    let mut clamd = TcpStream::connect(address).await.context("the virus scanner cannot be reached")?;
    clamd.write_all(b"zINSTREAM\0").await?;
    while let Some(bytes) = reading.bytes.try_next().await? {
        for piece in bytes.chunks(PIECE) {
            clamd.write_u32(u32::try_from(piece.len())?).await?;
            clamd.write_all(piece).await?;
        }
    }
    clamd.write_u32(0).await?;
    clamd.flush().await?;
    let mut answer = Vec::new();
    clamd.take(4096).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).trim_end_matches(['\0', '\n']).to_owned())
}
