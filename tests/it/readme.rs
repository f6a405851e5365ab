//! The README is true: its curl session works word for word, and its settings are those of the program.

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use clap::CommandFactory as _;
use medai::config::Config;
use nix::sys::signal::Signal;
use simulator::{Script, Simulator};

use crate::support::{
    home::Home,
    process::{mortal, spawn_mortal},
};

/// A file of the repository.
fn document(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The part of a text under a heading, up to the next one of the same rank.
fn section<'a>(text: &'a str, heading: &str) -> &'a str {
    let (_, rest) = text.split_once(&format!("\n## {heading}\n")).expect(heading);
    rest.split("\n## ").next().unwrap()
}

/// What stands in blocks of this language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    // Every other fence opens a block.
    let inside = text.split("\n```").skip(1).step_by(2);
    let blocks = inside.filter_map(|block| block.split_once('\n'));
    blocks.filter(|(tag, _)| *tag == language).map(|(_, lines)| format!("{lines}\n")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_curl_session_works_word_for_word() {
    const KEY: &str = "gemini-key-of-a-newcomer-4713";
    let home = Home::new().await;
    let provider = Simulator::start().await.unwrap();
    provider.script(KEY, Script::healthy());
    let dev = home.dev(&[("GEMINI_BASE_URL", &provider.url())]).await;
    let readme = document("README.md");
    let session = blocks(section(&readme, "A session with curl"), "sh").concat();
    assert!(session.contains("http://localhost:8000"), "the port is the one that `make run` takes");
    let session = session.replace("localhost:8000", &format!("localhost:{}", home.port));

    // Its two `read`s get what a person would paste.
    let password = dev.password().unwrap();
    let (code, out) = sh(&home, &session, &format!("{password}\n{KEY}\n"));
    assert_eq!(code, Some(0), "{out}");
    let mut rest = out.as_str();
    for expected in [
        r#""email":"sam@example.org""#,
        "event: queued\n",
        "event: started\n",
        "event: delta\ndata: {\"text\":\"**This ",
        "event: done\ndata: {\"finish_reason\":\"stop\",\"message_id\":\"",
        "\"plan\": \"free\"",
        "\"requests\": {\n        \"used\": 1,",
        "\"provider\": \"demo\"",
        "\"provider\": \"gemini\"",
        "\"key_masked\": \"\\u20264713\"",
        "\"status\": \"active\"",
        "event: item\ndata: {\"index\":0,",
        "event: done\n",
    ] {
        let at = rest.find(expected);
        let at = at.unwrap_or_else(|| panic!("{expected:?} did not come, in its turn, in:\n{out}"));
        rest = &rest[at + expected.len()..];
    }
    assert!(!out.contains("\"error\""), "{out}");
    dev.stop(Signal::SIGINT).await;
    home.never_logged([&*password, KEY, "s4-gallop-rhythm", "What is preload", "heart failure"]);
}

/// Runs a script as a person who pastes it does: an error does not end it.
fn sh(home: &Home, script: &str, stdin: &str) -> (Option<i32>, String) {
    let file = home.folder.join("session.sh");
    fs::write(&file, script).unwrap();
    let mut command: Command = mortal("sh");
    command.arg(&file).current_dir(&home.folder);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = spawn_mortal(command);
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[derive(clap::Parser)]
struct OnlyConfig {
    #[command(flatten)]
    _config: Config,
}

/// Every setting of the program with its default and its first words.
fn settings() -> BTreeMap<String, (String, String)> {
    let command = OnlyConfig::command();
    // One that is hidden is for tests.
    let shown = command.get_arguments().filter(|argument| !argument.is_hide_set());
    let settings = shown.filter_map(|argument| {
        let name = argument.get_env()?.to_str()?.to_owned();
        let defaults = argument.get_default_values().iter().map(|value| value.to_str().unwrap());
        let help = argument.get_long_help().or_else(|| argument.get_help()).unwrap().to_string();
        Some((name, (defaults.collect::<Vec<_>>().join(","), help)))
    });
    settings.collect()
}

#[test]
fn the_table_of_settings_is_that_of_the_program() {
    let readme = document("README.md");
    let rows = section(&readme, "Settings").lines().filter_map(|line| line.strip_prefix("| `"));
    let told: BTreeMap<_, _> = rows
        .map(|row| {
            let cells: Vec<_> = row.trim_end_matches(" |").splitn(3, " | ").collect();
            let bare = |cell: &str| cell.trim_matches(['`', '–']).to_owned();
            (bare(cells[0]), (bare(cells[1]), cells[2].trim_end_matches('.').to_owned()))
        })
        .collect();
    assert!(told.len() > 30);
    assert_eq!(told, settings());
}

#[test]
fn the_example_of_settings_is_complete_and_changes_nothing() {
    let example = document(".env.example");
    let line = |line: &str| {
        let (name, value) = line.strip_prefix("# ")?.split_once('=')?;
        let is_name =
            name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        // What has spaces in it stands in quotes there.
        let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
        assert!(!is_name || !value.contains(' ') || line.ends_with('"'), "{line}");
        is_name.then(|| (name.to_owned(), value.to_owned()))
    };
    let told: BTreeMap<_, _> = example.lines().filter_map(line).collect();
    let known: BTreeMap<_, _> = settings().into_iter().map(|(name, (default, _))| (name, default)).collect();
    assert_eq!(told, known);
    let set: Vec<_> = example.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert_eq!(set, [""; 0], "copied as it is, it sets nothing");
}

#[test]
fn the_readme_names_the_two_commands_and_what_it_links_to_is_there() {
    let readme = document("README.md");
    let start = section(&readme, "Start it");
    let commands: Vec<_> = blocks(start, "").iter().map(|block| block.trim().to_owned()).collect();
    assert_eq!(commands, ["make run", "make test"]);
    let makefile = document("Makefile");
    for target in ["run:", "test:", "bench:"] {
        assert!(makefile.lines().any(|line| line.starts_with(target)), "no {target}");
    }
    assert!(document(".ci/run").contains("make test"), "CI runs what the README says");
    for name in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "LOGGING.md"] {
        for target in document(name).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or(target);
            let there = Path::new(env!("CARGO_MANIFEST_DIR")).join(file).exists();
            assert!(there || target.starts_with("https://"), "{name} links to {target}, which is not there");
        }
    }
}

#[test]
fn the_files_that_the_documents_name_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["ARCHITECTURE.md", "CONTRIBUTING.md", "LOGGING.md"] {
        let text = document(name);
        // What stands in backticks, outside of blocks, and looks like a path.
        let quoted = text.split("```").step_by(2).flat_map(|part| part.split('`').skip(1).step_by(2));
        let is_path = |text: &&str| {
            let file = Path::new(text).extension().is_some_and(|extension| extension == "rs");
            file && text.contains('/') && !text.contains(['*', '{', '<', ' ', '…'])
        };
        for path in quoted.filter(is_path) {
            assert!(root.join(path).exists(), "{name} names {path}, which is not there");
        }
    }
}
