import { Badge, type Tone } from "@medai/ui";
import { type JobState, stateName } from "./filters.ts";
import type { JobRow } from "./jobs.ts";

const TONES: Record<JobState, Tone> = {
  scheduled: "neutral",
  ready: "neutral",
  running: "good",
  done: "neutral",
  discarded: "bad",
  cancelled: "warn",
};

/** Where a job is. One may be done and yet have had nothing but an error to tell. */
export function StateBadge({ job }: { job: Pick<JobRow, "state" | "ended"> }) {
  const failed = job.state === "done" && job.ended === "error";
  return (
    <Badge tone={failed ? TONES.discarded : TONES[job.state]}>
      {stateName(failed ? "discarded" : job.state)}
    </Badge>
  );
}
