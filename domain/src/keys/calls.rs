//! The calls of providers that were made for a question, as admins look at them: never with content.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;

use super::{Price, Provider};
use crate::ids::{JobId, KeyId, UserId};

/// How many of a job's calls are kept, the last ones.
const KEPT: i64 = 50;

/// A call that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Call {
    /// For which job.
    pub job_id: JobId,
    /// For whom.
    pub user_id: UserId,
    /// The request that asked for it.
    pub request_id: Option<String>,
    /// With which shared key; `None` where it was the student's own.
    pub key_id: Option<KeyId>,
    /// Of whom.
    pub provider: Provider,
    /// Which model was asked.
    pub model: String,
    /// `ok`, `cancelled`, or the class of the failure.
    pub outcome: &'static str,
    /// The status of the answer, where there was one.
    pub http_status: Option<u16>,
    /// The vendor's code, from the body of its answer.
    pub code: Option<String>,
    /// Why it failed, in our words.
    pub reason: Option<String>,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// From then to the first word, in milliseconds.
    pub first_token_ms: Option<i32>,
    /// From then to its end, in milliseconds.
    pub duration_ms: i32,
    /// Tokens of the prompt.
    pub prompt_tokens: i32,
    /// Tokens of the answer.
    pub completion_tokens: i32,
    /// Whether these are the provider's own figures.
    pub tokens_exact: bool,
}

/// A call as it is shown.
#[derive(Debug, Clone)]
pub struct Made {
    /// For which job.
    pub job: JobId,
    /// With which key; `None` where it was the student's own.
    pub key: Option<UsedKey>,
    /// Of whom.
    pub provider: Provider,
    /// Which model was asked.
    pub model: String,
    /// `ok`, `cancelled`, or the class of the failure.
    pub outcome: String,
    /// The status of the answer.
    pub http_status: Option<i16>,
    /// The vendor's code.
    pub code: Option<String>,
    /// Why it failed.
    pub reason: Option<String>,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// From then to the first word, in milliseconds.
    pub first_token_ms: Option<i32>,
    /// From then to its end, in milliseconds.
    pub duration_ms: i32,
    /// Tokens of the prompt.
    pub prompt_tokens: i32,
    /// Tokens of the answer.
    pub completion_tokens: i32,
    /// Whether these are the provider's own figures.
    pub tokens_exact: bool,
    /// What its tokens cost: the day's price, or else what the key has now.
    pub price: Option<Price>,
}

/// The shared key of a call. It may be gone.
#[derive(Debug, Clone)]
pub struct UsedKey {
    /// Its id.
    pub id: KeyId,
    /// What admins call it.
    pub name: Option<String>,
    /// Its last four characters, where they are known still.
    pub last_four: Option<String>,
}

impl Made {
    /// What it cost, in dollars; `None` where the price is not known, or not the platform's to pay.
    pub fn cost(&self) -> Option<f64> {
        self.price.map(|price| price.cost(self.prompt_tokens.into(), self.completion_tokens.into()))
    }
}

/// Adds calls, off the path of any of them, and forgets the oldest of jobs that have too many. Those of accounts that
/// are gone are left out. Within `begin_platform`.
pub async fn add(conn: &mut PgConnection, calls: &[Call]) -> sqlx::Result<()> {
    let rows = serde_json::to_value(calls).map_err(|error| sqlx::Error::Encode(error.into()))?;
    sqlx::query!(
        "insert into provider_calls (job_id, user_id, request_id, key_id, provider, model, outcome, http_status, code, reason,
                                     began_at, first_token_ms, duration_ms, prompt_tokens, completion_tokens, tokens_exact)
         select n.job_id, n.user_id, n.request_id, n.key_id, n.provider, n.model, n.outcome, n.http_status, n.code, n.reason,
                n.began_at, n.first_token_ms, n.duration_ms, n.prompt_tokens, n.completion_tokens, n.tokens_exact
         from jsonb_to_recordset($1::jsonb)
           as n(job_id uuid, user_id uuid, request_id text, key_id uuid, provider provider, model text, outcome text,
                http_status smallint, code text, reason text, began_at timestamptz, first_token_ms int, duration_ms int,
                prompt_tokens int, completion_tokens int, tokens_exact boolean)
         join users u on u.id = n.user_id
         order by n.began_at",
        rows,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from provider_calls where id in (
           select id from (
             select id, row_number() over (partition by job_id order by began_at desc, id desc) as place
             from provider_calls where job_id = any ($1)
           ) c where place > $2
         )",
        &calls.iter().map(|call| call.job_id.0).collect::<Vec<_>>(),
        KEPT,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The calls of a job, or else of all jobs of a request, the first first. Within `begin_platform`.
pub async fn list(
    conn: &mut PgConnection,
    job: Option<JobId>,
    request: Option<&str>,
) -> sqlx::Result<Vec<Made>> {
    let rows = sqlx::query!(
        r#"select c.job_id as "job: JobId", c.key_id as "key: KeyId", k.name as "name?",
                  coalesce(k.last_four, d.last_four) as last_four, c.provider as "provider: Provider", c.model, c.outcome,
                  c.http_status, c.code, c.reason, c.began_at, c.first_token_ms, c.duration_ms, c.prompt_tokens,
                  c.completion_tokens, c.tokens_exact,
                  coalesce(d.price_prompt, k.price_prompt)::float8 as price_prompt,
                  coalesce(d.price_completion, k.price_completion)::float8 as price_completion
           from provider_calls c
           left join provider_keys k on k.id = c.key_id
           left join key_days d on d.key_id = c.key_id and d.day = (c.began_at at time zone 'utc')::date
           where c.job_id = $1 or c.request_id = $2
           order by c.began_at, c.id limit 200"#,
        job.map(|job| job.0),
        request,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter().map(|row| Made {
        job: row.job,
        key: row.key.map(|id| UsedKey { id, name: row.name, last_four: row.last_four }),
        provider: row.provider,
        model: row.model,
        outcome: row.outcome,
        http_status: row.http_status,
        code: row.code,
        reason: row.reason,
        began_at: row.began_at,
        first_token_ms: row.first_token_ms,
        duration_ms: row.duration_ms,
        prompt_tokens: row.prompt_tokens,
        completion_tokens: row.completion_tokens,
        tokens_exact: row.tokens_exact,
        price: Price::of(row.price_prompt, row.price_completion),
    });
    Ok(rows.collect())
}

/// Removes the calls of jobs from before `before` that are not kept any more. Returns how many. Within `begin_platform`.
pub async fn prune(conn: &mut PgConnection, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "delete from provider_calls c where c.job_id < $1 and not exists (select from jobs j where j.id = c.job_id)",
        JobId::first_of(before).0,
    );
    Ok(done.execute(conn).await?.rows_affected())
}
