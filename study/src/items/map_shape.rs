//! How a map hangs together.

use std::collections::{HashMap, VecDeque};

use super::Map;

/// A node in the tree that a map is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf {
    /// Which node, by its place.
    pub node: usize,
    /// The node above; none for the root.
    pub above: Option<usize>,
    /// The edge that leads to it.
    pub edge: Option<usize>,
    /// How far it is from the root.
    pub depth: usize,
}

/// Neighbours of each node with the edge between, whichever way that leads. Edges of unknown nodes are left out.
fn neighbours(map: &Map) -> Vec<Vec<(usize, usize)>> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (at, node) in map.nodes.iter().enumerate() {
        places.entry(node.id.as_str()).or_insert(at);
    }
    let mut all = vec![Vec::new(); map.nodes.len()];
    for (at, edge) in map.edges.iter().enumerate() {
        let ends = (places.get(edge.from.as_str()), places.get(edge.to.as_str()));
        if let (Some(&from), Some(&to)) = ends
            && from != to
        {
            for (here, there) in [(from, to), (to, from)] {
                if let Some(list) = all.get_mut(here) {
                    list.push((there, at));
                }
            }
        }
    }
    all
}

/// The parts that hang together, the largest first, each as places of nodes.
pub fn parts(map: &Map) -> Vec<Vec<usize>> {
    let neighbours = neighbours(map);
    let mut seen = vec![false; map.nodes.len()];
    let mut parts: Vec<Vec<usize>> = Vec::new();
    for start in 0..map.nodes.len() {
        let part: Vec<usize> =
            walk(&neighbours, start, &mut seen).into_iter().map(|leaf| leaf.node).collect();
        if !part.is_empty() {
            parts.push(part);
        }
    }
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    parts
}

/// The map as a tree, from the node with the most edges outwards, part by part. Nearer nodes come first.
pub fn tree(map: &Map) -> Vec<Leaf> {
    let neighbours = neighbours(map);
    let mut starts: Vec<usize> = (0..map.nodes.len()).collect();
    starts.sort_by_key(|at| std::cmp::Reverse(neighbours.get(*at).map_or(0, Vec::len)));
    let mut seen = vec![false; map.nodes.len()];
    starts.into_iter().flat_map(|start| walk(&neighbours, start, &mut seen)).collect()
}

/// What can be reached from here and was not seen, breadth first.
fn walk(neighbours: &[Vec<(usize, usize)>], start: usize, seen: &mut [bool]) -> Vec<Leaf> {
    let mut reached = Vec::new();
    let mut waiting = VecDeque::from([Leaf { node: start, above: None, edge: None, depth: 0 }]);
    while let Some(leaf) = waiting.pop_front() {
        let Some(known) = seen.get_mut(leaf.node) else { continue };
        if std::mem::replace(known, true) {
            continue;
        }
        reached.push(leaf);
        for (next, edge) in neighbours.get(leaf.node).into_iter().flatten() {
            waiting.push_back(Leaf {
                node: *next,
                above: Some(leaf.node),
                edge: Some(*edge),
                depth: leaf.depth + 1,
            });
        }
    }
    reached
}
