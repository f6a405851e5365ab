//! What is written is read again as it was.

use std::io::Cursor;

use chrono::DateTime;
use proptest::prelude::*;
use study::{
    items::cloze,
    scheduling::{Day, Due, Memory, Rating, State},
};

use crate::{
    Card, Deck, Kind, Limits, Media, Note, Occlusion, Package, Review, ReviewKind, Schedule, WriteError,
    WriteOptions, html_from_markdown, markdown_from_html, read, write,
};

const OPTIONS: WriteOptions = WriteOptions { now: 1_796_148_000, scheduling: true, decay: 0.154 };
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and more";

fn there_and_back(package: &Package) -> Package {
    let mut out = Cursor::new(Vec::new());
    write(package, &OPTIONS, &mut out).unwrap();
    read(out, &Limits::default()).unwrap()
}

/// Markdown as it is kept: what reading makes of what people write.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-zA-Z0-9é中ع ]{1,8}",
        Just("**bold** *it* `code` ~~out~~ ".to_owned()),
        Just("pH <7.35 & >5 % ".to_owned()),
        Just(r"$\frac{a}{b_{c}}<1$ ".to_owned()),
        Just("\n\n$$x\ny$$\n\n".to_owned()),
        Just("H<sub>2</sub>O ".to_owned()),
        Just("\n\n- one\n- two\n  - three\n\n".to_owned()),
        Just("\n\n| a | b |\n| --- | --- |\n| 1 | $2|3$ |\n\n".to_owned()),
        Just("![](x.png) ".to_owned()),
        Just("\n\n## Title\n\n".to_owned()),
        Just("\n\n> quote\n\n".to_owned()),
        Just("[link](https://e.org/a) ".to_owned()),
        Just("\n".to_owned()),
        "[*_`$~#>+.<&\\\\-]{1,3}",
    ];
    let texts = prop::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat());
    texts.prop_map(|text| canonical(&text, false)).prop_filter("some text", |text| !text.is_empty())
}

fn canonical(text: &str, is_cloze: bool) -> String {
    let read = |text: &str| markdown_from_html(&html_from_markdown(text, is_cloze)).0;
    read(&read(text))
}

fn cloze() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        (1..6_u16, "[a-zé]{1,6}").prop_map(|(number, text)| format!("{{{{c{number}::{text}}}}} ")),
        (1..6_u16, "[a-z]{1,6}").prop_map(|(number, text)| format!("{{{{c{number}::{text}::hint}}}} ")),
        Just("{{c2::{{c1::in}} out}} ".to_owned()),
        Just(r"{{c1::$\frac{a}{b_{c}}$}} ".to_owned()),
        Just(r"$\frac{a}{{c3::b}}$ ".to_owned()),
        Just("{{c4::**x** y}} ".to_owned()),
        "[a-z ]{1,6}",
    ];
    let texts = prop::collection::vec(piece, 1..6).prop_map(|pieces| canonical(&pieces.concat(), true));
    texts.prop_filter("a cloze", |text| cloze::numbers(text).is_ok())
}

fn note() -> impl Strategy<Value = Note> {
    let kind =
        prop::sample::select(vec![Kind::Basic, Kind::BasicReversed, Kind::Cloze, Kind::ImageOcclusion]);
    let tags = prop::collection::btree_set("[a-zé#]{1,5}(::[A-Z]{1,3})?", 0..3);
    (kind, text(), cloze(), text(), tags, 1..1_796_000_000_i64).prop_map(
        |(kind, front, cloze, back, tags, modified)| {
            let shapes = "{{c1::image-occlusion:rect:left=.1}}\n{{c2::image-occlusion:rect:left=.2}}";
            let occlusion =
                Occlusion { shapes: shapes.into(), image: "x.png".into(), comments: String::new() };
            Note {
                kind,
                front: if kind == Kind::Cloze { cloze } else { front },
                source: back.clone(),
                back,
                tags: tags.into_iter().collect(),
                modified,
                occlusion: (kind == Kind::ImageOcclusion).then_some(occlusion),
                ..Note::default()
            }
        },
    )
}

fn schedule() -> impl Strategy<Value = Schedule> {
    let memory = prop::option::of((0.01_f32..36_500.0, 1.0_f32..10.0));
    let flags = (any::<bool>(), any::<bool>());
    (0..5_u8, 19_000..21_000_i32, 1..36_500_u32, 0..1_000_u32, memory, flags).prop_map(
        |(state, day, interval, reps, memory, (suspended, buried))| {
            let buried = buried && !suspended;
            let digits = |number: f32, scale: f32| (number * scale).round() / scale;
            let memory = memory.and_then(|(s, d)| Memory::new(digits(s, 10_000.0), digits(d, 1_000.0)));
            let new = Schedule { position: reps + 1, suspended, buried, ..Schedule::default() };
            let old = Schedule {
                due: Due::On(Day(day)),
                interval,
                reps,
                lapses: reps / 7,
                memory,
                ease: Some(2.35),
                last_review: Some(1_790_000_000),
                position: 0,
                ..new
            };
            let moment = Due::At(DateTime::from_timestamp(1_796_149_000, 0).unwrap());
            match state {
                0 => new,
                1 => Schedule { state: State::Learning, due: moment, steps_left: 2, ..old },
                2 => Schedule { state: State::Relearning, due: moment, steps_left: 1, ..old },
                3 => Schedule { state: State::Learning, steps_left: 1, ..old },
                _ => Schedule { state: State::Review, ..old },
            }
        },
    )
}

fn package() -> impl Strategy<Value = Package> {
    let reviews = prop::collection::vec((0..100_usize, 1..5_u8, 0..4_u8, 0..40_u64), 0..20);
    (prop::collection::vec((note(), prop::collection::vec(schedule(), 6)), 1..6), reviews).prop_map(
        |(notes, reviews)| {
            let mut package = Package {
                decks: ["A::B", "C ü"].map(|name| Deck { name: name.into(), ..Deck::default() }).to_vec(),
                media: vec![Media { name: "x.png".into(), bytes: PNG.to_vec() }],
                ..Package::default()
            };
            for (at, (mut note, schedules)) in notes.into_iter().enumerate() {
                note.guid = format!("guid-{at}-#$<");
                note.id = Some(1_700_000_000_000 + i64::try_from(at).unwrap() * 1_000);
                let numbers: Vec<u16> = match note.kind {
                    Kind::Basic => vec![0],
                    Kind::BasicReversed | Kind::ImageOcclusion => vec![0, 1],
                    Kind::Cloze => {
                        cloze::numbers(&note.front).unwrap().into_iter().map(|number| number - 1).collect()
                    }
                };
                for (ordinal, schedule) in numbers.into_iter().zip(schedules) {
                    package.cards.push(Card { note: at, ordinal, deck: at % 2, schedule });
                }
                package.notes.push(note);
            }
            package.decks.truncate(package.notes.len());
            let cards = package.cards.len();
            let log = reviews.into_iter().zip(0_u32..).map(|((card, rating, kind, days), at)| Review {
                card: card % cards,
                at: 1_780_000_000_000 + i64::from(at),
                rating: Rating::try_from(rating).unwrap(),
                interval: if days < 5 { days * 60 } else { days * 86_400 },
                kind: ReviewKind::from_repr(kind).unwrap(),
                duration: at * 100,
            });
            package.reviews = log.collect();
            package
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_package_there_and_back_is_the_same(package in package()) {
        let mut read = there_and_back(&package);
        for deck in &mut read.decks {
            prop_assert!(deck.id.take().is_some());
        }
        prop_assert_eq!(&read.notes, &package.notes);
        prop_assert_eq!(&read.cards, &package.cards);
        prop_assert_eq!(&read.reviews, &package.reviews);
        prop_assert_eq!(&read.decks, &package.decks);
        let shown = package.notes.iter().any(|note| {
            note.occlusion.is_some() || [&note.front, &note.back].into_iter().any(|text| text.contains("![](x.png)"))
        });
        prop_assert_eq!(!read.media.is_empty(), shown);
        prop_assert_eq!(read.report.numbers_mended, 0);
    }
}

#[test]
fn what_names_nothing_is_not_written() {
    let mut out = Cursor::new(Vec::new());
    let dangling = Package { cards: vec![Card::default()], ..Package::default() };
    assert!(matches!(
        write(&dangling, &OPTIONS, &mut out),
        Err(WriteError::Dangling { what: "card", at: 0 })
    ));
    let path = Package { media: vec![Media { name: "../x".into(), bytes: vec![] }], ..Package::default() };
    assert!(matches!(write(&path, &OPTIONS, &mut out), Err(WriteError::MediaName(_))));
}
