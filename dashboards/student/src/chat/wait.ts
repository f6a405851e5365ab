/** What a question waits for, from what the API tells: its events, its job, the platform's status, what is under way. */
import type { JobView } from "@medai/client";
import type { Answer } from "../stream/reduce.ts";

export type Wait =
  /** The line to the server is lost. */
  | { kind: "lost" }
  /** No provider can serve before then. */
  | { kind: "key"; until: string }
  /** What it needs is closed, and why. */
  | { kind: "closed"; why: string }
  /** The student's other questions take what is left of the day until they end. */
  | { kind: "others"; others: number }
  /** It is in the queue, behind so many. */
  | { kind: "queue"; before: number }
  /** It is in the queue, and nothing takes it. */
  | { kind: "still" }
  /** A provider has it, and has said nothing yet. */
  | { kind: "thinking" }
  /** A provider has it, and has said nothing for long. */
  | { kind: "silent" }
  /** Words or items come. */
  | { kind: "nothing" };

export interface Known {
  answer:
    | (Pick<Answer, "phase" | "position" | "retryAt" | "text"> & Partial<Pick<Answer, "waitsFor" | "items">>)
    | undefined;
  connected: boolean;
  /** For so many seconds there was no event. */
  quiet: number;
  /** Asked for where the events say nothing for a while. */
  job: Pick<JobView, "state"> | undefined;
  /** Why the feature takes nothing now. */
  closed: string | undefined;
  /** Other questions of the student that are under way. */
  others: number;
}

/** A queue that moves takes a question within a moment, unless others are before it. */
const MOVES_WITHIN = 12;
/** Providers think, but most of them not for longer. */
const SPEAKS_WITHIN = 20;

export function waitOf({ answer, connected, quiet, job, closed, others }: Known): Wait {
  if (!connected) return { kind: "lost" };
  const phase = answer?.phase ?? "queued";
  if (phase === "waiting" && answer?.waitsFor === "own_answers")
    return { kind: "others", others: Math.max(others, 1) };
  if (phase === "waiting" && answer?.retryAt) return { kind: "key", until: answer.retryAt };
  const started = phase !== "queued" && job?.state !== "ready" && job?.state !== "scheduled";
  if (started) {
    if (quiet >= SPEAKS_WITHIN) return { kind: "silent" };
    const begun = answer?.text || (answer?.items?.length ?? 0) > 0;
    return begun ? { kind: "nothing" } : { kind: "thinking" };
  }
  if (closed !== undefined) return { kind: "closed", why: closed };
  if (job?.state === "scheduled" && others > 0) return { kind: "others", others };
  if (job?.state === "running") return { kind: "thinking" };
  const before = answer?.position ?? 0;
  if (before === 0 && quiet >= MOVES_WITHIN) return { kind: "still" };
  return { kind: "queue", before };
}
