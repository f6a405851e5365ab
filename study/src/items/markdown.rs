//! What was made, as Markdown: the message keeps it for its history, for copying and for other clients.

use std::collections::HashSet;

use super::{AnswerOption, CardKind, Flashcard, Map, Point, Question, Section, cloze, map_shape};

/// Letters of options.
const LETTERS: [char; 4] = ['A', 'B', 'C', 'D'];

/// Cards, each with its front and back in bold.
pub fn cards(cards: &[Flashcard]) -> String {
    joined(cards, |card, _| match card.kind {
        CardKind::Basic => format!("**Front:** {}\n\n**Back:** {}", card.front.trim(), card.back.trim()),
        CardKind::Cloze => {
            let back = card.back.trim();
            let below = if back.is_empty() { String::new() } else { format!("\n\n{back}") };
            format!(
                "**Front:** {}\n\n**Back:** {}{below}",
                with_gaps(&card.front),
                cloze::plain(&card.front).trim()
            )
        }
    })
}

/// Questions, numbered, with options A to D, the answer, and why.
pub fn questions(questions: &[Question]) -> String {
    joined(questions, |question, number| {
        let asked = [question.stem.trim(), question.lead_in.trim()];
        let asked: Vec<&str> = asked.into_iter().filter(|part| !part.is_empty()).collect();
        let lettered = |part: fn(&AnswerOption) -> &str| {
            let lines = LETTERS.iter().zip(&question.options).filter(|(_, option)| !part(option).is_empty());
            lines
                .map(|(letter, option)| format!("- **{letter}.** {}", one_line(part(option))))
                .collect::<Vec<_>>()
                .join("\n")
        };
        let answer = LETTERS.get(usize::from(question.answer)).map_or_else(String::new, char::to_string);
        let parts = [
            format!("**Question {}.** {}", number + 1, asked.join("\n\n")),
            lettered(|option| &option.text),
            format!("**Answer: {answer}**"),
            lettered(|option| &option.explanation),
        ];
        parts.join("\n\n").trim_end().to_owned()
    })
}

/// Points, as a list.
pub fn points(points: &[Point]) -> String {
    points.iter().map(|point| format!("- {}", one_line(&point.text))).collect::<Vec<_>>().join("\n")
}

/// Sections, each below its heading.
pub fn sections(sections: &[Section]) -> String {
    joined(sections, |section, _| format!("## {}\n\n{}", one_line(&section.heading), section.body.trim()))
}

/// A map as a nested list, from the node with the most edges outwards. Edges that are not of the tree stand below the node
/// they begin at.
pub fn map(map: &Map) -> String {
    let tree = map_shape::tree(map);
    let of_tree: HashSet<usize> = tree.iter().filter_map(|leaf| leaf.edge).collect();
    let mut below: Vec<Vec<&map_shape::Leaf>> = vec![Vec::new(); map.nodes.len()];
    let mut roots = Vec::new();
    for leaf in &tree {
        match leaf.above.and_then(|above| below.get_mut(above)) {
            Some(list) => list.push(leaf),
            None => roots.push(leaf),
        }
    }
    let mut lines: Vec<String> = Vec::new();
    // Depth first, without recursion: a map may be one long chain.
    let mut stack: Vec<&map_shape::Leaf> = roots.into_iter().rev().collect();
    while let Some(leaf) = stack.pop() {
        lines.extend(line(map, leaf));
        lines.extend(others(map, &of_tree, leaf));
        stack.extend(below.get(leaf.node).into_iter().flatten().rev());
    }
    lines.join("\n")
}

fn line(map: &Map, leaf: &map_shape::Leaf) -> Option<String> {
    let node = map.nodes.get(leaf.node)?;
    let indent = "  ".repeat(leaf.depth);
    let way = leaf.edge.and_then(|at| map.edges.get(at)).map_or_else(String::new, |edge| {
        let verb = one_line(&edge.verb);
        if edge.to == node.id { format!("{verb} → ") } else { format!("← {verb} ") }
    });
    let about =
        if node.note.trim().is_empty() { String::new() } else { format!(": {}", one_line(&node.note)) };
    Some(format!("{indent}- {way}**{}**{about}", one_line(&node.label)))
}

fn others(map: &Map, of_tree: &HashSet<usize>, leaf: &map_shape::Leaf) -> Vec<String> {
    let Some(node) = map.nodes.get(leaf.node) else { return Vec::new() };
    let indent = "  ".repeat(leaf.depth + 1);
    let edges =
        map.edges.iter().enumerate().filter(|(at, edge)| edge.from == node.id && !of_tree.contains(at));
    let named = edges.filter_map(|(_, edge)| Some((edge, map.nodes.iter().find(|node| node.id == edge.to)?)));
    named.map(|(edge, to)| format!("{indent}- {} → {}", one_line(&edge.verb), one_line(&to.label))).collect()
}

/// The text of a cloze with gaps, each with its hint where it has one.
fn with_gaps(text: &str) -> String {
    let Ok(pieces) = cloze::pieces(text) else { return text.trim().to_owned() };
    let said = pieces.into_iter().map(|piece| match piece {
        cloze::Piece::Text(text) => text,
        cloze::Piece::Deletion { hint, .. } => format!("[{}]", hint.as_deref().unwrap_or("…")),
    });
    said.collect::<String>().trim().to_owned()
}

fn joined<T>(items: &[T], one: impl Fn(&T, usize) -> String) -> String {
    items.iter().enumerate().map(|(at, item)| one(item, at)).collect::<Vec<_>>().join("\n\n---\n\n")
}

/// In a list a line break would end the item.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::items::Difficulty;

    #[test]
    fn cards_and_questions_are_as_people_write_them() {
        let basic =
            Flashcard { kind: CardKind::Basic, front: "What?".into(), back: "That.".into(), source: None };
        let cloze = Flashcard {
            kind: CardKind::Cloze,
            front: "{{c1::That::what?}} is it".into(),
            back: String::new(),
            source: None,
        };
        assert_eq!(
            cards(&[basic, cloze]),
            "**Front:** What?\n\n**Back:** That.\n\n---\n\n**Front:** [what?] is it\n\n**Back:** That is it"
        );
        let option = |text: &str| AnswerOption { text: text.into(), explanation: format!("On\n{text}.") };
        let question = Question {
            stem: "A man.".into(),
            lead_in: "Which?".into(),
            options: ["w", "x", "y", "z"].map(option).to_vec(),
            answer: 2,
            difficulty: Difficulty::Easy,
            topic: String::new(),
            source: None,
        };
        assert_eq!(
            questions(&[question]),
            "**Question 1.** A man.\n\nWhich?\n\n- **A.** w\n- **B.** x\n- **C.** y\n- **D.** z\n\n**Answer: C**\n\n\
             - **A.** On w.\n- **B.** On x.\n- **C.** On y.\n- **D.** On z."
        );
    }
}
