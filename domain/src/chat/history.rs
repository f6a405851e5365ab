//! What the model is sent of a conversation: the branch that leads to the question, newest first,
//! as far as the budget reaches.

use std::collections::{BTreeSet, HashMap};

use sqlx::PgConnection;

use super::MessageRole;
use crate::{feature::Feature, ids::MessageId};

/// The most tokens of earlier turns that a question takes along.
pub const BUDGET_TOKENS: usize = 3_000;

/// Characters a token has on average, until better is known.
pub const CHARS_PER_TOKEN: usize = 4;

/// The most characters of what a model is told to be, before the conversation.
pub const SYSTEM_CHARS: usize = 600;

/// The same of what it is told to make by a command.
pub const COMMAND_CHARS: usize = 1_600;

/// The most characters of what it is told about passages of documents, where there are any.
pub const SOURCES_CHARS: usize = 800;

/// The most messages that are looked at on the way up.
const MAX_TURNS: i32 = 40;

/// One message on the way from the question up.
#[derive(Debug, Clone)]
pub struct Turn {
    /// Which message it is.
    pub id: MessageId,
    /// Who wrote it.
    pub role: MessageRole,
    /// What it was sent to.
    pub feature: Feature,
    /// Its text.
    pub content: String,
}

/// An estimate of the tokens of a text.
pub fn estimate_tokens(chars: usize) -> usize {
    chars.div_ceil(CHARS_PER_TOKEN)
}

/// The question and what led to it, the question first. Answers without text are left out, and with
/// them nothing else: a question that got no answer still says what the student meant.
pub async fn load(conn: &mut PgConnection, question: MessageId) -> sqlx::Result<Vec<Turn>> {
    sqlx::query_as!(
        Turn,
        r#"with recursive branch as (
             select id, parent_id, role, feature, content, 1 as depth from messages where id = $1
             union all
             select m.id, m.parent_id, m.role, m.feature, m.content, branch.depth + 1
             from messages m join branch on m.id = branch.parent_id where branch.depth < $2
           )
           select id as "id!: MessageId", role as "role!: MessageRole", feature as "feature!: Feature", content as "content!"
           from branch where content <> '' order by depth"#,
        question.0,
        MAX_TURNS,
    )
    .fetch_all(conn)
    .await
}

/// The numbers of the passages that earlier answers cite. Most cite none, and are not in it.
pub async fn cited(
    conn: &mut PgConnection,
    turns: &[Turn],
) -> sqlx::Result<HashMap<MessageId, BTreeSet<u32>>> {
    let answers: Vec<_> =
        turns.iter().filter(|turn| turn.role == MessageRole::Assistant).map(|turn| turn.id.0).collect();
    if answers.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query!(
        r#"select m.id as "id!: MessageId", (citation ->> 'n')::int as "n!"
           from messages m, jsonb_array_elements(m.citations) citation
           where m.id = any($1) and jsonb_typeof(citation -> 'n') = 'number'"#,
        &answers,
    )
    .fetch_all(conn)
    .await?;
    let mut cited: HashMap<MessageId, BTreeSet<u32>> = HashMap::new();
    for row in rows {
        cited.entry(row.id).or_default().extend(u32::try_from(row.n));
    }
    Ok(cited)
}

/// Cuts a history (the question first) to the budget and turns it round. The question itself always
/// stays; an older turn stays only whole, and only if all younger ones stayed.
pub fn within_budget(newest_first: Vec<Turn>, budget_tokens: usize) -> Vec<Turn> {
    let mut left = budget_tokens;
    let mut kept: Vec<Turn> = Vec::with_capacity(newest_first.len());
    for turn in newest_first {
        let cost = if kept.is_empty() { 0 } else { estimate_tokens(turn.content.chars().count()) };
        let Some(rest) = left.checked_sub(cost) else { break };
        left = rest;
        kept.push(turn);
    }
    kept.reverse();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(chars: usize) -> Turn {
        Turn {
            id: MessageId::generate(),
            role: MessageRole::User,
            feature: Feature::Chat,
            content: "x".repeat(chars),
        }
    }

    proptest::proptest! {
        #[test]
        fn the_budget_holds_and_the_question_stays(sizes in proptest::collection::vec(1_usize..500, 1..20), budget in 0_usize..600) {
            let all: Vec<_> = sizes.iter().map(|size| turn(*size)).collect();
            let kept = within_budget(all, budget);
            proptest::prop_assert_eq!(kept.last().map(|turn| turn.content.len()), sizes.first().copied());
            let earlier: usize = kept.iter().rev().skip(1).map(|turn| estimate_tokens(turn.content.len())).sum();
            proptest::prop_assert!(earlier <= budget);
            // A suffix of the conversation, without a hole.
            let lengths: Vec<_> = kept.iter().rev().map(|turn| turn.content.len()).collect();
            proptest::prop_assert_eq!(&lengths[..], &sizes[..lengths.len()]);
        }
    }
}
