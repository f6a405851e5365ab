import type { Tone } from "@medai/ui";
import type { JobDetails } from "./jobs.ts";

type Attempt = JobDetails["history"][number];

/** A start that did not end the job, of which it is known when it began. */
export type Start = Attempt & { began_at: string };

/** Something that happened to a job. */
export interface Moment {
  at: string;
  tone: Tone;
  title: string;
  /** Why, in words for operators. */
  error?: string | undefined;
  /** What its reader was told. */
  told?: string | undefined;
  worker?: string | undefined;
  /** Whether it is still to come. */
  ahead?: boolean;
}

/** A stretch of its life: it waited, or it ran. */
export interface Stretch {
  kind: "wait" | "run";
  from: number;
  to: number;
  failed: boolean;
}

export type Job = Pick<
  JobDetails,
  | "state"
  | "ended"
  | "error"
  | "error_code"
  | "worker"
  | "created_at"
  | "run_at"
  | "attempted_at"
  | "finished_at"
> & { history: readonly Attempt[] };

const OUTCOMES: Record<Attempt["outcome"], { title: string; tone: Tone }> = {
  failed: { title: "Failed, will be retried", tone: "bad" },
  snoozed: { title: "Postponed", tone: "neutral" },
  handed_back: { title: "Its worker stopped and gave it back", tone: "neutral" },
  lost: { title: "Its worker was lost", tone: "warn" },
};

/** All that happened to a job, in order. */
export function timeline(job: Job): Moment[] {
  const moments: Moment[] = [{ at: job.created_at, tone: "neutral", title: "Added" }];
  const starts = startsOf(job);
  for (const [index, start] of starts.entries()) {
    moments.push({
      at: start.began_at,
      tone: "neutral",
      title: `Start ${index + 1}`,
      worker: start.worker ?? undefined,
    });
    moments.push({ ...OUTCOMES[start.outcome], at: start.ended_at, error: start.error ?? undefined });
  }
  if (job.attempted_at && isNew(job.attempted_at, starts))
    moments.push({
      at: job.attempted_at,
      tone: "neutral",
      title: `Start ${starts.length + 1}`,
      worker: job.worker ?? undefined,
    });
  if (job.finished_at) moments.push(ending(job, job.finished_at));
  else if (job.state === "scheduled")
    moments.push({ at: job.run_at, tone: "neutral", title: "Next start, at the earliest", ahead: true });
  return moments;
}

function ending(job: Job, at: string): Moment {
  if (job.state === "discarded")
    return { at, tone: "bad", title: "Failed for good", error: job.error ?? undefined };
  if (job.state === "cancelled")
    return { at, tone: "warn", title: "Cancelled", error: job.error ?? undefined };
  if (job.ended === "error") {
    return {
      at,
      tone: "warn",
      title: "Ended in error",
      error: job.error ?? undefined,
      told: job.error_code ?? undefined,
    };
  }
  return { at, tone: "good", title: "Done" };
}

/** How its time was spent, without gaps: what is not known to have run has waited. */
export function stretches(job: Job, now: number): Stretch[] {
  const time = (text: string) => new Date(text).getTime();
  const end = job.finished_at ? time(job.finished_at) : now;
  const runs: { from: number; to: number; failed: boolean }[] = startsOf(job)
    .filter((start) => start.ended_at)
    .map((start) => ({
      from: time(start.began_at),
      to: time(start.ended_at ?? start.began_at),
      failed: start.outcome === "failed" || start.outcome === "lost",
    }));
  const started = job.attempted_at;
  if (started && isNew(started, startsOf(job)) && (job.finished_at || job.state === "running"))
    runs.push({ from: time(started), to: end, failed: job.state === "discarded" || job.ended === "error" });
  const found: Stretch[] = [];
  let at = time(job.created_at);
  for (const run of runs.sort((a, b) => a.from - b.from)) {
    const from = Math.max(at, run.from);
    const to = Math.max(from, run.to);
    if (from > at) found.push({ kind: "wait", from: at, to: from, failed: false });
    if (to > from) found.push({ kind: "run", from, to, failed: run.failed });
    at = to;
  }
  if (end > at) found.push({ kind: "wait", from: at, to: end, failed: false });
  return found;
}

/** How long, in seconds, it waited and ran in all. */
export function spent(parts: readonly Stretch[]): { waited: number; ran: number } {
  const sum = (kind: Stretch["kind"]) =>
    parts.filter((part) => part.kind === kind).reduce((all, part) => all + (part.to - part.from), 0) / 1000;
  return { waited: sum("wait"), ran: sum("run") };
}

function startsOf({ history }: Job): Start[] {
  return history.filter(isStart).sort((a, b) => a.began_at.localeCompare(b.began_at));
}

const isStart = (attempt: Attempt): attempt is Start => typeof attempt.began_at === "string";

/** Whether a start is not one of those that ended already. */
function isNew(attempted: string, starts: readonly Start[]): boolean {
  const last = starts.at(-1);
  return !last || new Date(attempted).getTime() > new Date(last.began_at).getTime();
}
