//! A map as text for Mermaid. Nodes get names of ours, and of what they say each character that Mermaid could read as
//! anything else is written by its number: there is no label that ends early.

use std::collections::HashMap;

use super::Map;

/// The text of a flowchart.
pub fn mermaid(map: &Map) -> String {
    let names: HashMap<&str, usize> =
        map.nodes.iter().enumerate().map(|(at, node)| (node.id.as_str(), at)).collect();
    let nodes =
        map.nodes.iter().enumerate().map(|(at, node)| format!("  n{at}[\"{}\"]", quoted(&node.label)));
    let edges = map.edges.iter().filter_map(|edge| {
        let (from, to) = (names.get(edge.from.as_str())?, names.get(edge.to.as_str())?);
        Some(format!("  n{from} -->|\"{}\"| n{to}", quoted(&edge.verb)))
    });
    let lines: Vec<String> = std::iter::once("flowchart LR".to_owned()).chain(nodes).chain(edges).collect();
    lines.join("\n") + "\n"
}

/// Letters, figures and single spaces as they are, all else as `#35;`. An empty label would be no label.
fn quoted(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::with_capacity(text.len());
    for sign in text.chars().filter(|sign| !sign.is_control()) {
        if sign.is_alphanumeric() || matches!(sign, ' ' | ',' | '.') {
            out.push(sign);
        } else {
            out.push('#');
            out.push_str(&u32::from(sign).to_string());
            out.push(';');
        }
    }
    if out.trim().is_empty() { "…".to_owned() } else { out }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::items::{Edge, Node};

    fn map(labels: &[&str], verb: &str) -> Map {
        let node = |(at, label): (usize, &&str)| Node {
            id: format!("id \"{at}"),
            label: (*label).to_owned(),
            ..Node::default()
        };
        let edge = |at: usize| Edge {
            from: format!("id \"{at}"),
            to: format!("id \"{}", at + 1),
            verb: verb.to_owned(),
        };
        Map {
            nodes: labels.iter().enumerate().map(node).collect(),
            edges: (1..labels.len()).map(|at| edge(at - 1)).collect(),
        }
    }

    /// What Mermaid makes of a label.
    fn read(label: &str) -> String {
        let mut parts = label.split('#');
        let first = parts.next().unwrap().to_owned();
        parts.fold(first, |mut said, part| {
            let (number, rest) = part.split_once(';').unwrap();
            said.push(char::from_u32(number.parse().unwrap()).unwrap());
            said + rest
        })
    }

    #[test]
    fn labels_that_would_break_out_are_written_by_number() {
        let text =
            mermaid(&map(&["end", "say \"no\"]", "50 % #quot; `x`\n%%{init}%%", "Größe β, 心"], "leads to"));
        assert_eq!(
            text,
            "flowchart LR\n  n0[\"end\"]\n  n1[\"say #34;no#34;#93;\"]\n  \
             n2[\"50 #37; #35;quot#59; #96;x#96; #37;#37;#123;init#125;#37;#37;\"]\n  n3[\"Größe β, 心\"]\n  \
             n0 -->|\"leads to\"| n1\n  n1 -->|\"leads to\"| n2\n  n2 -->|\"leads to\"| n3\n"
        );
    }

    proptest! {
        #[test]
        fn no_label_breaks_out(one in any::<String>(), other in r#"[\[\]"`#;%{}|<>\-\n a]{0,30}"#, verb in any::<String>()) {
            let text = mermaid(&map(&[&one, &other], &verb));
            let lines: Vec<_> = text.lines().collect();
            prop_assert_eq!(lines.len(), 4);
            for (line, said, before, after) in [
                (lines[1], &one, "  n0[\"", "\"]"), (lines[2], &other, "  n1[\"", "\"]"),
                (lines[3], &verb, "  n0 -->|\"", "\"| n1"),
            ] {
                let label = line.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)).unwrap();
                prop_assert!(label.chars().all(|sign| sign.is_alphanumeric() || " ,.#;…".contains(sign)), "{label}");
                let plain: String = said.split_whitespace().collect::<Vec<_>>().join(" ");
                let plain: String = plain.chars().filter(|sign| !sign.is_control()).collect();
                let plain = if plain.trim().is_empty() { "…".to_owned() } else { plain };
                prop_assert_eq!(read(label), plain);
            }
        }
    }
}
