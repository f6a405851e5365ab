//! How good what models make is, by day, feature, provider, model and version of the prompt. No content. Needs the platform.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::feature::Feature;
use sqlx::{PgConnection, types::Json};

use super::storable;

/// Who made something, and how it was asked to.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Maker {
    /// Whose model it is.
    pub provider: String,
    /// Which.
    pub model: String,
    /// The prompt with its version, as in `mcq.v1`.
    pub prompt: String,
}

/// What is counted of calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Calls to a model.
    pub calls: i64,
    /// Of these, gave no item at all.
    pub prose: i64,
    /// Items as they came.
    pub items: i64,
    /// Items that students got.
    pub delivered: i64,
    /// Items that had a reason not to be shown.
    pub flawed: i64,
    /// Of these, came right when asked again.
    pub mended: i64,
    /// Of these, did not.
    pub dropped: i64,
    /// Items that were there already.
    pub doubles: i64,
    /// Quotes that were named.
    pub quotes: i64,
    /// Of these, do not stand on their page.
    pub unproved: i64,
    /// Items that a student reported.
    pub reported: i64,
    /// How often each code of [`crate::items::Reason`] was seen.
    pub reasons: BTreeMap<String, i64>,
}

/// Adds to the counts of a day.
pub async fn add(
    conn: &mut PgConnection,
    day: NaiveDate,
    feature: Feature,
    maker: &Maker,
    counts: &Counts,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"insert into made_items as m (day, feature, provider, model, prompt, calls, prose, items, delivered, flawed, mended,
             dropped, doubles, quotes, unproved, reported, reasons)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, greatest($16::bigint, 0), $17)
           on conflict (day, feature, provider, model, prompt) do update set
             calls = m.calls + excluded.calls, prose = m.prose + excluded.prose, items = m.items + excluded.items,
             delivered = m.delivered + excluded.delivered, flawed = m.flawed + excluded.flawed,
             mended = m.mended + excluded.mended, dropped = m.dropped + excluded.dropped,
             doubles = m.doubles + excluded.doubles, quotes = m.quotes + excluded.quotes,
             unproved = m.unproved + excluded.unproved, reported = greatest(m.reported + $16::bigint, 0),
             reasons = (select coalesce(jsonb_object_agg(code, total), '{}')
                        from (select code, sum(times::bigint) as total
                              from (select * from jsonb_each_text(m.reasons)
                                    union all select * from jsonb_each_text(excluded.reasons)) as both_of (code, times)
                              group by code) as summed)"#,
        day,
        feature as Feature,
        maker.provider,
        maker.model,
        maker.prompt,
        counts.calls,
        counts.prose,
        counts.items,
        counts.delivered,
        counts.flawed,
        counts.mended,
        counts.dropped,
        counts.doubles,
        counts.quotes,
        counts.unproved,
        counts.reported,
        storable::json(&counts.reasons)?,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How good what one prompt made with one model is.
#[derive(Debug)]
pub struct Quality {
    /// What was made.
    pub feature: Feature,
    /// Who made it, and how it was asked to.
    pub maker: Maker,
    /// What was counted.
    pub counts: Counts,
}

/// Sums up the days from this one on, by feature, provider, model and prompt, the most delivered first.
pub async fn since(conn: &mut PgConnection, day: NaiveDate) -> sqlx::Result<Vec<Quality>> {
    let rows = sqlx::query!(
        r#"select feature as "feature: Feature", provider, model, prompt, sum(calls)::bigint as "calls!",
                  sum(prose)::bigint as "prose!", sum(items)::bigint as "items!", sum(delivered)::bigint as "delivered!",
                  sum(flawed)::bigint as "flawed!", sum(mended)::bigint as "mended!", sum(dropped)::bigint as "dropped!",
                  sum(doubles)::bigint as "doubles!", sum(quotes)::bigint as "quotes!",
                  sum(unproved)::bigint as "unproved!", sum(reported)::bigint as "reported!",
                  (select coalesce(jsonb_object_agg(code, total), '{}')
                   from (select code, sum(times::bigint) as total
                         from made_items o, jsonb_each_text(o.reasons) as each_of (code, times)
                         where (o.feature, o.provider, o.model, o.prompt) = (m.feature, m.provider, m.model, m.prompt)
                           and o.day >= $1
                         group by code) as summed) as "reasons!: Json<BTreeMap<String, i64>>"
           from made_items m where day >= $1
           group by feature, provider, model, prompt
           order by sum(delivered) desc, feature, provider, model, prompt"#,
        day,
    )
    .fetch_all(conn)
    .await?;
    let quality = rows.into_iter().map(|row| Quality {
        feature: row.feature,
        maker: Maker { provider: row.provider, model: row.model, prompt: row.prompt },
        counts: Counts {
            calls: row.calls,
            prose: row.prose,
            items: row.items,
            delivered: row.delivered,
            flawed: row.flawed,
            mended: row.mended,
            dropped: row.dropped,
            doubles: row.doubles,
            quotes: row.quotes,
            unproved: row.unproved,
            reported: row.reported,
            reasons: row.reasons.0,
        },
    });
    Ok(quality.collect())
}

/// Removes the days before this one. Returns how many rows there were.
pub async fn prune(conn: &mut PgConnection, before: NaiveDate) -> sqlx::Result<u64> {
    Ok(sqlx::query!("delete from made_items where day < $1", before).execute(conn).await?.rows_affected())
}
