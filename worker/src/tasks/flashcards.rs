//! `/flashcard`: cards for spaced repetition, kept as a deck.

use async_trait::async_trait;
use domain::{
    chat::{Material, MaterialKind, command},
    feature::Feature,
    ids::{DeckId, NoteId},
};
use serde_json::Value;
use sqlx::PgConnection;
use study::{
    items::{Flashcard, Made as _, markdown, schema},
    store::notes::{self, MadeNote},
};

use super::Task;
use crate::{
    making::{Collector, Item, Keep, Kind, ListCollector, Order, What},
    prompts::Prompt,
};

pub(super) struct Flashcards;

impl Task for Flashcards {
    fn feature(&self) -> Feature {
        Feature::Flashcard
    }

    fn prompt(&self) -> Prompt {
        Prompt::named("flashcards.v2")
    }

    fn items(&self) -> Option<&'static dyn Kind> {
        Some(&Self)
    }
}

fn cards(items: &[Item]) -> impl Iterator<Item = (&Item, &Flashcard)> {
    items.iter().filter_map(|item| match &item.what {
        What::Card(card) => Some((item, card)),
        _ => None,
    })
}

#[async_trait]
impl Kind for Flashcards {
    fn schema_name(&self) -> &'static str {
        "flashcards"
    }

    fn schema(&self, count: u32, sourced: bool) -> Value {
        schema::cards(count, sourced)
    }

    fn lists(&self) -> &'static [&'static str] {
        &[Flashcard::LIST]
    }

    fn per_call(&self) -> u32 {
        command::items_per_call(Feature::Flashcard)
    }

    fn collector(&self, kept: &[Item], order: &Order) -> Box<dyn Collector> {
        let how = (What::Card as fn(Flashcard) -> What, (|card, _, _| card) as fn(_, _, _) -> _);
        Box::new(ListCollector::new(kept, order.most(), order.passages.clone(), order.seed(), how))
    }

    fn markdown(&self, items: &[Item]) -> String {
        markdown::cards(&cards(items).map(|(_, card)| card.clone()).collect::<Vec<_>>())
    }

    fn material(&self) -> Material {
        Material { kind: MaterialKind::Deck, id: DeckId::generate().0 }
    }

    async fn keep(&self, conn: &mut PgConnection, keep: &Keep<'_>) -> sqlx::Result<()> {
        let notes: Vec<_> = cards(keep.items)
            .map(|(item, card)| MadeNote {
                id: NoteId(item.id),
                card,
                source: item.source.clone(),
                tags: Vec::new(),
            })
            .collect();
        let deck = (DeckId(keep.material.id), keep.topic);
        notes::insert_made(conn, keep.user, deck, Some(keep.message), &notes).await
    }
}
