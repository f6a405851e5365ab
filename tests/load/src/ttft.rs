//! What medai adds to the time until the first token: the whole durable path against a direct call.

use std::time::Duration;

use simulator::Script;

use crate::{
    drive::{Timing, directly, through},
    platform::Platform,
    table::{Row, grouped, ms},
};

/// Tokens of an answer.
const CHUNKS: usize = 40;

/// A number of students, and how fast their provider is.
#[derive(Debug)]
pub(crate) struct Case {
    students: usize,
    first_token: Duration,
    between: Duration,
    p50: Option<f64>,
    p99: Option<f64>,
}

/// What is measured.
pub(crate) const CASES: [Case; 3] = [
    Case { students: 1, first_token: Duration::ZERO, between: Duration::ZERO, p50: Some(4.0), p99: None },
    Case {
        students: 16,
        first_token: Duration::from_millis(50),
        between: Duration::from_millis(5),
        p50: Some(5.0),
        p99: Some(20.0),
    },
    Case {
        students: 64,
        first_token: Duration::from_millis(50),
        between: Duration::from_millis(5),
        p50: None,
        p99: None,
    },
];

/// Measures a case. Percentiles are subtracted one from the other: nobody can ask the same question
/// both ways at once.
pub(crate) async fn measure(platform: &Platform, case: &Case, window: Duration) -> anyhow::Result<Row> {
    let students = platform.students(&format!("ttft-{}", case.students), case.students).await?;
    crate::progress(&format!("time to first token, {} parallel", case.students));
    let script =
        Script::healthy().chunks(CHUNKS).first_token_after(case.first_token).token_every(case.between);
    platform.script(&script).await?;
    let spread = case.first_token + case.between * u32::try_from(CHUNKS - 1)?;
    let timing = Timing { warm_up: Duration::from_secs(1) + spread, window, spread };
    let half = Timing { window: window / 2, ..timing };
    // Before and after, so that a machine that changes its pace favours neither.
    let mut direct = directly(platform, case.students, half).await?;
    let durable = through(platform, &students, timing).await?;
    direct.first.merge(&directly(platform, case.students, half).await?.first)?;
    Ok(row(case, durable.first.p50_95_99(), direct.first.p50_95_99(), durable.first.count()))
}

fn row(case: &Case, durable: [f64; 3], direct: [f64; 3], answers: u64) -> Row {
    let added = [durable[0] - direct[0], durable[1] - direct[1], durable[2] - direct[2]];
    let [p50, _, p99] = added;
    let who = if case.students == 1 { "1 student".to_owned() } else { format!("{} students", case.students) };
    let row = Row::new(format!("added time to first token, {who} (p50 / p95 / p99)"), ms(&added));
    let goals = [("p50", case.p50, p50), ("p99", case.p99, p99)];
    let goals: Vec<_> =
        goals.iter().filter_map(|(name, goal, is)| goal.map(|goal| (name, goal, *is))).collect();
    let row = if goals.is_empty() {
        row
    } else {
        let words: Vec<_> = goals.iter().map(|(name, goal, _)| format!("{name} ≤ {goal} ms")).collect();
        row.goal(&words.join(", "), goals.iter().all(|(_, goal, is)| is <= goal))
    };
    row.detail(format!(
        "through medai {}, directly {}; {} answers",
        ms(&durable),
        ms(&direct),
        grouped(answers)
    ))
}
