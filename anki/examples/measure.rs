//! What 30,000 notes with 100,000 reviews cost: `measure write FILE`, then `measure read FILE`. Prints seconds and the peak of
//! memory.

use std::{fs::File, io::BufReader, time::Instant};

use anki::{Card, Deck, Kind, Limits, Note, Package, Review, ReviewKind, Schedule, WriteOptions};
use study::scheduling::{Day, Due, Memory, Rating, State};

const NOTES: usize = 30_000;
const REVIEWS: usize = 100_000;

#[expect(clippy::print_stdout, reason = "it is what this is for")]
fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, file] = arguments.as_slice() else { anyhow::bail!("measure read|write FILE") };
    let made = (what == "write").then(package);
    let begun = Instant::now();
    let package = match made {
        Some(package) => {
            let options = WriteOptions { now: 1_796_000_000, scheduling: true, decay: 0.154 };
            anki::write(&package, &options, File::create(file)?)?;
            package
        }
        None => anki::read(BufReader::new(File::open(file)?), &Limits::default())?,
    };
    let took = begun.elapsed();
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    println!(
        "{what}: {took:.1?}, {} notes, {} cards, {} reviews, {peak}",
        package.notes.len(),
        package.cards.len(),
        package.reviews.len()
    );
    Ok(())
}

fn package() -> Package {
    let text = |at: usize| {
        format!(
            "**Question {at}**: pH <7.35 and $\\frac{{a}}{{b_{at}}}$?\n\n- one *of many*\n- two, H<sub>2</sub>O, {}",
            "a sentence that goes on as those of large decks do, ".repeat(8)
        )
    };
    let notes = (0..NOTES).map(|at| Note {
        guid: format!("note-{at}"),
        kind: if at % 2 == 0 { Kind::Basic } else { Kind::Cloze },
        front: if at % 2 == 0 { text(at) } else { format!("The {{{{c1::aorta}}}} of {}", text(at)) },
        back: text(at + 1),
        tags: vec!["#AK_Step1_v12::#FirstAid::Cardio".to_owned(), format!("tag{}", at % 100)],
        modified: 1_795_000_000,
        ..Note::default()
    });
    let cards = (0..NOTES).map(|note| Card {
        note,
        ordinal: 0,
        deck: note % 20,
        schedule: Schedule {
            state: State::Review,
            due: Due::On(Day(20_800)),
            interval: 30,
            reps: 3,
            memory: Memory::new(30.0, 5.0),
            ..Schedule::default()
        },
    });
    let reviews = (0_u32..).zip(0..REVIEWS).map(|(number, at)| Review {
        card: at % NOTES,
        at: 1_780_000_000_000 + i64::from(number) * 1_000,
        rating: Rating::Good,
        interval: 864_000,
        kind: ReviewKind::Review,
        duration: 4_000,
    });
    Package {
        decks: (0..20).map(|at| Deck { name: format!("Medicine::Part {at}"), ..Deck::default() }).collect(),
        notes: notes.collect(),
        cards: cards.collect(),
        reviews: reviews.collect(),
        ..Package::default()
    }
}
