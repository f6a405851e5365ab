//! `/explain`: a topic in sections, kept as a summary.

use async_trait::async_trait;
use domain::{
    chat::{Material, MaterialKind},
    feature::Feature,
    ids::SummaryId,
};
use serde_json::Value;
use sqlx::PgConnection;
use study::{
    items::{Made as _, Section, markdown, schema},
    store::summaries::{self, SummaryKind},
};

use super::Task;
use crate::{
    making::{Collector, Item, Keep, Kind, ListCollector, Order, What},
    prompts::Prompt,
};

/// More than this are no summary.
const MOST: u32 = 12;

pub(super) struct Explanation;

impl Task for Explanation {
    fn feature(&self) -> Feature {
        Feature::Explain
    }

    fn prompt(&self) -> Prompt {
        Prompt::named("explanation.v2")
    }

    fn items(&self) -> Option<&'static dyn Kind> {
        Some(&Self)
    }
}

#[async_trait]
impl Kind for Explanation {
    fn schema_name(&self) -> &'static str {
        "sections"
    }

    fn schema(&self, count: u32, sourced: bool) -> Value {
        schema::sections(count, sourced)
    }

    fn lists(&self) -> &'static [&'static str] {
        &[Section::LIST]
    }

    fn per_call(&self) -> u32 {
        MOST
    }

    fn collector(&self, kept: &[Item], order: &Order) -> Box<dyn Collector> {
        let how = (What::Section as fn(Section) -> What, (|item, _, _| item) as fn(_, _, _) -> _);
        Box::new(ListCollector::new(kept, MOST as usize, order.passages.clone(), order.seed(), how))
    }

    fn markdown(&self, items: &[Item]) -> String {
        let sections: Vec<_> = items
            .iter()
            .filter_map(|item| match &item.what {
                What::Section(item) => Some(item.clone()),
                _ => None,
            })
            .collect();
        markdown::sections(&sections)
    }

    fn material(&self) -> Material {
        Material { kind: MaterialKind::Summary, id: SummaryId::generate().0 }
    }

    async fn keep(&self, conn: &mut PgConnection, keep: &Keep<'_>) -> sqlx::Result<()> {
        let items: Vec<_> = keep.items.iter().map(Item::to_json).collect();
        let (id, message) = (SummaryId(keep.material.id), Some(keep.message));
        let kind = SummaryKind::Explain;
        summaries::insert_made(conn, keep.user, id, kind, keep.topic, message, &items).await
    }
}
