//! What shared keys used by day, at the price of that day: what a month costs.

use chrono::NaiveDate;
use sqlx::{PgConnection, PgPool};

use super::{Price, Provider};
use crate::ids::KeyId;

/// Tokens of calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// How many calls.
    pub calls: i64,
    /// Tokens of their prompts.
    pub prompt_tokens: i64,
    /// Tokens of their answers.
    pub completion_tokens: i64,
}

impl Spent {
    /// Both together.
    pub const fn add(&mut self, other: Self) {
        self.calls += other.calls;
        self.prompt_tokens += other.prompt_tokens;
        self.completion_tokens += other.completion_tokens;
    }

    /// Tokens of both kinds.
    pub const fn tokens(&self) -> i64 {
        self.prompt_tokens + self.completion_tokens
    }
}

/// What a key used on a day.
#[derive(Debug, Clone)]
pub struct KeyDay {
    /// Which day, in UTC.
    pub day: NaiveDate,
    /// Which key; it may be gone.
    pub key: KeyId,
    /// Whose protocol it speaks.
    pub provider: Provider,
    /// Its last four characters.
    pub last_four: String,
    /// What it used.
    pub spent: Spent,
    /// What that cost: the day's price, or else what the key has now.
    pub price: Option<Price>,
}

impl KeyDay {
    /// What it cost, in dollars; `None` where the price is not known.
    pub fn cost(&self) -> Option<f64> {
        self.price.map(|price| price.cost(self.spent.prompt_tokens, self.spent.completion_tokens))
    }
}

/// Adds to many days at once, off the path of any call. What students' own keys used costs nobody here.
pub async fn add(pool: &PgPool, done: &[((KeyId, NaiveDate), Spent)]) -> sqlx::Result<()> {
    let column = |of: fn(&Spent) -> i64| done.iter().map(|(_, spent)| of(spent)).collect::<Vec<_>>();
    sqlx::query!(
        "insert into key_days as d (day, key_id, provider, last_four, calls, prompt_tokens, completion_tokens,
                                    price_prompt, price_completion)
         select n.day, k.id, k.provider, k.last_four, n.calls, n.prompt_tokens, n.completion_tokens,
                k.price_prompt, k.price_completion
         from unnest($1::uuid[], $2::date[], $3::bigint[], $4::bigint[], $5::bigint[])
           as n(key_id, day, calls, prompt_tokens, completion_tokens)
         join provider_keys k on k.id = n.key_id and k.owner_id is null
         order by n.day, k.id
         on conflict (day, key_id) do update
         set calls = d.calls + excluded.calls, prompt_tokens = d.prompt_tokens + excluded.prompt_tokens,
             completion_tokens = d.completion_tokens + excluded.completion_tokens, last_four = excluded.last_four,
             price_prompt = coalesce(excluded.price_prompt, d.price_prompt),
             price_completion = coalesce(excluded.price_completion, d.price_completion)",
        &done.iter().map(|((key, _), _)| key.0).collect::<Vec<_>>(),
        &done.iter().map(|((_, day), _)| *day).collect::<Vec<_>>(),
        &column(|spent| spent.calls),
        &column(|spent| spent.prompt_tokens),
        &column(|spent| spent.completion_tokens),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// What keys used from a day on, oldest first.
pub async fn since(conn: &mut PgConnection, day: NaiveDate) -> sqlx::Result<Vec<KeyDay>> {
    let rows = sqlx::query!(
        r#"select d.day, d.key_id as "key: KeyId", d.provider as "provider: Provider",
                  coalesce(k.last_four, d.last_four) as "last_four!", d.calls, d.prompt_tokens, d.completion_tokens,
                  coalesce(d.price_prompt, k.price_prompt)::float8 as price_prompt,
                  coalesce(d.price_completion, k.price_completion)::float8 as price_completion
           from key_days d left join provider_keys k on k.id = d.key_id
           where d.day >= $1 order by d.day, d.key_id"#,
        day,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter().map(|row| KeyDay {
        day: row.day,
        key: row.key,
        provider: row.provider,
        last_four: row.last_four,
        spent: Spent {
            calls: row.calls,
            prompt_tokens: row.prompt_tokens,
            completion_tokens: row.completion_tokens,
        },
        price: Price::of(row.price_prompt, row.price_completion),
    });
    Ok(rows.collect())
}
