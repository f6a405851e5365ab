import type { Live } from "./types.ts";

/** One look at the figures. */
export interface Sample {
  /** In seconds. */
  at: number;
  firstToken: number | null;
  waiting: number;
}

/** As many seconds are kept as a small chart shows. */
export const KEPT = 300;

export function sampleOf(live: Live): Sample {
  return {
    at: new Date(live.at).getTime() / 1000,
    firstToken: live.first_token_ms?.p50 ?? null,
    waiting: live.queues.reduce((sum, queue) => sum + queue.ready, 0),
  };
}

/** Adds a sample; what is not newer than the last is none. Forgets what is older than is shown. */
export function extend(trace: readonly Sample[], next: Sample): readonly Sample[] {
  const last = trace.at(-1);
  if (last && next.at <= last.at) return trace;
  return [...trace, next].filter((sample) => sample.at > next.at - KEPT);
}
