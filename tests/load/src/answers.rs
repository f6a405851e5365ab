//! How many whole answers medai delivers a second, and what they cost.

use std::time::Duration;

use simulator::Script;

use crate::{
    drive::{Timing, directly, through},
    machine::Meter,
    platform::Platform,
    table::{Row, a_second, grouped, ms},
};

/// Students who ask at once.
const STUDENTS: usize = 64;

/// The fewest answers a second.
const GOAL: u64 = 500;

/// Measures whole answers a second, and the processor time of each.
pub(crate) async fn measure(platform: &Platform, window: Duration) -> anyhow::Result<[Row; 2]> {
    let students = platform.students("answers", STUDENTS).await?;
    crate::progress("whole answers a second");
    platform.script(&Script::healthy()).await?;
    let timing = Timing { warm_up: Duration::from_secs(1), window, spread: Duration::ZERO };
    let direct = directly(platform, STUDENTS, Timing { window: window / 4, ..timing }).await?;
    // medai, its database and the simulator are all children of this process.
    let meter = Meter::start();
    let counters = through(platform, &students, timing).await?;
    let cost = meter.ms_each(counters.whole_run);
    let rate = a_second(counters.answers, window);
    let directly = grouped(a_second(direct.answers, window / 4));
    Ok([
        Row::new(format!("whole answers a second, {STUDENTS} students"), grouped(rate))
            .goal("≥ 500", rate >= GOAL)
            .detail(format!(
                "an answer takes {} (p50 / p95 / p99); directly {directly} a second",
                ms(&counters.whole.p50_95_99())
            )),
        Row::new("processor time an answer", format!("{:.2} ms of medai", cost("medai"))).detail(format!(
            "and {:.2} ms of its database, {:.2} ms of the simulator, {:.2} ms of the load",
            cost("postgres"),
            cost("simulator"),
            cost("load")
        )),
    ])
}
