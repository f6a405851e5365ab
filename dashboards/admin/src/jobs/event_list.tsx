import { Badge, number, Panel, type Tone } from "@medai/ui";
import { span } from "../parts/figures.ts";
import type { JobDetails } from "./jobs.ts";

type JobEvent = JobDetails["events"][number];

/** What each kind of event says to its reader. */
const SAYS: Record<string, string> = {
  queued: "It waits",
  started: "A worker began",
  citations: "The passages it will cite",
  delta: "More of the answer",
  restart: "The answer starts over",
  waiting: "No key can serve yet",
  progress: "How far it is",
  usage: "What it costs so far",
  done: "The end: all is there",
  truncated: "The end: the provider broke off",
  blocked: "The end: the provider would not answer",
  cancelled: "The end: it was stopped",
  error: "The end: there is no answer",
};

const TONES: Record<string, Tone> = {
  done: "good",
  restart: "warn",
  waiting: "warn",
  truncated: "warn",
  blocked: "warn",
  cancelled: "warn",
  error: "bad",
};

/** What a job told its readers: how much of what, never the text. */
export function Events({ job }: { job: JobDetails }) {
  const { events } = job;
  const starts = new Set(events.map((event) => event.epoch)).size;
  return (
    <Panel title="Events sent to the student">
      {events.length === 0 ? (
        <p className="text-muted text-sm">{nothing(job)}</p>
      ) : (
        <ol className="flex flex-col divide-y divide-line text-sm">
          {events.map((event, index) => (
            <li key={event.first} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 py-1.5">
              <Badge tone={TONES[event.kind] ?? "neutral"}>{event.kind}</Badge>
              <span className="text-muted">
                {SAYS[event.kind] ?? event.kind}
                {event.count > 1 && `, ${number(event.count)} times`}
              </span>
              <span className="ms-auto text-faint tabular-nums">
                {starts > 1 && isFirstOfStart(events, index) && `start ${event.epoch} · `}
                {numbers(event)}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

const isFirstOfStart = (events: readonly JobEvent[], index: number) =>
  events[index]?.epoch !== events[index - 1]?.epoch;

/** Numbers begin anew with each start: what is before is the start. */
const PER_START = 2 ** 20;

function numbers({ first, last, epoch }: JobEvent): string {
  const [from, to] = [first - epoch * PER_START, last - epoch * PER_START];
  return from === to ? `№ ${from}` : `№ ${from}–${to}`;
}

function nothing({ state, created_at, finished_at }: JobDetails): string {
  if (!finished_at) return state === "running" ? "Nothing yet." : "Nothing yet: it has not begun.";
  const took = (new Date(finished_at).getTime() - new Date(created_at).getTime()) / 1000;
  return `Nothing that is still known. It took ${span(took)} in all.`;
}
