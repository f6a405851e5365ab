//! Lists the files of `dashboards/dist`, which the crate takes in. Without them it is empty, and all else works:
//! building needs no Node.

use std::{
    collections::{BTreeMap, hash_map::DefaultHasher},
    env, fs,
    hash::{Hash as _, Hasher as _},
    io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dashboards/dist");
    println!("cargo:rerun-if-changed={}", dist.display());
    let mut files = BTreeMap::new();
    collect(&dist, "", &mut files)?;
    let is_packed = |name: &str| [".br", ".gz", ".gitkeep"].iter().any(|ending| name.ends_with(ending));
    let whole = files.keys().filter(|name| !is_packed(name));
    let entries: Vec<_> = whole.map(|name| entry(name, &files)).collect::<io::Result<_>>()?;
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("files.rs"), format!("&[{}]", entries.concat()))
}

/// A file in the table. What is packed lies beside what it was packed from.
fn entry(name: &str, files: &BTreeMap<String, PathBuf>) -> io::Result<String> {
    let include = |name: &str| {
        let path = files.get(name)?.to_string_lossy();
        Some(format!("include_bytes!({path:?})"))
    };
    let packed = |ending: &str| {
        let bytes = include(&format!("{name}.{ending}"));
        bytes.map_or_else(|| "None".to_owned(), |bytes| format!("Some({bytes})"))
    };
    let mut hasher = DefaultHasher::new();
    files.get(name).map(fs::read).transpose()?.hash(&mut hasher);
    let tag = format!("\"{:016x}\"", hasher.finish());
    let (raw, br, gz) = (include(name).unwrap_or_default(), packed("br"), packed("gz"));
    Ok(format!("File {{ name: {name:?}, tag: {tag:?}, raw: {raw}, br: {br}, gz: {gz} }},\n"))
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
