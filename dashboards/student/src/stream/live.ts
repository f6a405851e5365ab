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
  frame: number;
  lost: ReturnType<typeof setTimeout> | undefined;
  shown: Live;
  stop: AbortController;
  over: Promise<void>;
}

/** A connection may be away for so long before it is said. */
const PATIENCE = 2000;

const jobs = new Map<string, Entry>();
/** Who looks at a job; perhaps before it is read. */
const listeners = new Map<string, Set<() => void>>();
const REST: Live = { answer: NOTHING, connected: true };

/** Reads a job, once however often it is asked for. Calls back when it has ended. */
export function read(job: string, onEnd: (answer: Answer) => void): void {
  if (jobs.has(job)) return;
  const entry: Entry = {
    ...REST,
    shown: REST,
    frame: 0,
    lost: undefined,
    stop: new AbortController(),
    over: Promise.resolve(),
  };
  jobs.set(job, entry);
  const reader = {
    answer: () => entry.answer,
    take: (event: Parameters<typeof reduce>[1]) => {
      entry.answer = reduce(entry.answer, event);
      show(job, entry);
    },
    onConnection: (connected: boolean) => {
      clearTimeout(entry.lost);
      const set = (now: boolean) => {
        entry.connected = now;
        show(job, entry);
      };
      if (connected || hasEnded(entry.answer)) set(true);
      // A stream that is back in a moment was never gone.
      else entry.lost = setTimeout(() => set(false), PATIENCE);
    },
    onResume: () => {
      entry.answer = resumed(entry.answer);
    },
  };
  entry.over = follow(job, reader, entry.stop.signal).then(() => {
    show(job, entry);
    onEnd(entry.answer);
  });
}

/** Forgets what was read, when somebody signs out. */
export function readNothing(): void {
  for (const entry of jobs.values()) entry.stop.abort();
  jobs.clear();
}

/** At most once a frame, however many events come. */
function show(job: string, entry: Entry): void {
  if (entry.frame !== 0) return;
  const next = () => {
    entry.frame = 0;
    entry.shown = { answer: entry.answer, connected: entry.connected };
    for (const listener of listeners.get(job) ?? []) listener();
  };
  // Pages that are not looked at have no frames.
  entry.frame = document.hidden ? Number(setTimeout(next, 200)) : requestAnimationFrame(next);
}

/** What is known of a job that is being read. */
export function useLive(job: string | null | undefined): Live | undefined {
  const subscribe = useCallback(
    (listener: () => void) => {
      if (!job) return () => undefined;
      const looking = listeners.get(job) ?? new Set();
      listeners.set(job, looking.add(listener));
      return () => {
        looking.delete(listener);
        if (looking.size === 0) listeners.delete(job);
      };
    },
    [job],
  );
  return useSyncExternalStore(subscribe, () => (job ? jobs.get(job)?.shown : undefined));
}
