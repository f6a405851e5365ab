//! `/map`: a concept map.

use async_trait::async_trait;
use domain::{
    chat::{Material, MaterialKind},
    feature::Feature,
    ids::MapId,
};
use serde_json::Value;
use sqlx::PgConnection;
use study::{
    items::{Edge, Made as _, Map, Node, map::MOST_SHOWN, markdown, schema},
    store::maps,
};

use super::Task;
use crate::{
    making::{Collector, Item, Keep, Kind, MapCollector, Order, What},
    prompts::Prompt,
};

pub(super) struct ConceptMap;

impl Task for ConceptMap {
    fn feature(&self) -> Feature {
        Feature::Map
    }

    fn prompt(&self) -> Prompt {
        Prompt::named("concept_map.v2")
    }

    fn items(&self) -> Option<&'static dyn Kind> {
        Some(&Self)
    }
}

/// The map that nodes and edges are of.
fn map(items: &[Item]) -> Map {
    let mut map = Map::default();
    for item in items {
        match &item.what {
            What::Node(node) => map.nodes.push(node.clone()),
            What::Edge(edge) => map.edges.push(edge.clone()),
            _ => {}
        }
    }
    map.collapsed()
}

#[async_trait]
impl Kind for ConceptMap {
    fn schema_name(&self) -> &'static str {
        "concept_map"
    }

    fn schema(&self, _count: u32, _sourced: bool) -> Value {
        schema::map()
    }

    fn lists(&self) -> &'static [&'static str] {
        &[Node::LIST, Edge::LIST]
    }

    fn per_call(&self) -> u32 {
        u32::try_from(MOST_SHOWN).unwrap_or(u32::MAX)
    }

    fn collector(&self, _kept: &[Item], _order: &Order) -> Box<dyn Collector> {
        Box::new(MapCollector::default())
    }

    fn grows(&self) -> bool {
        false
    }

    fn markdown(&self, items: &[Item]) -> String {
        markdown::map(&map(items))
    }

    fn material(&self) -> Material {
        Material { kind: MaterialKind::Map, id: MapId::generate().0 }
    }

    async fn keep(&self, conn: &mut PgConnection, keep: &Keep<'_>) -> sqlx::Result<()> {
        let (id, message) = (MapId(keep.material.id), Some(keep.message));
        maps::insert_made(conn, keep.user, id, keep.topic, message, &map(keep.items)).await
    }
}
