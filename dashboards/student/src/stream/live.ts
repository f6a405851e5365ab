/** The jobs that this page reads, by id. A stream outlives the component that shows it. */
import { useCallback, useSyncExternalStore } from "react";
import { follow } from "./follow.ts";
import { type Answer, hasEnded, NOTHING, reduce, resumed } from "./reduce.ts";

export interface Live {
  answer: Answer;
  /** Whether its events arrive now; false while the network is away. */
  connected: boolean;
}

interface Entry extends Live {
  listeners: Set<() => void>;
  frame: number;
  shown: Live;
  stop: AbortController;
  over: Promise<void>;
}

const jobs = new Map<string, Entry>();
const REST: Live = { answer: NOTHING, connected: true };

/** Reads a job, once however often it is asked for. Calls back when it has ended. */
export function read(job: string, onEnd: (answer: Answer) => void): void {
  if (jobs.has(job)) return;
  const entry: Entry = {
    ...REST,
    shown: REST,
    listeners: new Set(),
    frame: 0,
    stop: new AbortController(),
    over: Promise.resolve(),
  };
  jobs.set(job, entry);
  const reader = {
    answer: () => entry.answer,
    take: (event: Parameters<typeof reduce>[1]) => {
      entry.answer = reduce(entry.answer, event);
      show(entry);
    },
    onConnection: (connected: boolean) => {
      entry.connected = connected || hasEnded(entry.answer);
      show(entry);
    },
    onResume: () => {
      entry.answer = resumed(entry.answer);
    },
  };
  entry.over = follow(`/api/jobs/${job}/events`, reader, entry.stop.signal).then(() => {
    show(entry);
    onEnd(entry.answer);
  });
}

/** Stops reading everything, when somebody signs out. */
export function readNothing(): void {
  for (const entry of jobs.values()) entry.stop.abort();
  jobs.clear();
}

/** At most once a frame, however many events come. */
function show(entry: Entry): void {
  if (entry.frame !== 0) return;
  const next = () => {
    entry.frame = 0;
    entry.shown = { answer: entry.answer, connected: entry.connected };
    for (const listener of entry.listeners) listener();
  };
  // Pages that are not looked at have no frames.
  entry.frame = document.hidden ? Number(setTimeout(next, 200)) : requestAnimationFrame(next);
}

/** What is known of a job that is being read. */
export function useLive(job: string | null | undefined): Live | undefined {
  const subscribe = useCallback(
    (listener: () => void) => {
      const entry = job ? jobs.get(job) : undefined;
      entry?.listeners.add(listener);
      return () => void entry?.listeners.delete(listener);
    },
    [job],
  );
  return useSyncExternalStore(subscribe, () => (job ? jobs.get(job)?.shown : undefined));
}
