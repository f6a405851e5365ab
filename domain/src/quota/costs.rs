//! What answers really took lately, and so what the next one is expected to take.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::Limits;
use crate::{chat::history::estimate_tokens, feature::Feature};

/// The most tokens of an answer that a model is asked for, thoughts aside.
pub const MOST_ANSWER_TOKENS: u32 = 2_048;

/// The same of a call for items: JSON takes more words.
pub const MOST_ITEMS_TOKENS: u32 = 4_096;

/// How many answers are remembered.
const KEPT: i32 = 64;

/// From how many answers on it is known what they take.
const KNOWN: i64 = 4;

/// Until it is known, the part of a day's tokens that is held for an answer at most: five of them fit into a day.
const PART_OF_A_DAY: i64 = 6;

/// What an answer may take, thoughts included, of a model that nothing is known of.
const MOST_OF_A_STRANGER: i64 = 8_192;

/// What answers of a feature took lately, by whatever models serve it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Costs {
    /// How many are remembered.
    answers: i64,
    /// What three of four took no more than.
    usual: i64,
    /// The most that one took.
    most: i64,
    /// Tokens of a character of a prompt.
    per_char: f64,
}

/// What a question will take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// About; this much is held.
    pub expected: i64,
    /// At most, as far as is known.
    pub at_most: i64,
}

/// What an answer took.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// Its tokens, thoughts included.
    pub tokens: u32,
    /// When it was.
    pub at: DateTime<Utc>,
    /// Characters of its prompt and what the provider counted for them, where it did.
    pub prompt: Option<(u32, u32)>,
}

impl Costs {
    /// What a question takes whose prompt has so many characters.
    pub fn estimate(&self, prompt_chars: usize, limits: &Limits) -> Estimate {
        let chars = i64::try_from(prompt_chars).unwrap_or(i64::MAX);
        let usual = i64::try_from(estimate_tokens(prompt_chars)).unwrap_or(i64::MAX);
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            reason = "an estimate, of some thousands"
        )]
        let prompt = usual.max((chars as f64 * self.per_char.min(1.0)).ceil() as i64);
        let most_asked = i64::from(MOST_ANSWER_TOKENS);
        let (expected, at_most) = if self.answers >= KNOWN {
            (self.usual, self.most.max(most_asked))
        } else {
            let part = |of: i64| limits.tokens.map_or(i64::MAX, |tokens| tokens / of);
            let most = MOST_OF_A_STRANGER.min(part(2).saturating_sub(prompt)).max(most_asked);
            (most_asked.min(part(PART_OF_A_DAY)), most)
        };
        // Whatever answers take, a day that nothing was used of has room for one.
        let day = limits.tokens.unwrap_or(i64::MAX);
        let expected = prompt.saturating_add(expected).min(day.max(prompt));
        Estimate { expected, at_most: prompt.saturating_add(at_most) }
    }
}

/// What the last answers of a feature took.
///
/// # Errors
/// The database's.
pub async fn read(conn: &mut PgConnection, feature: Feature) -> sqlx::Result<Costs> {
    let row = sqlx::query!(
        r#"with recent as materialized (
             select a.tokens from answer_costs c, unnest(c.tokens, c.times) as a(tokens, at)
             where c.feature = $1 order by a.at desc limit $2
           )
           select count(*) as "answers!",
                  coalesce(percentile_disc(0.75) within group (order by tokens), 0) as "usual!",
                  coalesce(max(tokens), 0) as "most!",
                  (select coalesce(sum(prompt_tokens)::float8 / nullif(sum(prompt_chars), 0)::float8, 0)
                   from answer_costs where feature = $1) as "per_char!"
           from recent"#,
        feature as Feature,
        i64::from(KEPT),
    )
    .fetch_one(conn)
    .await?;
    Ok(Costs { answers: row.answers, usual: row.usual.into(), most: row.most.into(), per_char: row.per_char })
}

/// Remembers what answers took, the oldest first. Needs the platform.
///
/// # Errors
/// The database's.
pub async fn remember(
    conn: &mut PgConnection,
    feature: Feature,
    model: &str,
    samples: &[Sample],
) -> sqlx::Result<()> {
    let tokens: Vec<_> =
        samples.iter().map(|sample| i32::try_from(sample.tokens).unwrap_or(i32::MAX)).collect();
    let times: Vec<_> = samples.iter().map(|sample| sample.at).collect();
    let counted = samples.iter().filter_map(|sample| sample.prompt);
    let (chars, prompts) = counted.fold((0_i64, 0_i64), |(chars, tokens), (more_chars, more_tokens)| {
        (chars + i64::from(more_chars), tokens + i64::from(more_tokens))
    });
    // Older prompts count for less and less.
    sqlx::query!(
        "insert into answer_costs as c (feature, model, tokens, times, prompt_chars, prompt_tokens, answered_at)
         values ($1, $2, $3, $4, $5, $6, (select max(t) from unnest($4::timestamptz[]) t))
         on conflict (feature, model) do update
           set tokens = (c.tokens || $3)[greatest(cardinality(c.tokens) + cardinality($3::int[]) - $7 + 1, 1):],
               times = (c.times || $4)[greatest(cardinality(c.tokens) + cardinality($3::int[]) - $7 + 1, 1):],
               prompt_chars = case when c.prompt_chars > 1000000 then c.prompt_chars / 2 else c.prompt_chars end + $5,
               prompt_tokens = case when c.prompt_chars > 1000000 then c.prompt_tokens / 2 else c.prompt_tokens end + $6,
               answered_at = greatest(c.answered_at, excluded.answered_at)",
        feature as Feature,
        model,
        &tokens,
        &times,
        chars,
        prompts,
        KEPT,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets models that have not answered since a time. Needs the platform.
///
/// # Errors
/// The database's.
pub async fn forget(conn: &mut PgConnection, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let gone = sqlx::query!("delete from answer_costs where answered_at < $1", before).execute(conn).await?;
    Ok(gone.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::users::Plan;

    const KNOWN_COSTS: Costs = Costs { answers: 20, usual: 500, most: 700, per_char: 0.3 };

    #[test]
    fn what_is_not_known_is_the_models_limit_but_no_more_than_a_sixth_of_the_day() {
        let estimate = |plan| Costs::default().estimate(400, &Limits::of(plan));
        assert_eq!(estimate(Plan::Free), Estimate { expected: 100 + 1_666, at_most: 5_000 });
        assert_eq!(estimate(Plan::Pro), Estimate { expected: 100 + 2_048, at_most: 100 + 8_192 });
        assert_eq!(estimate(Plan::Admin), estimate(Plan::Pro));
        let few = Costs { answers: KNOWN - 1, ..KNOWN_COSTS };
        assert_eq!(few.estimate(0, &Limits::of(Plan::Free)).expected, 1_666);
    }

    #[test]
    fn what_is_known_is_what_answers_took() {
        let estimate = |costs: Costs| costs.estimate(400, &Limits::of(Plan::Free));
        assert_eq!(estimate(KNOWN_COSTS), Estimate { expected: 120 + 500, at_most: 120 + 2_048 });
        let thinks = Costs { usual: 3_000, most: 6_000, ..KNOWN_COSTS };
        assert_eq!(estimate(thinks), Estimate { expected: 3_120, at_most: 6_120 });
        let dear = Costs { usual: 40_000, most: 60_000, ..KNOWN_COSTS };
        assert_eq!(estimate(dear), Estimate { expected: 10_000, at_most: 60_120 }, "one fits into a day");
        let sparing = Costs { per_char: 0.1, ..KNOWN_COSTS };
        assert_eq!(estimate(sparing).expected, 600, "never less than four characters a token");
    }

    proptest::proptest! {
        #[test]
        fn a_free_student_asks_four_things_at_a_time_until_it_is_known(chars in 0_usize..3_000) {
            let limits = Limits::of(Plan::Free);
            let estimate = Costs::default().estimate(chars, &limits);
            proptest::prop_assert!(4 * estimate.expected <= 10_000);
            proptest::prop_assert!(estimate.expected <= estimate.at_most);
        }
    }
}
