//! Files of all kinds, read by real children.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on has failed, and one that is left out says so"
)]

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    time::Duration,
};

use ingest::reader::{Page, PageOutcome, ReadError, ReaderLimits, Reason, Summary, read};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use secrecy::SecretString;
use tokio::sync::mpsc;

const READER: &str = env!("CARGO_BIN_EXE_read-pdf");

fn files() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files")
}

async fn read_file(
    file: File,
    password: Option<&str>,
    limits: &ReaderLimits,
) -> (Vec<Page>, Result<Summary, ReadError>) {
    let (sender, mut receiver) = mpsc::channel(4);
    let collected = tokio::spawn(async move {
        let mut pages = Vec::new();
        while let Some(page) = receiver.recv().await {
            pages.push(page);
        }
        pages
    });
    let password = password.map(SecretString::from);
    let end = read(Path::new(READER), file, password.as_ref(), limits, sender).await;
    (collected.await.unwrap(), end)
}

async fn read_named(name: &str, password: Option<&str>) -> (Vec<Page>, Result<Summary, ReadError>) {
    read_file(File::open(files().join(name)).unwrap(), password, &ReaderLimits::default()).await
}

fn code(end: &Result<Summary, ReadError>) -> &'static str {
    end.as_ref().map_or_else(ReadError::code, |_| "read")
}

/// What holds of any file: pages are in order and each is there once, if the file could be read at all.
fn check(pages: &[Page], end: &Result<Summary, ReadError>) {
    for (place, page) in pages.iter().enumerate() {
        assert_eq!(page.index as usize, place);
        assert_eq!(page.outcome == PageOutcome::Read, !page.text.is_empty());
        assert!(!page.text.contains('\0'));
    }
    match end {
        Ok(summary) => assert_eq!(summary.pages as usize, pages.len()),
        Err(ReadError::Io(error)) => panic!("{error}"),
        Err(_) => assert!(pages.iter().all(|page| matches!(page.outcome, PageOutcome::Failed(_)))),
    }
}

fn lecture(pages: &[Page]) {
    let begins = ["Preload is the stretch", "Afterload is the pressure", "Contractility is the force"];
    assert_eq!(pages.len(), 3);
    for (page, begin) in pages.iter().zip(begins) {
        assert_eq!(page.outcome, PageOutcome::Read);
        assert!(page.text.starts_with(begin), "{}", page.text);
    }
}

#[tokio::test]
async fn a_lecture_is_read_with_title_and_the_numbers_on_its_pages() {
    let (pages, end) = read_named("lecture.pdf", None).await;
    check(&pages, &end);
    lecture(&pages);
    assert!(pages[0].text.ends_with("The efficacy of the first beat depends on it."));
    assert_eq!(end.unwrap(), Summary { pages: 3, title: Some("The Heart".to_owned()) });
    let labels: Vec<_> = pages.iter().map(|page| page.label.as_deref().unwrap()).collect();
    assert_eq!(labels, ["i", "ii", "1"]);
}

#[tokio::test]
async fn the_empty_password_is_tried_first() {
    for password in [None, Some("whatever")] {
        let (pages, end) = read_named("empty-password.pdf", password).await;
        check(&pages, &end);
        lecture(&pages);
        assert_eq!(end.unwrap().title.as_deref(), Some("The Heart"));
    }
}

#[tokio::test]
async fn a_locked_file_opens_with_its_password_and_with_no_other() {
    for name in ["password.pdf", "password-rc4.pdf"] {
        assert_eq!(code(&read_named(name, None).await.1), "PDF_NEEDS_PASSWORD", "{name}");
        assert_eq!(code(&read_named(name, Some("aort")).await.1), "PDF_WRONG_PASSWORD", "{name}");
        let (pages, end) = read_named(name, Some("aorta")).await;
        check(&pages, &end);
        lecture(&pages);
    }
}

#[tokio::test]
async fn a_page_without_text_says_so() {
    let (pages, end) = read_named("second-page-is-an-image.pdf", None).await;
    check(&pages, &end);
    let outcomes: Vec<_> = pages.iter().map(|page| page.outcome).collect();
    assert_eq!(outcomes, [PageOutcome::Read, PageOutcome::NoText, PageOutcome::Read]);
}

#[tokio::test]
async fn columns_are_read_one_after_the_other() {
    let (pages, _) = read_named("two-columns.pdf", None).await;
    let text = &pages[0].text;
    assert!(text.rfind("heart").unwrap() < text.find("lung").unwrap(), "{text}");
}

#[tokio::test]
async fn a_field_says_what_it_looks_like_or_else_its_value() {
    let (pages, end) = read_named("form.pdf", None).await;
    check(&pages, &end);
    let text = &pages[0].text;
    assert!(text.starts_with("Where the patient comes from"), "{text}");
    let fields = text.split_whitespace().skip(14).collect::<Vec<_>>();
    assert_eq!(fields, ["Denmark", "Takotsubo", "[x]"]);
}

#[tokio::test]
async fn a_filter_may_be_named_by_reference() {
    let (pages, end) = read_named("filter-by-reference.pdf", None).await;
    check(&pages, &end);
    assert!(pages[0].text.starts_with("Page 1 says enough words"), "{}", pages[0].text);
}

#[tokio::test]
async fn drawings_that_draw_each_other_are_read_once() {
    let (pages, end) = read_named("draws-itself.pdf", None).await;
    check(&pages, &end);
    assert_eq!(pages[0].text.split_whitespace().collect::<Vec<_>>().join(" "), "The chicken and the egg");
}

#[tokio::test]
async fn a_gap_between_two_scripts_parts_words() {
    let (pages, end) = read_named("two-scripts.pdf", None).await;
    check(&pages, &end);
    let lines = pages[0].text.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>();
    assert_eq!(lines, ["散称华联粉条 2700549", "散称华联粉块 2700550", "酸牛奶100g 2700551"]);
}

#[tokio::test]
async fn what_cannot_be_read_has_its_own_code() {
    for (name, expected) in [
        ("broken-xref.pdf", "read"),
        ("truncated.pdf", "PDF_DAMAGED"),
        ("not-a.pdf", "PDF_NOT_A_PDF"),
        ("empty.pdf", "PDF_NOT_A_PDF"),
        ("count-lies.pdf", "read"),
    ] {
        let (pages, end) = read_named(name, None).await;
        check(&pages, &end);
        assert_eq!(code(&end), expected, "{name}");
    }
}

#[tokio::test]
async fn more_pages_than_allowed_are_refused_with_their_number() {
    let limits = ReaderLimits { max_pages: 2, ..ReaderLimits::default() };
    let file = File::open(files().join("lecture.pdf")).unwrap();
    let (pages, end) = read_file(file, None, &limits).await;
    assert!(pages.is_empty());
    assert!(matches!(end, Err(ReadError::TooManyPages { pages: 3, limit: 2 })), "{end:?}");
}

#[tokio::test]
async fn a_bomb_on_one_page_costs_that_page() {
    let (pages, end) = read_named("bomb.pdf", None).await;
    check(&pages, &end);
    assert_eq!(end.unwrap().pages, 3);
    assert!(pages[0].text.starts_with("Page 1 says enough words"));
    assert!(pages[2].text.starts_with("Page 3 says enough words"));
    assert_ne!(pages[1].outcome, PageOutcome::Read);
}

#[tokio::test]
async fn bombs_of_every_kind_are_left_packed() {
    let (pages, end) = read_named("bombs.pdf", None).await;
    check(&pages, &end);
    assert_eq!(pages.len(), 6);
    assert_eq!(pages[0].text, "Before the bombs there is text to be read\n\nin two fonts");
    for page in &pages[1..] {
        // No child died of it.
        assert_eq!(page.outcome, PageOutcome::Failed(Reason::Unreadable), "page {}", page.index + 1);
    }
}

#[tokio::test]
async fn a_stream_of_objects_that_is_a_bomb_costs_what_is_in_it() {
    let (pages, end) = read_named("objects-bomb.pdf", None).await;
    check(&pages, &end);
    assert_eq!(pages[0].text, "What is not packed is read");
}

#[tokio::test]
async fn of_a_file_that_was_cut_off_it_is_not_said_that_it_has_too_many_pages() {
    let limits = ReaderLimits { max_pages: 2, ..ReaderLimits::default() };
    let whole = std::fs::read(files().join("lecture.pdf")).unwrap();
    let end = whole.windows(9).rposition(|window| window == b"startxref").unwrap();
    let mut file = tempfile();
    file.write_all(&whole[..end - 40]).unwrap();
    let (pages, end) = read_file(file, None, &limits).await;
    assert!(pages.is_empty());
    assert_eq!(code(&end), "PDF_DAMAGED");
}

#[tokio::test]
async fn a_file_whose_time_is_over_ends_with_that() {
    let limits = ReaderLimits { wall: Duration::ZERO, ..ReaderLimits::default() };
    let file = File::open(files().join("lecture.pdf")).unwrap();
    let (_, end) = read_file(file, None, &limits).await;
    assert_eq!(code(&end), "PDF_TOOK_TOO_LONG");
}

#[tokio::test]
async fn a_child_without_enough_memory_is_no_harm() {
    let limits = ReaderLimits { memory: 100 * 1024 * 1024, ..ReaderLimits::default() };
    let mut file = tempfile();
    file.write_all(b"%PDF-1.7\n").unwrap();
    file.set_len(99 * 1024 * 1024).unwrap();
    let (_, end) = read_file(file, None, &limits).await;
    assert!(matches!(code(&end), "PDF_OUT_OF_MEMORY" | "PDF_DAMAGED"), "{end:?}");
}

#[tokio::test]
async fn text_beyond_its_limit_is_given_up_by_the_page() {
    let limits = ReaderLimits { all_text: 10, ..ReaderLimits::default() };
    let (pages, end) = read_file(File::open(files().join("lecture.pdf")).unwrap(), None, &limits).await;
    check(&pages, &end);
    assert_eq!(pages[0].outcome, PageOutcome::Read);
    assert_eq!(pages[1].outcome, PageOutcome::Failed(Reason::TooMuchText));
}

#[tokio::test]
async fn a_reader_that_nobody_listens_to_ends() {
    let (sender, receiver) = mpsc::channel(1);
    drop(receiver);
    let file = File::open(files().join("lecture.pdf")).unwrap();
    let end = read(Path::new(READER), file, None, &ReaderLimits::default(), sender).await;
    assert_eq!(code(&end), "PDF_ABANDONED");
}

#[tokio::test]
async fn a_program_that_is_no_reader_is_no_harm() {
    for (program, expected) in [("/bin/true", "PDF_DAMAGED"), ("/nowhere", "PDF_READER_FAILED")] {
        let (sender, _receiver) = mpsc::channel(1);
        let file = File::open(files().join("lecture.pdf")).unwrap();
        let end = read(Path::new(program), file, None, &ReaderLimits::default(), sender).await;
        assert_eq!(code(&end), expected);
    }
}

/// A new file that has no name any more.
fn tempfile() -> File {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("reads-{}-{number}.pdf", std::process::id()));
    let file = File::options().read(true).write(true).create(true).truncate(true).open(&path).unwrap();
    fs::remove_file(path).unwrap();
    file
}

#[test]
fn no_bytes_do_more_than_end_their_own_reading() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let originals: Vec<Vec<u8>> = [
        "lecture.pdf",
        "empty-password.pdf",
        "second-page-is-an-image.pdf",
        "two-columns.pdf",
        "form.pdf",
        "draws-itself.pdf",
    ]
    .map(|name| fs::read(files().join(name)).unwrap())
    .into();
    let mutated =
        (0..originals.len(), prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40))
            .prop_map(move |(which, changes)| {
                let mut bytes = originals[which].clone();
                for (at, byte) in changes {
                    let at = at.index(bytes.len());
                    bytes[at] = byte;
                }
                bytes
            });
    let bytes = prop_oneof![
        mutated,
        prop::collection::vec(any::<u8>(), 0..2_000),
        prop::collection::vec(any::<u8>(), 0..2_000)
            .prop_map(|tail| [b"%PDF-1.7\n".as_slice(), &tail].concat()),
    ];
    let limits = ReaderLimits {
        cpu: Duration::from_secs(5),
        cpu_of_one_page: Duration::from_secs(2),
        ..ReaderLimits::default()
    };
    let config = Config { cases: 100, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&bytes, |bytes| {
            let mut file = tempfile();
            file.write_all(&bytes).unwrap();
            let (pages, end) = runtime.block_on(read_file(file, None, &limits));
            check(&pages, &end);
            Ok(())
        })
        .unwrap();
}

/// Real and hostile files, where they are there: the folder `data` beside the project's.
#[tokio::test]
async fn every_collected_file_ends_in_pages_or_an_error() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let Ok(entries) = fs::read_dir(data.join("pdf-hostile")) else {
        eprintln!("LEFT OUT: there is no {}", data.display());
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        let limits = ReaderLimits { cpu: Duration::from_secs(10), ..ReaderLimits::default() };
        let (pages, end) = read_file(File::open(&path).unwrap(), None, &limits).await;
        check(&pages, &end);
        eprintln!("{}: {} pages, {}", path.file_name().unwrap().display(), pages.len(), code(&end));
    }
}
