//! A map out of one call. Models write all nodes before the edges, so a node is shown once an edge ties it to what is shown:
//! what readers see hangs together from the first edge on, and nothing of it has to be taken back.

use std::collections::{HashMap, HashSet};

use study::{
    items::{
        Edge, Made, Node,
        map::{KINDS, LEAST_NODES, MOST_EDGES, MOST_NODES},
    },
    stream::{self, Found},
};

use super::{Collector, Counts, Flawed, Item, What, Why, collector::new_id};

/// Reads nodes and edges.
#[derive(Debug, Default)]
pub(crate) struct MapCollector {
    /// Nodes that no edge ties to what is shown yet.
    waiting: HashMap<String, Node>,
    shown: HashSet<String>,
    /// Edges between nodes that are not shown yet.
    loose: Vec<Edge>,
    pairs: HashSet<(String, String)>,
    edges: usize,
    flawed: Vec<Flawed>,
    counts: Counts,
}

impl MapCollector {
    fn node(&mut self, text: &str) -> Result<(), Why> {
        let mut node: Node = stream::parse(text).map_err(|why| Why::Form(why.0))?;
        node.collapsed_into = None;
        if !KINDS.contains(&node.kind.as_str()) {
            "other".clone_into(&mut node.kind);
        }
        let reasons = node.reasons();
        if !reasons.is_empty() {
            return Err(Why::Flaws(reasons));
        }
        let known = self.waiting.contains_key(&node.id) || self.shown.contains(&node.id);
        self.counts.doubles += u32::from(known);
        if !known && self.waiting.len() + self.shown.len() < MOST_NODES {
            self.waiting.insert(node.id.clone(), node);
        }
        Ok(())
    }

    fn edge(&mut self, text: &str) -> Result<(), Why> {
        let edge: Edge = stream::parse(text).map_err(|why| Why::Form(why.0))?;
        let reasons = edge.reasons();
        if !reasons.is_empty() {
            return Err(Why::Flaws(reasons));
        }
        let new = edge.from != edge.to && self.pairs.insert((edge.from.clone(), edge.to.clone()));
        self.counts.doubles += u32::from(!new);
        if new && self.edges < MOST_EDGES {
            self.edges += 1;
            self.loose.push(edge);
        }
        Ok(())
    }

    /// Everything that hangs together with what is shown, in the order of the edges. It begins once so much hangs together that
    /// it is a map.
    fn tied(&mut self) -> Vec<Item> {
        let mut items = Vec::new();
        let begins = if self.shown.is_empty() { self.map_of_some_size() } else { HashSet::new() };
        while let Some(at) = self.loose.iter().position(|edge| self.can_be_shown(edge, &begins)) {
            let edge = self.loose.remove(at);
            for end in [&edge.from, &edge.to] {
                if let Some(node) = self.waiting.remove(end) {
                    self.shown.insert(end.clone());
                    items.push(Item { id: new_id(), what: What::Node(node), source: None });
                }
            }
            items.push(Item { id: new_id(), what: What::Edge(edge), source: None });
        }
        items
    }

    fn can_be_shown(&self, edge: &Edge, begins: &HashSet<String>) -> bool {
        let tied = |end: &String| self.shown.contains(end) || begins.contains(end);
        (tied(&edge.from) || tied(&edge.to)) && self.is_known(&edge.from) && self.is_known(&edge.to)
    }

    fn is_known(&self, node: &str) -> bool {
        self.shown.contains(node) || self.waiting.contains_key(node)
    }

    /// The nodes of a part that hangs together and is large enough, if there is one.
    fn map_of_some_size(&self) -> HashSet<String> {
        let edges: Vec<&Edge> =
            self.loose.iter().filter(|edge| self.is_known(&edge.from) && self.is_known(&edge.to)).collect();
        let mut seen = HashSet::new();
        for edge in &edges {
            if seen.contains(&edge.from) {
                continue;
            }
            let part = part_of(&edge.from, &edges);
            if part.len() >= LEAST_NODES {
                return part;
            }
            seen.extend(part);
        }
        HashSet::new()
    }
}

/// Everything that these edges lead to from a node, whichever way they point.
fn part_of(node: &str, edges: &[&Edge]) -> HashSet<String> {
    let mut part = HashSet::from([node.to_owned()]);
    loop {
        let before = part.len();
        for edge in edges {
            if part.contains(&edge.from) || part.contains(&edge.to) {
                part.insert(edge.from.clone());
                part.insert(edge.to.clone());
            }
        }
        if part.len() == before {
            return part;
        }
    }
}

impl Collector for MapCollector {
    fn take(&mut self, found: Found) -> Vec<Item> {
        self.counts.items += 1;
        let read = if found.list == Node::LIST { self.node(&found.text) } else { self.edge(&found.text) };
        if let Err(why) = read {
            self.flawed.push(Flawed { text: found.text, why });
        }
        self.tied()
    }

    fn flawed(&self) -> &[Flawed] {
        &self.flawed
    }

    fn counts(&self) -> Counts {
        self.counts
    }
}
