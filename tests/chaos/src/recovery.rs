//! How long it took until students noticed nothing any more.

use std::time::{Duration, Instant};

use crate::student::Asked;

/// The part of the usual rate at which things are as usual again; the rest is chance.
const USUAL: f64 = 0.7;

/// The steps at which it is looked.
const STEP: Duration = Duration::from_millis(100);

/// What is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Windows {
    /// When the load was steady.
    pub steady: Instant,
    /// When the fault began.
    pub struck: Instant,
    /// When its cause was gone: a killed process stays away, a server is back.
    pub over: Instant,
    /// Over which time a rate is taken.
    pub rate: Duration,
}

/// The time from when the fault was over until answers came at the usual rate again, and nothing was
/// open that had been asked before. `None` while that is not so. A question that its reader still
/// waits for is not among `asked`; `open` says since when the oldest of those waits.
pub fn recovery(
    asked: &[Asked],
    open_since: Option<Instant>,
    windows: &Windows,
    now: Instant,
) -> Option<Duration> {
    let Windows { steady, struck, over, rate } = *windows;
    if open_since.is_some_and(|since| since < over) {
        return None;
    }
    let ends: Vec<Instant> = asked
        .iter()
        .filter_map(|asked| asked.end.as_ref().filter(|end| end.kind == "done"))
        .map(|end| end.at)
        .collect();
    let between = |from: Instant, to: Instant| {
        let count = ends.iter().filter(|at| (from..to).contains(*at)).count();
        f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / (to - from).as_secs_f64().max(0.001)
    };
    let usual = between(steady, struck) * USUAL;
    let mut from = over;
    let again = loop {
        if from + rate > now {
            return None;
        }
        if between(from, from + rate) >= usual {
            break from;
        }
        from += STEP;
    };
    let before = asked.iter().filter(|asked| asked.sent < over);
    let last = before.filter_map(|asked| asked.end.as_ref()).map(|end| end.at).max().unwrap_or(over);
    Some(again.max(last) - over)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::student::{End, How};

    fn asked(sent: Instant, at: Instant) -> Asked {
        let mut asked = Asked::new(String::new(), How::Streaming);
        asked.sent = sent;
        asked.end = Some(End { kind: "done".to_owned(), at });
        asked
    }

    #[test]
    fn a_pause_is_measured_until_the_rate_is_back_and_nothing_is_open() {
        let began = Instant::now();
        let at = |seconds: f64| began + Duration::from_secs_f64(seconds);
        let windows =
            Windows { steady: at(0.0), struck: at(5.0), over: at(5.0), rate: Duration::from_secs(1) };
        // Ten a second, none from 5 to 8, ten a second again.
        let mut all: Vec<_> =
            (0..50).map(|n| f64::from(n) / 10.0).map(|t| asked(at(t), at(t + 0.01))).collect();
        assert_eq!(recovery(&all, None, &windows, at(8.0)), None);
        all.extend((0..30).map(|n| 8.0 + f64::from(n) / 10.0).map(|t| asked(at(t), at(t + 0.01))));
        let took = recovery(&all, None, &windows, at(11.0)).unwrap().as_secs_f64();
        assert!((2.5..=3.1).contains(&took), "{took}");
        assert_eq!(recovery(&all, Some(at(4.9)), &windows, at(11.0)), None, "one still waits");
        all.push(asked(at(4.9), at(9.5)));
        let took = recovery(&all, None, &windows, at(11.0)).unwrap().as_secs_f64();
        assert!((4.4..=4.6).contains(&took), "the last of before came late: {took}");
    }
}
