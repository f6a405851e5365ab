//! `/highyield`: the points that matter most, kept as a summary.

use async_trait::async_trait;
use domain::{
    chat::{Material, MaterialKind},
    feature::Feature,
    ids::SummaryId,
};
use serde_json::Value;
use sqlx::PgConnection;
use study::{
    items::{Made as _, Point, markdown, schema},
    store::summaries::{self, SummaryKind},
};

use super::Task;
use crate::{
    making::{Collector, Item, Keep, Kind, ListCollector, Order, What},
    prompts::Prompt,
};

/// More than this are no summary.
const MOST: u32 = 20;

pub(super) struct HighYield;

impl Task for HighYield {
    fn feature(&self) -> Feature {
        Feature::Highyield
    }

    fn prompt(&self) -> Prompt {
        Prompt::named("high_yield.v2")
    }

    fn items(&self) -> Option<&'static dyn Kind> {
        Some(&Self)
    }
}

#[async_trait]
impl Kind for HighYield {
    fn schema_name(&self) -> &'static str {
        "points"
    }

    fn schema(&self, count: u32, sourced: bool) -> Value {
        schema::points(count, sourced)
    }

    fn lists(&self) -> &'static [&'static str] {
        &[Point::LIST]
    }

    fn per_call(&self) -> u32 {
        MOST
    }

    fn collector(&self, kept: &[Item], order: &Order) -> Box<dyn Collector> {
        let how = (What::Point as fn(Point) -> What, (|item, _, _| item) as fn(_, _, _) -> _);
        Box::new(ListCollector::new(kept, MOST as usize, order.passages.clone(), order.seed(), how))
    }

    fn markdown(&self, items: &[Item]) -> String {
        let points: Vec<_> = items
            .iter()
            .filter_map(|item| match &item.what {
                What::Point(item) => Some(item.clone()),
                _ => None,
            })
            .collect();
        markdown::points(&points)
    }

    fn material(&self) -> Material {
        Material { kind: MaterialKind::Summary, id: SummaryId::generate().0 }
    }

    async fn keep(&self, conn: &mut PgConnection, keep: &Keep<'_>) -> sqlx::Result<()> {
        let items: Vec<_> = keep.items.iter().map(Item::to_json).collect();
        let (id, message) = (SummaryId(keep.material.id), Some(keep.message));
        let kind = SummaryKind::Highyield;
        summaries::insert_made(conn, keep.user, id, kind, keep.topic, message, &items).await
    }
}
