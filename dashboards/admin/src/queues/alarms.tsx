import { Button, Notice } from "@medai/ui";
import { Link } from "@tanstack/react-router";
import { useMay } from "../app/may.ts";
import type { QueueView } from "../live/types.ts";
import { alarmOf } from "./state.ts";

/** Queues in trouble, and what can be done about it. */
export function QueueAlarms({
  queues,
  onPause,
}: {
  queues: QueueView[];
  onPause: (queue: string, pause: boolean) => void;
}) {
  const may = useMay();
  return queues.map((queue) => {
    const alarm = alarmOf(queue);
    if (!alarm) return null;
    return (
      <Notice
        key={queue.name}
        alert
        tone="bad"
        title={
          <>
            <span className="font-mono text-[0.9em]">{queue.name}</span>{" "}
            {queue.alarm === "stalled" ? "has stalled" : "has no worker"}
          </>
        }
        actions={
          <>
            <Button size="sm" asChild>
              <Link
                to="/jobs"
                search={{ queue: queue.name, state: queue.alarm === "stalled" ? "running" : "ready" }}
              >
                {queue.alarm === "stalled" ? "See what runs" : "See what waits"}
              </Link>
            </Button>
            {may("ManageJobs") && !queue.paused_at && (
              <Button size="sm" onClick={() => onPause(queue.name, true)}>
                Pause it
              </Button>
            )}
          </>
        }
      >
        {alarm}
      </Notice>
    );
  });
}
