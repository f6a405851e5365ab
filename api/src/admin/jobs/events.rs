//! What a job told its readers, as an admin sees it: that it did, and never what.

use domain::ids::JobId;
use jobs::bus::{Bus, Event, EventKind, Number, TerminalEvent};
use serde::Serialize;
use utoipa::ToSchema;

/// Events of one kind, one right after the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = JobEvents)]
pub(super) struct Run {
    /// As in the stream: `started`, `delta`, `restart`, `waiting`, `done` and so on.
    #[schema(example = "delta")]
    kind: EventKind,
    /// How many there were.
    count: usize,
    /// The start of the job that told them.
    epoch: i64,
    /// The numbers of the first and the last, which are the ids in the stream.
    first: i64,
    last: i64,
}

/// What the bus remembers of a job, in order, and its ending, which the database keeps: the bus forgets some minutes
/// after it.
pub(super) async fn shown(bus: &dyn Bus, job: JobId, ending: Option<&TerminalEvent>) -> Vec<Run> {
    let mut events = bus.follow(job).await.after(Number::QUEUED);
    if let Some(ending) = ending
        && events.last().is_none_or(|last| last.number < ending.number)
    {
        events.push(ending.event());
    }
    runs(&events)
}

fn runs(events: &[Event]) -> Vec<Run> {
    let alike =
        |one: &Event, next: &Event| one.kind == next.kind && one.number.epoch_of() == next.number.epoch_of();
    let run = |events: &[Event]| {
        let (first, last) = (events.first()?, events.last()?);
        let (epoch, numbers) = (first.number.epoch_of(), (first.number.get(), last.number.get()));
        Some(Run { kind: first.kind, count: events.len(), epoch, first: numbers.0, last: numbers.1 })
    };
    events.chunk_by(alike).filter_map(run).collect()
}

#[cfg(test)]
mod tests {
    use jobs::bus::MemoryBus;
    use serde_json::json;

    use super::*;

    fn event(number: Number, kind: EventKind) -> Event {
        Event { number, kind, data: r#"{"text":"what a student asked for"}"#.into() }
    }

    fn shown_as_text(runs: &[Run]) -> Vec<String> {
        runs.iter().map(|run| format!("{} {} x{}", run.epoch, run.kind.as_str(), run.count)).collect()
    }

    #[tokio::test]
    async fn events_are_counted_by_what_they_are_and_not_quoted() {
        let (bus, job) = (MemoryBus::new(), JobId::generate());
        let first = Number::epoch(1).next();
        let mut kinds = vec![EventKind::Started];
        kinds.extend([EventKind::Delta; 3]);
        for (n, kind) in (0..).zip(kinds) {
            bus.publish(job, event(first.plus(n), kind)).await.unwrap();
        }
        let second = Number::epoch(2).next();
        bus.publish(job, event(second, EventKind::Restart)).await.unwrap();
        bus.publish(job, event(second.next(), EventKind::Delta)).await.unwrap();
        let ending = TerminalEvent { number: second.next().end(), kind: EventKind::Done, data: json!({}) };
        let runs = shown(&*bus, job, Some(&ending)).await;
        assert_eq!(
            shown_as_text(&runs),
            ["1 started x1", "1 delta x3", "2 restart x1", "2 delta x1", "2 done x1"]
        );
        assert!(!serde_json::to_string(&runs).unwrap().contains("asked"));
    }

    #[tokio::test]
    async fn what_the_bus_forgot_still_has_its_end() {
        let ending =
            TerminalEvent { number: Number::epoch(3).end(), kind: EventKind::Error, data: json!({}) };
        let runs = shown(&*MemoryBus::new(), JobId::generate(), Some(&ending)).await;
        assert_eq!(shown_as_text(&runs), ["3 error x1"]);
        assert_eq!(shown(&*MemoryBus::new(), JobId::generate(), None).await, []);
    }
}
