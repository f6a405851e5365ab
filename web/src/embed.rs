//! Writes the table of the files that a release takes into the program.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use crate::{is_packed, tag};

/// All files below a folder as the text of a `&[web::Embedded]`, for `include!`. None where there is no such folder.
///
/// # Errors
/// Where a file cannot be read.
pub fn table(folder: &Path) -> io::Result<String> {
    let mut files = BTreeMap::new();
    collect(folder, "", &mut files)?;
    let whole = files.iter().filter(|(name, _)| !is_packed(name) && !name.ends_with(".gitkeep"));
    let entries = whole.map(|(name, path)| entry(name, path, &files)).collect::<io::Result<String>>()?;
    Ok(format!("&[\n{entries}]"))
}

fn entry(name: &str, path: &Path, files: &BTreeMap<String, PathBuf>) -> io::Result<String> {
    let include = |path: &Path| format!("include_bytes!({:?})", path.to_string_lossy());
    let packed = |ending: &str| {
        let path = files.get(&format!("{name}.{ending}"));
        path.map_or_else(|| "None".to_owned(), |path| format!("Some({})", include(path)))
    };
    let (tag, raw, br, gz) = (tag(&fs::read(path)?), include(path), packed("br"), packed("gz"));
    Ok(format!("web::Embedded {{ name: {name:?}, tag: {tag:?}, raw: {raw}, br: {br}, gz: {gz} }},\n"))
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, PathBuf>) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.insert(name, fs::canonicalize(entry.path())?);
        }
    }
    Ok(())
}
