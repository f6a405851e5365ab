//! Packages of strangers: what they may hold, and what they must not.

use std::{
    fmt::Write as _,
    io::{Cursor, Write as _},
};

use proptest::prelude::*;
use prost::Message as _;
use rusqlite::Connection;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use study::scheduling::{Day, Due, State};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::messages::{MediaEntries, MediaEntry, Meta, TemplateConfig, TypeConfig};
use crate::{
    Card, Deck, Kind, Limits, MappedAs, Media, Note, Oddity, Package, Part, Refusal, Schedule, WriteOptions,
    read, write,
};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and more";
const NOW: i64 = 1_796_148_000;

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn opened(bytes: &[u8]) -> Result<Package, Refusal> {
    read(Cursor::new(bytes), &Limits::default())
}

/// A package of ours with one note.
fn ours() -> Package {
    Package {
        decks: vec![Deck { name: "A::B".into(), ..Deck::default() }],
        notes: vec![Note {
            guid: "g".into(),
            front: "Q ![](x.png)".into(),
            back: "A".into(),
            ..Note::default()
        }],
        cards: vec![Card::default()],
        ..Package::default()
    }
}

fn written(package: &Package) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let options = WriteOptions { now: NOW, scheduling: true, decay: 0.154 };
    write(package, &options, &mut out).unwrap();
    out.into_inner()
}

/// The database of that package, after some SQL.
fn database(sql: &str) -> Vec<u8> {
    let bytes = written(&ours());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut entry = archive.by_name("collection.anki21").unwrap();
    let mut connection = Connection::open_in_memory().unwrap();
    let size = usize::try_from(entry.size()).unwrap();
    connection.deserialize_read_exact("main", &mut entry, size, false).unwrap();
    connection.execute_batch(sql).unwrap();
    connection.serialize("main").unwrap().to_vec()
}

fn with(sql: &str) -> Result<Package, Refusal> {
    opened(&zip(&[("collection.anki21", &database(sql)), ("media", b"{}")]))
}

#[test]
fn what_could_run_is_refused() {
    let view = "ALTER TABLE notes RENAME TO other; CREATE VIEW notes AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL \
                SELECT x + 1 FROM c) SELECT x AS id, 'g' guid, 1 mid, 0 mod, 0 usn, '' tags, '' flds FROM c";
    let computed = "DROP TABLE notes; CREATE TABLE notes(id integer PRIMARY KEY, guid text, mid int, mod int, tags text, \
                    flds text GENERATED ALWAYS AS (hex(zeroblob(200000000))) VIRTUAL); INSERT INTO notes(id) VALUES(1)";
    for (sql, oddity) in [
        (view, Oddity::View),
        ("CREATE TRIGGER t AFTER INSERT ON notes BEGIN SELECT 1; END", Oddity::Trigger),
        ("CREATE VIRTUAL TABLE v USING fts5(a)", Oddity::VirtualTable),
        (computed, Oddity::ComputedColumn),
    ] {
        assert_eq!(with(sql).unwrap_err(), Refusal::Suspicious(oddity), "{sql}");
    }
}

#[test]
fn more_than_allowed_is_refused_or_left_out() {
    let bytes = written(&ours());
    let small = |change: fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        read(Cursor::new(&bytes), &limits)
    };
    assert!(small(|_| ()).is_ok());
    let too_large = |part, most| Err(Refusal::TooLarge { what: part, most });
    assert_eq!(small(|limits| limits.file = 100), too_large(Part::Whole, 0));
    assert_eq!(small(|limits| limits.collection = 4_096), too_large(Part::Collection, 0));
    assert_eq!(small(|limits| limits.unpacked = 4_096), too_large(Part::Unpacked, 0));
    assert_eq!(small(|limits| limits.text = 3), too_large(Part::Text, 0));
    let too_many = |part| Err(Refusal::TooMany { what: part, most: 0 });
    assert_eq!(small(|limits| limits.entries = 0), too_many(Part::Entries));
    assert_eq!(small(|limits| limits.notes = 0), too_many(Part::Notes));
    assert_eq!(small(|limits| limits.cards = 0), too_many(Part::Cards));
    assert_eq!(small(|limits| limits.decks = 0), too_many(Part::Types));
    let report = small(|limits| limits.note = 10).unwrap().report;
    assert_eq!((report.notes_too_long, report.cards_without_note), (1, 1));
    let long = "UPDATE notes SET flds = replace(hex(zeroblob(5000000)), '00', 'xy')";
    assert_eq!(with(long).unwrap_err(), Refusal::TooLarge { what: Part::Text, most: 8 });
    let reasons =
        [Refusal::TooMuchWork, Refusal::Suspicious(Oddity::View), Refusal::too_many(Part::Notes, 5)];
    assert_eq!(
        reasons.map(|reason| reason.to_string()),
        [
            "Reading this file takes too long. Export smaller parts of it.",
            "The database of this file holds a view, which Anki never writes. It is not read, to be safe.",
            "This file has too many notes: at most 5 are read. Export smaller parts of it."
        ]
    );
}

#[test]
fn work_without_end_is_ended() {
    let many = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 20000) \
                INSERT INTO revlog SELECT x, 0, 0, 3, 0, 0, 0, 0, 0 FROM c";
    let bytes = zip(&[("collection.anki21", &database(many)), ("media", b"{}")]);
    let limits = Limits { steps: 20_000, ..Limits::default() };
    assert_eq!(read(Cursor::new(&bytes), &limits).unwrap_err(), Refusal::TooMuchWork);
    assert!(opened(&bytes).is_ok());
}

#[test]
fn a_list_of_entries_that_does_not_end_is_cut() {
    let many: Vec<String> = (0..20_000).map(|at| at.to_string()).collect();
    let entries: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let limits = Limits { entries: 1_000, ..Limits::default() };
    let refusal = read(Cursor::new(zip(&entries)), &limits).unwrap_err();
    assert_eq!(refusal, Refusal::TooMany { what: Part::Entries, most: 1_000 });
}

#[test]
fn a_bomb_is_cut_where_it_is_too_large() {
    let meta = Meta { version: 3 }.encode_to_vec();
    let zeros = compress_to_vec(&*vec![0; 40 << 20], CompressionLevel::Fastest);
    assert!(zeros.len() < 100_000);
    let bomb = zip(&[("meta", &meta), ("collection.anki21b", &zeros), ("media", b"")]);
    let limits = Limits { collection: 20 << 20, ..Limits::default() };
    let refusal = read(Cursor::new(bomb), &limits).unwrap_err();
    assert_eq!(refusal, Refusal::TooLarge { what: Part::Collection, most: 20 });
    // What a frame says of its window is not believed either: 3.75 TB here.
    let window = [0x28, 0xb5, 0x2f, 0xfd, 0, 0xff, 0, 0, 0];
    let wide = zip(&[("meta", &meta), ("collection.anki21b", &window), ("media", b"")]);
    assert_eq!(opened(&wide).unwrap_err(), Refusal::Damaged);
}

#[test]
fn names_of_media_are_never_paths() {
    let list = br#"{"0":"../../etc/passwd","1":"x.png","2":"a.mp3","3":"y.png","x":"z.png"}"#;
    let bytes = zip(&[
        ("collection.anki21", &database("")),
        ("media", list),
        ("0", PNG),
        ("1", PNG),
        ("2", b"sound"),
        ("3", PNG),
        ("x", PNG),
    ]);
    let package = opened(&bytes).unwrap();
    assert_eq!(package.media, [Media { name: "x.png".into(), bytes: PNG.to_vec() }]);
    let report = package.report;
    assert_eq!((report.media_damaged, report.media_sound, report.media_unused), (1, 1, 1));
    let lies = zip(&[("collection.anki21", &database("")), ("media", br#"{"0":"x.png"}"#), ("0", b"<svg/>")]);
    assert_eq!(opened(&lies).unwrap().media, []);
    let none = zip(&[("collection.anki21", &database("")), ("media", br#"{"0":"x.png"}"#)]);
    assert_eq!(opened(&none).unwrap().report.media_missing, 1);
}

#[test]
fn what_is_no_package_says_so() {
    for (bytes, refusal) in [
        (b"".to_vec(), Refusal::NotAPackage),
        (b"%PDF-1.7".to_vec(), Refusal::NotAPackage),
        (b"PK\x03\x04 cut".to_vec(), Refusal::Damaged),
        (zip(&[("media", b"{}")]), Refusal::NoCollection),
        (
            zip(&[("meta", &Meta { version: 4 }.encode_to_vec()), ("collection.anki21b", b"x")]),
            Refusal::TooNew,
        ),
        (zip(&[("collection.anki21", b"SQLite format 3\0"), ("media", b"{}")]), Refusal::Damaged),
        (zip(&[("collection.anki21", &[7; 4_096]), ("media", b"{}")]), Refusal::Damaged),
    ] {
        assert_eq!(opened(&bytes).unwrap_err(), refusal);
    }
    assert_eq!(with("DELETE FROM cards").unwrap_err(), Refusal::NoCollection);
    assert_eq!(with("DROP TABLE cards").unwrap_err(), Refusal::Damaged);
}

#[test]
fn numbers_out_of_range_are_mended() {
    let sql = "UPDATE cards SET type = 2, queue = 2, due = 9e15, ivl = 1 << 40, reps = -5, lapses = 'x', factor = 1, \
               data = '{\"s\":1e99,\"d\":-3,\"lrt\":-1}'; INSERT INTO revlog VALUES(-5, 0, 0, 3, 0, 0, 0, 0, 0)";
    let package = with(sql).unwrap();
    let schedule = &package.cards[0].schedule;
    assert_eq!((schedule.interval, schedule.reps, schedule.memory), (36_500, 0, None));
    assert_eq!((schedule.ease, schedule.last_review), (Some(1.3), None));
    assert_eq!(package.report.numbers_mended, 4);
    assert_eq!(package.report.reviews_without_card, 1);
}

/// A collection of schema 18, as far as it is read.
fn todays() -> Vec<u8> {
    let connection = Connection::open_in_memory().unwrap();
    connection
        .execute_batch(
            "CREATE TABLE col(id, crt, ver); INSERT INTO col VALUES(1, 1790000000, 18);
             CREATE TABLE notes(id integer PRIMARY KEY, guid, mid, mod, tags, flds);
             CREATE TABLE cards(id integer PRIMARY KEY, nid, did, ord, type, queue, due, ivl, factor, reps, lapses, left,
                 odue, odid, data);
             CREATE TABLE revlog(id integer PRIMARY KEY, cid, ease, ivl, time, type);
             CREATE TABLE notetypes(id integer PRIMARY KEY, name text, config blob);
             CREATE TABLE fields(ntid, ord, name text); CREATE TABLE templates(ntid, ord, name text, config blob);
             CREATE TABLE decks(id integer PRIMARY KEY, name text); INSERT INTO decks VALUES(7, 'A\u{1f}B');",
        )
        .unwrap();
    let types = [
        (1, "Basic", 0, vec!["Front", "Back"], vec![("{{Front}}", "{{FrontSide}}{{Back}}")]),
        (2, "Cloze", 1, vec!["Text", "Extra"], vec![("{{cloze:Text}}", "{{cloze:Text}} {{Extra}}")]),
    ];
    for (id, name, kind, fields, templates) in types {
        let config = TypeConfig { kind }.encode_to_vec();
        connection.execute("INSERT INTO notetypes VALUES(?, ?, ?)", (id, name, config)).unwrap();
        for (at, field) in (0_u32..).zip(fields) {
            connection.execute("INSERT INTO fields VALUES(?, ?, ?)", (id, at, field)).unwrap();
        }
        for (at, (question, answer)) in (0_u32..).zip(templates) {
            let config = TemplateConfig { question: question.into(), answer: answer.into() }.encode_to_vec();
            connection.execute("INSERT INTO templates VALUES(?, ?, 't', ?)", (id, at, config)).unwrap();
        }
    }
    connection
        .execute_batch(
            "INSERT INTO notes VALUES(10, 'a', 1, 5, ' t ', 'q<img src=x.png>\u{1f}a'),
                 (11, 'b', 2, 5, '', '{{c1::x}} {{c3::y}}\u{1f}e'), (12, 'a', 1, 5, '', 'doubled'),
                 (13, 'c', 9, 5, '', 'unknown'), (14, 'd', 1, 5, '', '<br>'), (15, 'e', 2, 5, '', 'none\u{1f}'),
                 (16, 'f', 1, 5, '', 'no card');
             INSERT INTO cards VALUES(20, 10, 7, 0, 2, 2, 3, 9, 2300, 4, 1, 0, 0, 0, '{\"s\":2.5,\"d\":3.25}'),
                 (21, 11, 99, 0, 1, 1, 1790001000, 0, 0, 1, 0, 1001, 0, 7, '{}'),
                 (22, 11, 7, 2, 0, -1, 5, 0, 0, 0, 0, 0, 0, 0, ''), (23, 11, 7, 1, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, ''),
                 (24, 12, 7, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, ''), (25, 15, 7, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, '');
             INSERT INTO revlog VALUES(1790000000000, 20, 3, -600, 900, 0), (1790000000001, 20, 0, 1, 9, 4),
                 (1790000000002, 99, 3, 1, 9, 1);",
        )
        .unwrap();
    let mut bytes = connection.serialize("main").unwrap().to_vec();
    // As if it had a log beside it.
    bytes[18..20].copy_from_slice(&[2, 2]);
    bytes
}

#[test]
fn todays_form_is_read_and_not_the_note_that_asks_to_update() {
    let zstd = |bytes: &[u8]| compress_to_vec(bytes, CompressionLevel::Fastest);
    let media = MediaEntries { entries: vec![MediaEntry { name: "x.png".into() }] }.encode_to_vec();
    let bytes = zip(&[
        ("meta", &Meta { version: 3 }.encode_to_vec()),
        ("collection.anki21b", &zstd(&todays())),
        ("collection.anki2", &database("")),
        ("media", &zstd(&media)),
        ("0", &zstd(PNG)),
    ]);
    let package = opened(&bytes).unwrap();
    let texts: Vec<_> = package.notes.iter().map(|note| (note.kind, note.front.as_str())).collect();
    assert_eq!(
        texts,
        [(Kind::Basic, "q![](x.png)"), (Kind::Cloze, "{{c1::x}} {{c3::y}}"), (Kind::Basic, "none")]
    );
    assert_eq!(package.media.len(), 1);
    let names: Vec<_> = package.decks.iter().map(|deck| deck.name.as_str()).collect();
    assert_eq!(names, ["A::B"], "a card in a filtered deck is in the deck that it came from");
    let [first, second, third, fourth] = package.cards.as_slice() else { panic!() };
    assert_eq!(first.schedule.due, Due::On(Day(20_717 + 3)));
    assert_eq!(first.schedule.memory, study::scheduling::Memory::new(2.5, 3.25));
    assert_eq!((second.schedule.state, second.schedule.steps_left), (State::Learning, 1));
    assert_eq!((third.ordinal, third.schedule.suspended, fourth.note), (2, true, 2));
    let report = package.report;
    let counts =
        [report.notes_doubled, report.notes_of_unknown_type, report.notes_empty, report.notes_without_card];
    assert_eq!(counts, [1, 1, 1, 1]);
    assert_eq!((report.cards_without_side, report.cards_without_note), (1, 1));
    assert_eq!((report.reviews_without_rating, report.reviews_without_card), (1, 1));
    assert_eq!((report.clozes_without_deletion, report.types.len()), (1, 2));
    assert_eq!(report.types[0].mapped, MappedAs::Kind(Kind::Basic));
}

#[test]
fn damage_anywhere_ends_in_a_verdict() {
    let mut bytes = database("");
    let mut state = 3_u32;
    let mut next = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        usize::try_from(state >> 8).unwrap() % below
    };
    for _ in 0..400 {
        let at = 100 + next(bytes.len() - 100);
        bytes[at] = u8::try_from(next(256)).unwrap();
    }
    let verdict = opened(&zip(&[("collection.anki21", &bytes), ("media", b"{}")]));
    assert!(
        matches!(verdict, Err(Refusal::Damaged | Refusal::Suspicious(_) | Refusal::NoCollection)),
        "{verdict:?}"
    );
}

/// The bytes of a package, some of them others.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let whole = zip(&[("collection.anki21", &database("")), ("media", br#"{"0":"x.png"}"#), ("0", PNG)]);
    let length = whole.len();
    (prop::collection::vec((0..length, any::<u8>()), 1..20), 0..=length, any::<bool>()).prop_map(
        move |(changes, cut, cuts)| {
            let mut bytes = whole.clone();
            for (at, byte) in changes {
                bytes[at] = byte;
            }
            bytes.truncate(if cuts { cut } else { length });
            bytes
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_end_in_a_verdict(bytes in any::<Vec<u8>>(), damaged in damaged(), database in database_damaged()) {
        let mut zipped = b"PK".to_vec();
        zipped.extend(&bytes);
        let mut sentences = String::new();
        for file in [bytes, zipped, damaged, zip(&[("collection.anki21", &database), ("media", b"{}")])] {
            if let Err(refusal) = opened(&file) {
                write!(sentences, "{refusal}").unwrap();
            }
        }
        prop_assert!(!sentences.is_empty());
    }
}

fn database_damaged() -> impl Strategy<Value = Vec<u8>> {
    let whole = database("");
    let length = whole.len();
    prop::collection::vec((0..length, any::<u8>()), 1..200).prop_map(move |changes| {
        let mut bytes = whole.clone();
        for (at, byte) in changes {
            bytes[at] = byte;
        }
        bytes
    })
}

#[test]
fn schedules_are_left_out_where_they_are_not_wanted() {
    let mut package = ours();
    package.cards[0].schedule = Schedule { state: State::Review, reps: 4, ..Schedule::default() };
    let mut out = Cursor::new(Vec::new());
    write(&package, &WriteOptions { now: NOW, scheduling: false, decay: 0.1 }, &mut out).unwrap();
    let read = opened(out.get_ref()).unwrap();
    assert_eq!((read.cards[0].schedule.state, read.cards[0].schedule.reps), (State::New, 0));
}
