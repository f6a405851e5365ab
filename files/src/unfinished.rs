//! What is left in a folder of files that were never whole: the store writes `id#1` first, and renames it.

use std::{ffi::OsStr, fs, io, path::Path, time::SystemTime};

/// Removes those that were last written to before a time. How many these were.
pub(super) fn remove(folder: &Path, before: SystemTime) -> io::Result<usize> {
    let mut removed = 0;
    for kind in ["documents", "images"] {
        let entries = match fs::read_dir(folder.join(kind)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            if is_unfinished(&entry.file_name()) && entry.metadata()?.modified()? < before {
                fs::remove_file(entry.path())?;
                removed += 1;
            }
        }
    }
    Ok(removed)
}

fn is_unfinished(name: &OsStr) -> bool {
    let Some((_, number)) = name.to_str().and_then(|name| name.rsplit_once('#')) else { return false };
    !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit())
}
