//! What the cards are now.

use sqlx::PgConnection;

use super::Scope;

/// The upper ends of the groups in which intervals and stabilities are counted, in days. The last has no end.
const ENDS: [f64; 10] = [1.0, 3.0, 7.0, 14.0, 30.0, 60.0, 90.0, 180.0, 365.0, 36_500.0];

/// How many cards are in a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    /// Up to so many days, with this one.
    pub days_to: i32,
    /// How many.
    pub count: i64,
}

/// How many cards there are.
#[derive(Debug, Clone, Copy, Default)]
pub struct Totals {
    /// All of them.
    pub cards: i64,
    /// Never answered.
    pub new: i64,
    /// In steps.
    pub learning: i64,
    /// In review, with an interval of less than three weeks.
    pub young: i64,
    /// In review, with a longer one.
    pub mature: i64,
    /// Not asked at all; these are in none of the others.
    pub suspended: i64,
}

/// How many cards there are, by what they are.
pub async fn totals(conn: &mut PgConnection, scope: &Scope<'_>) -> sqlx::Result<Totals> {
    let decks = scope.ids();
    sqlx::query_as!(
        Totals,
        r#"select count(*) as "cards!", count(*) filter (where suspended) as "suspended!",
                  count(*) filter (where not suspended and state = 'new') as "new!",
                  count(*) filter (where not suspended and state in ('learning', 'relearning')) as "learning!",
                  count(*) filter (where not suspended and state = 'review' and interval < 21) as "young!",
                  count(*) filter (where not suspended and state = 'review' and interval >= 21) as "mature!"
           from cards where user_id = $1 and ($2::uuid[] is null or deck_id = any($2))"#,
        scope.user.0,
        decks.as_deref(),
    )
    .fetch_one(conn)
    .await
}

/// How many cards will be due on each of so many days, from today, which has all that is overdue.
pub async fn forecast(conn: &mut PgConnection, scope: &Scope<'_>, days: u32) -> sqlx::Result<Vec<i64>> {
    let decks = scope.ids();
    let rows = sqlx::query!(
        r#"select greatest(due_day - $2, 0) as "ahead!", count(*) as "count!" from cards
           where user_id = $1 and due_day is not null and not suspended and due_day < $3
             and ($4::uuid[] is null or deck_id = any($4))
           group by 1"#,
        scope.user.0,
        scope.today.0,
        scope.today.plus(days).0,
        decks.as_deref(),
    )
    .fetch_all(conn)
    .await?;
    let mut due = vec![0; usize::try_from(days).unwrap_or(0)];
    for row in rows {
        if let Some(day) = usize::try_from(row.ahead).ok().and_then(|ahead| due.get_mut(ahead)) {
            *day = row.count;
        }
    }
    Ok(due)
}

/// How many cards in review have which interval.
pub async fn intervals(conn: &mut PgConnection, scope: &Scope<'_>) -> sqlx::Result<Vec<Bucket>> {
    let decks = scope.ids();
    let rows = sqlx::query!(
        r#"select (select count(*) from unnest($3::float8[]) e where e < interval) as "bucket!", count(*) as "count!"
           from cards where user_id = $1 and ($2::uuid[] is null or deck_id = any($2)) and state = 'review'
           group by 1"#,
        scope.user.0,
        decks.as_deref(),
        &ENDS,
    )
    .fetch_all(conn)
    .await?;
    Ok(buckets(rows.into_iter().map(|row| (row.bucket, row.count))))
}

/// How many cards have which stability.
pub async fn stability(conn: &mut PgConnection, scope: &Scope<'_>) -> sqlx::Result<Vec<Bucket>> {
    let decks = scope.ids();
    let rows = sqlx::query!(
        r#"select (select count(*) from unnest($3::float8[]) e where e < stability) as "bucket!", count(*) as "count!"
           from cards where user_id = $1 and ($2::uuid[] is null or deck_id = any($2)) and stability is not null
           group by 1"#,
        scope.user.0,
        decks.as_deref(),
        &ENDS,
    )
    .fetch_all(conn)
    .await?;
    Ok(buckets(rows.into_iter().map(|row| (row.bucket, row.count))))
}

/// Every group, also those without cards.
#[expect(clippy::cast_possible_truncation, reason = "the ends are whole days")]
fn buckets(counted: impl Iterator<Item = (i64, i64)>) -> Vec<Bucket> {
    let mut buckets: Vec<Bucket> = ENDS.iter().map(|end| Bucket { days_to: *end as i32, count: 0 }).collect();
    for (index, count) in counted {
        if let Some(bucket) = usize::try_from(index).ok().and_then(|index| buckets.get_mut(index)) {
            bucket.count += count;
        }
    }
    buckets
}
