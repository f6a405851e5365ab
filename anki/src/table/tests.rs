//! Tables, as Anki and people write them.

use proptest::prelude::*;

use super::{BadLine, read_table, write_table};
use crate::{Deck, Kind, Limits, LineFault, Note, Package, Refusal};

fn read(text: &str) -> super::Table {
    read_table(text.as_bytes(), 7, &Limits::default()).unwrap()
}

#[test]
fn heads_of_anki_are_obeyed() {
    let text = "\u{feff}#separator:Semicolon\r\n#html:true\r\n#guid column:1\r\n#notetype column:2\r\n#deck column:3\r\n\
                #tags column:6\r\n#tags:all\r\ng1;Basic;A::B;<b>q</b>;\"a\n<br>\"\"b\"\"\";x y\r\n\
                g2;Cloze;A::B;{{c1::x}} {{c2::y}};e;\r\ng3;Basic (and reversed card);C;f;b;x\r\n";
    let table = read(text);
    assert_eq!(table.bad, []);
    let package = table.package;
    let notes: Vec<_> = package
        .notes
        .iter()
        .map(|note| (note.guid.as_str(), note.kind, note.front.as_str(), note.back.as_str()))
        .collect();
    assert_eq!(
        notes,
        [
            ("g1", Kind::Basic, "**q**", "a\n\"b\""),
            ("g2", Kind::Cloze, "{{c1::x}} {{c2::y}}", "e"),
            ("g3", Kind::BasicReversed, "f", "b")
        ]
    );
    assert_eq!(package.notes[0].tags, ["all", "x", "y"]);
    assert_eq!(package.cards.len(), 5);
    let decks: Vec<_> = package.decks.iter().map(|deck| deck.name.as_str()).collect();
    assert_eq!(decks, ["A::B", "C"]);
}

#[test]
fn a_table_without_a_head_is_guessed() {
    let table = read("What is $x<y$?\t**That**\tand more\n{{c1::A}} cloze\n");
    let [first, second] = table.package.notes.as_slice() else { panic!() };
    assert_eq!((first.front.as_str(), first.back.as_str()), ("What is $x<y$?", "**That**\n\nand more"));
    assert_eq!(second.kind, Kind::Cloze);
    assert_eq!(
        read("a,b").package.notes[0].guid,
        read("a,c").package.notes[0].guid,
        "so that a change is one"
    );
}

#[test]
fn a_bad_line_is_told_by_its_number() {
    let table = read("#separator:Comma\na,b\n,c\n\"d\n\",e\nf,\"g\nh,i\n");
    assert_eq!(table.package.notes.len(), 2);
    let bad = |line, why| BadLine { line, why };
    assert_eq!(table.bad, [bad(3, LineFault::Empty), bad(6, LineFault::OpenQuotes)]);
    let refused = |text: &[u8]| read_table(text, 0, &Limits::default()).unwrap_err();
    assert_eq!(refused(b"\xff\xfea\0"), Refusal::NotText);
    assert_eq!(refused(b""), Refusal::EmptyTable);
    assert_eq!(refused(b"#separator:Word\na"), Refusal::BadLine { line: 1, why: LineFault::Separator });
    assert_eq!(
        refused(b"#html:true\n#tags column:0\na").to_string(),
        "Line 2 can't be read: this number of a column is none."
    );
}

#[test]
fn what_is_written_is_read() {
    let note = |guid: &str, kind, front: &str| Note {
        guid: guid.into(),
        kind,
        front: front.into(),
        back: "a, \"b\"\nc".into(),
        source: "S".into(),
        tags: vec!["x::y".into()],
        modified: 7,
        ..Note::default()
    };
    let notes = vec![
        note("1", Kind::Basic, "#q <5 $x$"),
        note("2", Kind::Cloze, "{{c1::**x**}}"),
        note("3", Kind::BasicReversed, "é"),
    ];
    let cards = (0..3).map(|note| crate::Card { note, ..crate::Card::default() }).collect();
    let decks = vec![Deck { name: "D::E".into(), ..Deck::default() }];
    let package = Package { decks, notes, cards, ..Package::default() };
    let back = read(&write_table(&package).unwrap());
    assert_eq!(back.package.notes, package.notes);
    assert_eq!(back.package.decks, package.decks);
}

proptest! {
    #[test]
    fn any_table_ends_in_a_verdict(text in "[#a-c:;,\t\"\n ]{0,80}", bytes in any::<Vec<u8>>()) {
        let _text = read_table(text.as_bytes(), 0, &Limits::default());
        let _bytes = read_table(&bytes, 0, &Limits::default());
    }
}
