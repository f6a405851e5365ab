//! Reads the books after a fault, with the eyes of a superuser: what the database has is compared with
//! what students saw and what the simulator delivered.

use std::collections::{HashMap, HashSet};

use simulator::Call;
use sqlx::PgPool;
use uuid::Uuid;

use crate::student::Asked;

/// What came of the questions of one row.
#[derive(Debug, Default)]
pub struct Audit {
    /// Questions with a job.
    pub accepted: usize,
    /// Those with a whole answer.
    pub answered: usize,
    /// Those that their student stopped.
    pub stopped: usize,
    /// Those that ended in a stored error that says why, or in an answer that says that it broke off.
    pub explained: usize,
    /// Those without exactly one end.
    pub lost: usize,
    /// Those with more than one.
    pub doubled: usize,
    /// Requests that were turned away before they were accepted.
    pub refused: usize,
    /// What else is wrong: holds, tokens, readers; in words.
    pub problems: Vec<String>,
}

/// A job with all that belongs to it.
#[derive(Debug, sqlx::FromRow)]
struct Stored {
    job: Uuid,
    finished: bool,
    question: Option<String>,
    answers: i64,
    status: Option<String>,
    content: Option<String>,
    items: Option<serde_json::Value>,
    explained: bool,
    ledger: Option<String>,
    prompt: i64,
    completion: i64,
    exact: bool,
}

const JOBS: &str = "
    select j.id as job, j.finished_at is not null as finished, q.content as question,
           (select count(*) from messages o where o.job_id = j.id and o.role = 'assistant') as answers,
           a.status::text as status, a.content, a.items,
           coalesce(a.error->>'message', '') <> '' and coalesce(a.error->>'code', '') <> '' as explained,
           l.state::text as ledger, coalesce(l.prompt_tokens, 0) as prompt,
           coalesce(l.completion_tokens, 0) as completion, coalesce(l.tokens_exact, false) as exact
    from jobs j
    left join lateral (select * from messages m where m.job_id = j.id and m.role = 'assistant' limit 1) a on true
    left join messages q on q.id = a.parent_id
    left join usage_ledger l on l.job_id = j.id
    where j.tenant = any($1) and j.name in ('answer_message', 'run_command')";

/// Holds that are left, and days that do not say what the ledger says.
const BOOKS: [(&str, &str); 4] = [
    ("holds are left in the ledger", "select count(*) from usage_ledger where user_id = any($1) and state = 'held'"),
    (
        "holds are left on days",
        "select count(*) from usage_days where user_id = any($1) and (tokens_held <> 0 or requests_held <> 0)",
    ),
    ("holds are left on features", "select count(*) from usage_features where user_id = any($1) and held <> 0"),
    (
        "days count otherwise than the ledger",
        "select count(*) from usage_days d, lateral (
             select coalesce(sum(l.prompt_tokens + l.completion_tokens), 0)::bigint as tokens, count(*) as requests
             from usage_ledger l
             where l.user_id = d.user_id and l.day = d.day and l.state = 'settled' and l.payer = 'plan') l
           where d.user_id = any($1) and (d.tokens_used, d.requests_used) is distinct from (l.tokens, l.requests)",
    ),
];

/// How many jobs of these students have not ended.
///
/// # Errors
/// The database's.
pub async fn open_jobs(pool: &PgPool, students: &[Uuid]) -> sqlx::Result<i64> {
    sqlx::query_scalar("select count(*) from jobs where tenant = any($1) and finished_at is null")
        .bind(students)
        .fetch_one(pool)
        .await
}

/// Reads everything.
///
/// # Errors
/// The database's.
pub async fn audit(pool: &PgPool, students: &[Uuid], asked: &[Asked], calls: &[Call]) -> sqlx::Result<Audit> {
    let stored: Vec<Stored> = sqlx::query_as(JOBS).bind(students).fetch_all(pool).await?;
    let refused = asked.iter().filter(|asked| asked.job.is_none() && asked.refused.is_some()).count();
    let mut audit = Audit { refused, ..Audit::default() };
    let by_job: HashMap<Uuid, &Asked> =
        asked.iter().filter_map(|asked| asked.job.map(|job| (job, asked))).collect();
    let known: HashSet<Uuid> = stored.iter().map(|row| row.job).collect();
    audit.accepted = known.len();
    for job in by_job.keys().filter(|job| !known.contains(job)) {
        audit.accepted += 1;
        audit.lose(format!("job {job} was accepted and is gone"));
    }
    let mut questions: HashMap<&str, usize> = HashMap::new();
    for row in &stored {
        if let Some(nonce) = row.question.as_deref().and_then(nonce) {
            *questions.entry(nonce).or_default() += 1;
        }
        audit.count(row, by_job.get(&row.job).copied());
    }
    for (nonce, times) in questions.iter().filter(|(_, times)| **times > 1) {
        audit.doubled += 1;
        audit.problems.push(format!("{nonce} was asked once and is there {times} times"));
    }
    audit.compare_tokens(&stored, calls);
    for (what, sql) in BOOKS {
        let count: i64 = sqlx::query_scalar(sql).bind(students).fetch_one(pool).await?;
        if count > 0 {
            audit.problems.push(format!("{what}: {count}"));
        }
    }
    Ok(audit)
}

impl Audit {
    /// Whether all is as it should be.
    pub fn is_clean(&self) -> bool {
        self.lost == 0 && self.doubled == 0 && self.problems.is_empty()
    }

    fn lose(&mut self, why: String) {
        self.lost += 1;
        self.problems.push(why);
    }

    /// Counts one stored question.
    fn count(&mut self, row: &Stored, reader: Option<&Asked>) {
        if row.answers > 1 {
            self.doubled += 1;
            self.problems.push(format!("job {} has {} answers", row.job, row.answers));
        }
        let status = row.status.as_deref().unwrap_or("none");
        let asked_to_stop = reader.is_some_and(|reader| reader.how == crate::student::How::Stopping);
        match status {
            _ if !row.finished => self.lose(format!("job {} has not ended", row.job)),
            "complete" => self.answered += 1,
            "truncated" => self.explained += 1,
            "failed" | "blocked" if row.explained => self.explained += 1,
            "cancelled" if asked_to_stop => self.stopped += 1,
            other => self.lose(format!("job {} ended, its answer is {other}", row.job)),
        }
        let charged = row.prompt + row.completion > 0;
        match row.ledger.as_deref() {
            Some("settled") if charged => {}
            Some("released") if !charged => {}
            other => self.problems.push(format!("job {} ({status}): its ledger says {other:?}", row.job)),
        }
        if let Some(reader) = reader {
            self.compare_reader(row, status, reader);
        }
    }

    /// What the reader had in the end is what is stored.
    fn compare_reader(&mut self, row: &Stored, status: &str, reader: &Asked) {
        if let Some(complaint) = &reader.complaint {
            self.problems.push(format!("a reader of job {}: {complaint}", row.job));
        }
        let Some(end) = &reader.end else {
            self.problems.push(format!("a reader of job {} ({status}) never heard its end", row.job));
            return;
        };
        let expected = match status {
            "complete" => "done",
            "failed" => "error",
            other => other,
        };
        if end.kind != expected {
            self.problems.push(format!("job {} is {status}, its reader heard {}", row.job, end.kind));
        }
        let same = match &row.items {
            Some(items) => items.as_array() == Some(&reader.items),
            None => row.content.as_deref() == Some(reader.text.as_str()),
        };
        if status == "complete" && !same {
            self.problems.push(format!("a reader of job {} has another text than is stored", row.job));
        }
    }

    /// Each whole answer is charged with the figures of a call that the simulator delivered whole.
    fn compare_tokens(&mut self, stored: &[Stored], calls: &[Call]) {
        let mut delivered: HashMap<String, Vec<(i64, i64)>> = HashMap::new();
        for call in calls.iter().filter(|call| call.finished) {
            let prompt = call.prompt.to_string();
            if let Some(nonce) = nonce(&prompt) {
                let tokens = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
                let figures = (tokens(call.prompt_tokens), tokens(call.completion_tokens));
                delivered.entry(nonce.to_owned()).or_default().push(figures);
            }
        }
        for row in stored.iter().filter(|row| row.status.as_deref() == Some("complete") && row.exact) {
            let nonce = row.question.as_deref().and_then(nonce).unwrap_or_default();
            let calls = delivered.get(nonce).map_or(&[][..], Vec::as_slice);
            if !calls.contains(&(row.prompt, row.completion)) {
                self.problems.push(format!(
                    "job {} is charged {} + {} tokens; delivered were {calls:?}",
                    row.job, row.prompt, row.completion
                ));
            }
        }
    }
}

/// The nonce within a text.
fn nonce(text: &str) -> Option<&str> {
    let at = text.rfind("nonce-")?;
    text.get(at..at + "nonce-0123456789abcdef".len())
}
