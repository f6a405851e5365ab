use std::collections::HashSet;

use proptest::prelude::*;

use super::{
    Edge, Made as _, Map, Node, Reason,
    map::{LEAST_NODES, MOST_NODES, MOST_SHOWN},
    map_shape, markdown,
};

fn node(number: usize) -> Node {
    Node {
        id: format!("n{number}"),
        label: format!("Node {number}"),
        kind: "concept".to_owned(),
        ..Node::default()
    }
}

fn edge(from: usize, to: usize) -> Edge {
    Edge { from: format!("n{from}"), to: format!("n{to}"), verb: "raises".to_owned() }
}

/// A tree in which each node hangs on the one of half its number.
fn tree(nodes: usize) -> Map {
    Map { nodes: (0..nodes).map(node).collect(), edges: (1..nodes).map(|to| edge(to / 2, to)).collect() }
}

fn codes(map: &Map) -> Vec<&'static str> {
    map.reasons().0.iter().map(Reason::code).collect()
}

#[test]
fn a_map_says_what_is_wrong_with_it() {
    assert!(codes(&tree(LEAST_NODES)).is_empty());
    assert_eq!(codes(&tree(5)), ["nodes"]);
    assert_eq!(codes(&tree(MOST_NODES + 1)), ["nodes"]);
    let with = |edges: &[Edge]| {
        let mut map = tree(8);
        map.edges.extend_from_slice(edges);
        codes(&map)
    };
    assert_eq!(with(&[edge(1, 99)]), ["dangling"]);
    assert_eq!(with(&[edge(3, 3)]), ["loop"]);
    assert_eq!(with(&[edge(1, 2), edge(1, 2)]), ["double_edge"]);
    let mut apart = tree(8);
    apart.edges.remove(0);
    apart.nodes.push(node(3));
    assert_eq!(codes(&apart), ["same_id", "apart", "apart"]);
    let unlabelled = Edge { verb: " ".to_owned(), ..edge(1, 2) };
    assert_eq!(unlabelled.reasons().to_string(), "`verb` is empty");
}

#[test]
fn what_hangs_together_is_salvaged() {
    let mut map = tree(12);
    map.edges.extend([edge(0, 99), edge(2, 2), edge(0, 1)]);
    map.nodes.extend([node(50), node(51), node(3)]);
    map.edges.push(edge(50, 51));
    let map = map.salvaged().unwrap();
    assert!(map.reasons().is_empty() && map.nodes.len() == 12);
    assert_eq!(Map { edges: vec![], ..tree(30) }.salvaged(), None);
}

#[test]
fn a_small_map_is_shown_whole() {
    assert_eq!(tree(40).collapsed(), tree(40));
}

#[test]
fn a_map_is_a_nested_list() {
    let text = markdown::map(&tree(6));
    assert!(text.starts_with("- **Node 1**\n"), "{text}");
    assert!(text.contains("\n  - raises → **Node 3**"), "{text}");
    assert!(text.contains("\n  - ← raises **Node 0**"), "{text}");
}

prop_compose! {
    fn maps()(nodes in 0_usize..120, edges in prop::collection::vec((0_usize..130, 0_usize..130), 0..300)) -> Map {
        Map { nodes: (0..nodes).map(node).collect(), edges: edges.into_iter().map(|(from, to)| edge(from, to)).collect() }
    }
}

proptest! {
    #[test]
    fn what_is_salvaged_and_folded_can_be_shown(map in maps()) {
        let Some(map) = map.salvaged() else { return Ok(()) };
        prop_assert!(map.reasons().is_empty(), "{}", map.reasons());
        let whole = map.clone().collapsed();
        prop_assert_eq!((whole.nodes.len(), &whole.edges), (map.nodes.len(), &map.edges));
        let shown: Vec<Node> = whole.nodes.iter().filter(|node| node.collapsed_into.is_none()).cloned().collect();
        prop_assert!(shown.len() == map.nodes.len().min(MOST_SHOWN));
        let ids: HashSet<String> = shown.iter().map(|node| node.id.clone()).collect();
        let edges = whole.edges.iter().filter(|edge| ids.contains(&edge.from) && ids.contains(&edge.to)).cloned().collect();
        prop_assert_eq!(map_shape::parts(&Map { nodes: shown, edges }).len(), 1);
        let text = markdown::map(&map);
        for node in &map.nodes {
            let label = format!("**{}**", node.label);
            prop_assert!(text.contains(&label), "{} lacks {}", text, label);
        }
    }
}
