//! How full days are: what is due on each.

use std::collections::HashMap;

use sqlx::PgConnection;

use crate::{
    ids::{NoteId, UserId},
    scheduling::{Day, balance::Load},
};

/// So many days ahead are looked at: longer intervals are not balanced.
const AHEAD: u32 = 90;

/// What is due by day.
#[derive(Debug, Clone, Default)]
pub struct DueByDay {
    /// Before today.
    pub overdue: u32,
    /// Today, without what is overdue.
    pub today: u32,
    /// Tomorrow, the day after, and so on.
    pub coming: Vec<u32>,
}

/// How many cards are due on each day.
pub async fn due_by_day(conn: &mut PgConnection, user: UserId, today: Day) -> sqlx::Result<DueByDay> {
    let rows = sqlx::query!(
        r#"select greatest(due_day, $2 - 1) as "day!", count(*) as "count!" from cards
           where user_id = $1 and due_day is not null and not suspended and due_day <= $3
           group by 1"#,
        user.0,
        today.0,
        today.plus(AHEAD).0,
    )
    .fetch_all(conn)
    .await?;
    let mut due = DueByDay { coming: vec![0; AHEAD as usize], ..DueByDay::default() };
    for row in rows {
        let count = u32::try_from(row.count).unwrap_or(u32::MAX);
        match usize::try_from(row.day - today.0) {
            Err(_before) => due.overdue = count,
            Ok(0) => due.today = count,
            Ok(days) => {
                if let Some(day) = due.coming.get_mut(days - 1) {
                    *day = count;
                }
            }
        }
    }
    Ok(due)
}

/// On which days cards of these notes are due, by note; each with the number of its side.
pub async fn of_siblings(
    conn: &mut PgConnection,
    user: UserId,
    notes: &[NoteId],
) -> sqlx::Result<HashMap<NoteId, Vec<(i16, Day)>>> {
    let notes: Vec<_> = notes.iter().map(|note| note.0).collect();
    let rows = sqlx::query!(
        r#"select note_id as "note: NoteId", ordinal, due_day as "day!" from cards
           where user_id = $1 and note_id = any($2) and due_day is not null"#,
        user.0,
        &notes,
    )
    .fetch_all(conn)
    .await?;
    let mut days: HashMap<NoteId, Vec<(i16, Day)>> = HashMap::new();
    for row in rows {
        days.entry(row.note).or_default().push((row.ordinal, Day(row.day)));
    }
    Ok(days)
}

/// What balances a card: the coming days, and those of its siblings.
pub fn load(due: &DueByDay, siblings: Option<&Vec<(i16, Day)>>, ordinal: i16) -> Load {
    let siblings = siblings.into_iter().flatten().filter(|(other, _)| *other != ordinal);
    Load { due: due.coming.clone(), siblings: siblings.map(|(_, day)| *day).collect() }
}
