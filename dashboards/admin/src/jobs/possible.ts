import type { BulkResult, JobRow } from "./jobs.ts";

/** How many of some jobs can be done again, and how many can be cancelled. */
export interface Possible {
  again: number;
  live: number;
}

export const isLive = ({ state }: Pick<JobRow, "state">): boolean =>
  state === "scheduled" || state === "ready" || state === "running";

export function possible(jobs: readonly Pick<JobRow, "state" | "retryable">[]): Possible {
  return { again: jobs.filter((job) => job.retryable).length, live: jobs.filter(isLive).length };
}

/** Why jobs were left as they were, the most frequent first. */
export function reasons(skipped: BulkResult["skipped"]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}
