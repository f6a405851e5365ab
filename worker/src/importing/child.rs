//! The child that reads a file of cards: confined before it looks at the first byte. It hands on images first, encoded anew so
//! that nothing but their pixels is kept, and then all else.

use std::{
    fs::File,
    io::{BufReader, Read as _, Seek as _, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
};

use anki::{Limits, Media, Package, Refusal};
use files::picture::recode;
use ingest::reader::confined;
use serde::{Deserialize, Serialize};

/// The one argument that turns the program into the child.
pub const SUBCOMMAND: &str = "read-cards";

/// What the child is to do.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) limits: Limits,
    /// The present, in seconds since 1970.
    pub(super) now: i64,
}

/// What the child says, one JSON document a line, each with so many bytes behind it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    /// An image, whose bytes follow.
    Image { name: String, png: bool, width: u32, height: u32, bytes: usize },
    /// All else, whose JSON follows.
    Package { bytes: usize, images_left_out: usize, bad_lines: usize },
    /// It is not read.
    Refused(Refusal),
}

/// What the program does as that child.
pub fn child() -> ExitCode {
    confined::child(read)
}

fn read(mut file: File, mut parent: File, Order { limits, now }: Order) -> anyhow::Result<()> {
    let mut first = Vec::new();
    (&mut file).take(2).read_to_end(&mut first)?;
    file.rewind()?;
    let read = if first == b"PK" {
        read_package(file, &mut parent, &limits)?
    } else {
        let mut bytes = Vec::new();
        file.take(limits.file.saturating_add(1)).read_to_end(&mut bytes)?;
        anki::read_table(&bytes, now, &limits).map(|table| (table.package, 0, table.bad.len()))
    };
    match read {
        Ok((package, images_left_out, bad_lines)) => {
            let json = serde_json::to_vec(&package)?;
            drop(package);
            say(&mut parent, &Line::Package { bytes: json.len(), images_left_out, bad_lines }, &json)
        }
        Err(refusal) => say(&mut parent, &Line::Refused(refusal), &[]),
    }
}

fn read_package(
    file: File,
    parent: &mut File,
    limits: &Limits,
) -> anyhow::Result<Result<(Package, usize, usize), Refusal>> {
    let (mut left_out, mut failed) = (0, None);
    let read = anki::read_with(BufReader::new(file), limits, &mut |media| match send_image(parent, &media) {
        Ok(true) => {}
        Ok(false) => left_out += 1,
        Err(error) => failed = Some(error),
    });
    failed.map_or(Ok(read.map(|package| (package, left_out, 0))), Err)
}

/// False where it is no image that is shown here.
fn send_image(parent: &mut File, media: &Media) -> anyhow::Result<bool> {
    // A decoder that panics has met a file that nobody should use.
    let recoded = catch_unwind(AssertUnwindSafe(|| recode(&media.bytes)));
    let Ok(Ok(recoded)) = recoded else { return Ok(false) };
    let line = Line::Image {
        name: media.name.clone(),
        png: recoded.content_type == "image/png",
        width: recoded.width,
        height: recoded.height,
        bytes: recoded.bytes.len(),
    };
    say(parent, &line, &recoded.bytes)?;
    Ok(true)
}

fn say(parent: &mut impl Write, line: &Line, bytes: &[u8]) -> anyhow::Result<()> {
    let mut said = serde_json::to_vec(line)?;
    said.push(b'\n');
    parent.write_all(&said)?;
    parent.write_all(bytes)?;
    Ok(())
}
