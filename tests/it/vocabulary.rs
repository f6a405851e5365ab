//! Names are the field's standard terms: no type, function or file bears a word that only this project used.

use std::{fs, path::Path};

/// Words of the project's former dialect. What each is called now stands in ARCHITECTURE.md's glossary.
const DIALECT: [&str; 21] = [
    "bell", "came", "census", "fold", "folded", "halt", "happened", "hear", "heard", "learn", "learnt",
    "lesson", "lessons", "purse", "said", "tally", "tell", "told", "upkeep", "vitality", "wallet",
];

/// Where a name stands, right behind one of these.
const KEYWORDS: [&str; 8] = ["fn", "struct", "enum", "trait", "type", "mod", "const", "static"];

/// A name of more words than these is a sentence: those of tests are.
const A_SENTENCE: usize = 4;

/// The words of a name, in any of Rust's cases.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = '_';
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase()) {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words.last_mut().unwrap().extend(c.to_lowercase());
        }
        before = c;
    }
    words
}

fn is_dialect(name: &str) -> bool {
    let words = words(name);
    words.len() <= A_SENTENCE && words.iter().any(|word| DIALECT.contains(&word.as_str()))
}

/// The names that a source defines.
fn defined(source: &str) -> impl Iterator<Item = &str> {
    source.lines().filter(|line| !line.trim_start().starts_with("//")).filter_map(|line| {
        let mut tokens =
            line.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|token| !token.is_empty());
        tokens.find(|token| KEYWORDS.contains(token))?;
        tokens.find(|token| !KEYWORDS.contains(token))
    })
}

/// What of a folder's names is dialect. A released migration keeps its name.
fn dialect_in(folder: &Path, found: &mut Vec<String>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir()
            && (name.starts_with('.')
                || matches!(name.as_str(), "target" | "node_modules" | "tests" | "migrations" | "dist"))
        {
            continue;
        }
        if is_dialect(&name) {
            found.push(path.display().to_string());
        }
        if path.is_dir() {
            dialect_in(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(&path).unwrap();
            found.extend(
                defined(&source)
                    .filter(|name| is_dialect(name))
                    .map(|name| format!("{}: {name}", path.display())),
            );
        }
    }
}

#[test]
fn no_name_of_ours_is_of_the_former_dialect() {
    let mut found = Vec::new();
    dialect_in(Path::new(env!("CARGO_MANIFEST_DIR")), &mut found);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn names_are_taken_apart_and_found() {
    assert_eq!(words("TellNotices"), ["tell", "notices"]);
    assert_eq!(words("MOST_TRIES"), ["most", "tries"]);
    let source = "pub(crate) async fn put_in_purse() {}\n// fn bell\nstruct Bell;\n    const TALLY: u8 = 1;\nlet said = 1;";
    let found: Vec<_> = defined(source).filter(|name| is_dialect(name)).collect();
    assert_eq!(found, ["put_in_purse", "Bell", "TALLY"]);
}
