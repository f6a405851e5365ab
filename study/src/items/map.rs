//! Concept maps: what a model says, and what is wrong with it.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::{Made, Quoted, Reason, Reasons, map_shape};

/// With fewer nodes a map is a list.
pub const LEAST_NODES: usize = 6;

/// More nodes than this no layout can show; the rest is collapsed into branches.
pub const MOST_SHOWN: usize = 40;

/// More nodes than this are no map.
pub const MOST_NODES: usize = 200;

/// More edges than this are none of a map that can be read.
pub const MOST_EDGES: usize = 600;

/// What a node may be. A map is coloured by it; what else a model says is `other`.
pub const KINDS: [&str; 7] = ["concept", "cause", "mechanism", "finding", "test", "treatment", "other"];

/// A node of a map.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = MapNode)]
pub struct Node {
    /// Its name for edges.
    pub id: String,
    /// What it says.
    pub label: String,
    /// One of [`KINDS`].
    #[serde(default)]
    pub kind: String,
    /// A sentence about it, or nothing.
    #[serde(default)]
    pub note: String,
    /// The node into whose branch it is collapsed. Ours, and never a model's word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collapsed_into: Option<String>,
}

/// An edge of a map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = MapEdge)]
pub struct Edge {
    /// Where it begins.
    pub from: String,
    /// Where it ends.
    pub to: String,
    /// What the one does to the other.
    pub verb: String,
}

/// A whole map, as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ConceptMap)]
pub struct Map {
    /// Its nodes.
    pub nodes: Vec<Node>,
    /// Its edges, also of nodes that are collapsed.
    pub edges: Vec<Edge>,
}

impl Made for Node {
    const LIST: &'static str = "nodes";

    fn reasons(&self) -> Reasons {
        let mut reasons = Reasons::default();
        reasons.text("id", &self.id, 60);
        reasons.text("label", &self.label, 120);
        reasons.optional("note", &self.note, 400);
        reasons
    }

    fn gist(&self) -> String {
        self.label.clone()
    }

    fn source(&self) -> Option<&Quoted> {
        None
    }
}

impl Made for Edge {
    const LIST: &'static str = "edges";

    fn reasons(&self) -> Reasons {
        let mut reasons = Reasons::default();
        reasons.text("from", &self.from, 60);
        reasons.text("to", &self.to, 60);
        reasons.text("verb", &self.verb, 80);
        reasons
    }

    fn gist(&self) -> String {
        format!("{} → {}", self.from, self.to)
    }

    fn source(&self) -> Option<&Quoted> {
        None
    }
}

impl Map {
    /// What is wrong with it as a whole. Its nodes and edges were checked each by itself.
    pub fn reasons(&self) -> Reasons {
        let mut reasons = Reasons::default();
        if !(LEAST_NODES..=MOST_NODES).contains(&self.nodes.len()) {
            reasons.add(Reason::Nodes(self.nodes.len()));
        }
        let mut ids = HashSet::new();
        for node in &self.nodes {
            if !ids.insert(node.id.as_str()) {
                reasons.add(Reason::SameId(node.id.clone()));
            }
        }
        let mut pairs = HashSet::new();
        for edge in &self.edges {
            if let Some(unknown) = [&edge.from, &edge.to].into_iter().find(|id| !ids.contains(id.as_str())) {
                reasons.add(Reason::Dangling(unknown.clone()));
            } else if edge.from == edge.to {
                reasons.add(Reason::Loop(edge.from.clone()));
            } else if !pairs.insert((edge.from.as_str(), edge.to.as_str())) {
                reasons.add(Reason::DoubleEdge(edge.from.clone(), edge.to.clone()));
            }
        }
        // One of each part that is apart is enough to say.
        let parts = map_shape::parts(self);
        for part in parts.iter().skip(1).take(10) {
            if let Some(node) = part.first().and_then(|at| self.nodes.get(*at)) {
                reasons.add(Reason::Apart(node.id.clone()));
            }
        }
        reasons
    }

    /// What can be kept of it: no dangling, double or looping edges, the largest part that hangs together. None where that
    /// is fewer than [`LEAST_NODES`] nodes.
    #[must_use]
    pub fn salvaged(mut self) -> Option<Self> {
        let mut ids = HashSet::new();
        self.nodes.retain(|node| node.reasons().is_empty() && ids.insert(node.id.clone()));
        self.nodes.truncate(MOST_NODES);
        let ids: HashSet<&str> = self.nodes.iter().map(|node| node.id.as_str()).collect();
        let mut pairs = HashSet::new();
        self.edges.retain(|edge| {
            let known =
                ids.contains(edge.from.as_str()) && ids.contains(edge.to.as_str()) && edge.from != edge.to;
            known && edge.reasons().is_empty() && pairs.insert((edge.from.clone(), edge.to.clone()))
        });
        self.edges.truncate(MOST_EDGES);
        let largest: HashSet<usize> =
            map_shape::parts(&self).into_iter().next().unwrap_or_default().into_iter().collect();
        let mut at = 0..;
        self.nodes.retain(|_| at.next().is_some_and(|at| largest.contains(&at)));
        let ids: HashSet<&str> = self.nodes.iter().map(|node| node.id.as_str()).collect();
        self.edges.retain(|edge| ids.contains(edge.from.as_str()));
        for node in &mut self.nodes {
            if !KINDS.contains(&node.kind.as_str()) {
                "other".clone_into(&mut node.kind);
            }
        }
        (self.nodes.len() >= LEAST_NODES).then_some(self)
    }

    /// The map with its outermost nodes collapsed into their branches until [`MOST_SHOWN`] are left. What is shown hangs
    /// together, and nothing is lost.
    #[must_use]
    pub fn collapsed(mut self) -> Self {
        let tree = map_shape::tree(&self);
        // From the outside in: who comes later in the tree hangs on who comes before.
        let collapsed: BTreeMap<usize, usize> = tree
            .iter()
            .rev()
            .take(self.nodes.len().saturating_sub(MOST_SHOWN))
            .filter_map(|leaf| Some((leaf.node, leaf.above?)))
            .collect();
        let ids: HashMap<usize, String> =
            self.nodes.iter().enumerate().map(|(at, node)| (at, node.id.clone())).collect();
        for (at, node) in self.nodes.iter_mut().enumerate() {
            node.collapsed_into = collapsed.get(&at).and_then(|above| ids.get(above)).cloned();
        }
        self
    }
}
