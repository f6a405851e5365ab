//! Makes a copy of a protected file that needs no password, for programs that would have to be told it where everybody
//! sees it. In a child, as whatever parses a stranger's file.

use std::{
    fs::File,
    io::{self, Seek as _, Write as _},
    path::Path,
    time::Instant,
};

use secrecy::SecretString;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{ReadError, ReaderLimits, SUBCOMMAND, attempt, parent, protocol::Order, unlock as locks};

/// How much larger than the file its copy may be: streams are as they were, and names are written anew.
const GROWTH: u64 = 4;

/// And so many bytes more.
const ROOM: u64 = 16 * 1024 * 1024;

/// What a child says before the copy.
const OPENED: u8 = b'+';

/// A copy of `file` that needs no password, in a place that has no name, made by a child of the program `exe`.
///
/// # Errors
/// [`ReadError::WrongPassword`] where the password does not open it; that it is damaged or takes too long.
pub async fn unlock(
    exe: &Path,
    file: File,
    password: &SecretString,
    limits: &ReaderLimits,
) -> Result<File, ReadError> {
    let most = file.metadata()?.len().saturating_mul(GROWTH).saturating_add(ROOM);
    let ends_at = Instant::now() + limits.wall;
    let order = Order { unlock: true, ..parent::first_order(limits, Some(password), ends_at) };
    // Killed where it is dropped.
    let (mut child, mut socket) = attempt::spawn(exe, SUBCOMMAND, &file)?;
    drop(child.stderr.take());
    let mut said = serde_json::to_vec(&order).map_err(io::Error::other)?;
    said.push(b'\n');
    let copied = async {
        socket.write_all(&said).await?;
        let opened = socket.read_u8().await.is_ok_and(|said| said == OPENED);
        let mut copy = tokio::fs::File::from_std(tempfile::tempfile()?);
        let length =
            if opened { tokio::io::copy(&mut (&mut socket).take(most), &mut copy).await? } else { 0 };
        copy.flush().await?;
        Ok::<_, io::Error>((opened, length, copy.into_std().await))
    };
    let copied = tokio::time::timeout_at(ends_at.into(), copied).await;
    // A child whose copy is not whole does not end well.
    let whole = matches!(&copied, Ok(Ok((true, length, _))) if *length < most)
        && tokio::time::timeout_at(ends_at.into(), child.wait())
            .await
            .is_ok_and(|ended| ended.is_ok_and(|status| status.success()));
    let Ok(copied) = copied else { return Err(ReadError::TookTooLong) };
    match copied? {
        (true, _, mut copy) if whole => {
            copy.rewind()?;
            Ok(copy)
        }
        (true, ..) => Err(ReadError::Damaged),
        (false, ..) => Err(ReadError::WrongPassword),
    }
}

/// What the child does: it sends the copy, or nothing. The empty password is tried first.
pub(super) fn obey(bytes: &[u8], password: &str, parent: &mut File) -> anyhow::Result<()> {
    let mut document = locks::second(bytes, Some(password))
        .map_err(|refusal| anyhow::anyhow!("it cannot be unlocked: {refusal:?}"))?;
    parent.write_all(&[OPENED])?;
    let mut to_parent = io::BufWriter::new(parent);
    document.save_to(&mut to_parent)?;
    to_parent.flush()?;
    Ok(())
}
