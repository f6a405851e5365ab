//! A package as JSON, and back: `convert in.apkg out.json`, `convert in.json out.apkg [new]`, `convert in.apkg out.csv`.
//! `tests/anki/roundtrip.py` reads and writes by it.

use std::{
    fs::{self, File},
    io::BufReader,
    time::SystemTime,
};

use anki::{Limits, Package, WriteOptions};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [from, to, rest @ ..] = arguments.as_slice() else { anyhow::bail!("convert FROM TO [new]") };
    let now = i64::try_from(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs())?;
    let package: Package = if is_a(from, "json") {
        serde_json::from_slice(&fs::read(from)?)?
    } else if is_a(from, "csv") || is_a(from, "tsv") {
        anki::read_table(&fs::read(from)?, now, &Limits::default())?.package
    } else {
        anki::read(BufReader::new(File::open(from)?), &Limits::default())?
    };
    if is_a(to, "json") {
        fs::write(to, serde_json::to_vec_pretty(&package)?)?;
    } else if is_a(to, "csv") {
        fs::write(to, anki::write_table(&package)?)?;
    } else {
        let options = WriteOptions { now, scheduling: rest.is_empty(), decay: 0.154 };
        anki::write(&package, &options, File::create(to)?)?;
    }
    Ok(())
}

fn is_a(name: &str, end: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, its)| its == end)
}
