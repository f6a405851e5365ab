import { between } from "../parts/figures.ts";
import type { JobRow } from "./jobs.ts";

type Times = Pick<JobRow, "state" | "created_at" | "run_at" | "started_at" | "attempted_at" | "finished_at">;

/** For how long a job waited for its first start, in seconds; for what waits still, until now. */
export function waited(job: Times, now: number): number | null {
  if (job.started_at) return between(job.created_at, job.started_at);
  return job.state === "ready" ? Math.max(0, between(job.created_at, now)) : null;
}

/** How long its last start ran, in seconds; for what runs still, until now. */
export function ran(job: Times, now: number): number | null {
  if (!job.attempted_at) return null;
  if (job.finished_at) return Math.max(0, between(job.attempted_at, job.finished_at));
  return job.state === "running" ? Math.max(0, between(job.attempted_at, now)) : null;
}
