//! Media: images that notes show. A name in a package is never a path, and nothing is stored by one.

use std::{
    collections::{BTreeMap, HashSet},
    io::{Read, Seek},
};

use prost::Message as _;

use super::{
    archive::{Archive, Form, Missing},
    messages::MediaEntries,
};
use crate::{Limits, Media, Package, Refusal, Report, refusal::Part};

/// Ends of names of sounds and videos.
const SOUNDS: [&str; 26] = [
    "mp3", "wav", "ogg", "oga", "opus", "m4a", "flac", "aac", "wma", "spx", "mka", "amr", "mp4", "webm",
    "mkv", "mov", "avi", "mpg", "mpeg", "ogv", "ogx", "m4v", "flv", "swf", "3gp", "ts",
];

/// Hands on the images that notes show. Those of `package.media` are only named, and are taken from it.
pub(super) fn read<R: Read + Seek>(
    archive: &mut Archive<R>,
    form: Form,
    limits: &Limits,
    package: &mut Package,
    image: &mut dyn FnMut(Media),
) -> Result<(), Refusal> {
    let mut shown: HashSet<String> =
        std::mem::take(&mut package.media).into_iter().map(|media| media.name).collect();
    let report = &mut package.report;
    let mut left = limits.images;
    for (entry, name) in list(archive, form, limits)? {
        let end = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
        if SOUNDS.contains(&end.as_str()) {
            report.media_sound += 1;
            continue;
        }
        if !is_name(&name) {
            report.media_damaged += 1;
            continue;
        }
        // What is an image is told by its bytes; what no note shows is not even unpacked.
        if !shown.remove(&name) {
            report.media_unused += 1;
            continue;
        }
        match archive.bytes(&entry, form.zstd, limits.image.min(left)) {
            Ok(bytes) if is_image(&bytes) => {
                left = left.saturating_sub(bytes.len() as u64);
                image(Media { name, bytes });
            }
            Ok(_) => report.media_unused += 1,
            Err(missing) => count(&missing, report),
        }
    }
    report.media_missing += shown.len();
    Ok(())
}

fn count(missing: &Missing, report: &mut Report) {
    match missing {
        Missing::TooLarge | Missing::Spent => report.media_too_large += 1,
        Missing::Entry => report.media_missing += 1,
        Missing::Damaged | Missing::Packing => report.media_damaged += 1,
    }
}

/// The names of entries, each with the name of its file, in the order of the list.
fn list<R: Read + Seek>(
    archive: &mut Archive<R>,
    form: Form,
    limits: &Limits,
) -> Result<Vec<(String, String)>, Refusal> {
    let bytes = match archive.bytes("media", form.zstd, limits.media_list) {
        Ok(bytes) => bytes,
        Err(Missing::Entry) => return Ok(Vec::new()),
        Err(missing) => return Err(archive.refusal(&missing, Part::MediaList, limits.media_list)),
    };
    let list: Vec<(String, String)> = if form.zstd {
        let entries = MediaEntries::decode(&*bytes).map_err(|_error| Refusal::Damaged)?.entries;
        if entries.len() > limits.entries {
            return Err(Refusal::too_many(Part::Entries, limits.entries));
        }
        entries.into_iter().enumerate().map(|(at, entry)| (at.to_string(), entry.name)).collect()
    } else if bytes.is_empty() {
        Vec::new()
    } else {
        let names: BTreeMap<String, String> =
            serde_json::from_slice(&bytes).map_err(|_error| Refusal::Damaged)?;
        let mut list: Vec<_> =
            names.into_iter().filter(|(entry, _)| entry.bytes().all(|c| c.is_ascii_digit())).collect();
        list.sort_by_key(|(entry, _)| entry.parse::<u64>().unwrap_or(u64::MAX));
        list
    };
    if list.len() > limits.entries { Err(Refusal::too_many(Part::Entries, limits.entries)) } else { Ok(list) }
}

/// Whether a name is that of a file, in no folder.
pub(crate) fn is_name(name: &str) -> bool {
    let forbidden = |c: char| c.is_control() || matches!(c, '/' | '\\' | ':');
    !name.trim().is_empty() && name.len() <= 255 && !name.starts_with('.') && !name.contains(forbidden)
}

/// Whether bytes are those of an image that pages show. SVG is none: it can hold scripts.
fn is_image(bytes: &[u8]) -> bool {
    let begins = |with: &[u8]| bytes.starts_with(with);
    begins(b"\x89PNG\r\n\x1a\n")
        || begins(b"\xff\xd8\xff")
        || begins(b"GIF87a")
        || begins(b"GIF89a")
        || begins(b"RIFF") && bytes.get(8..12) == Some(b"WEBP")
        || bytes.get(4..12) == Some(b"ftypavif")
}
