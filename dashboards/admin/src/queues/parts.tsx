import { ago, Badge, Button, number, useNow } from "@medai/ui";
import { Link } from "@tanstack/react-router";
import { Pause, Play } from "lucide-react";
import type { StateFilter } from "../jobs/filters.ts";
import type { QueueView } from "../live/types.ts";
import { Spark } from "../parts/spark.tsx";
import { minutesOf, stateOf } from "./state.ts";

export interface ListProps {
  queues: QueueView[];
  onPause: (queue: string, pause: boolean) => void;
  /** The queue that is being changed. */
  busy: string | undefined;
}

export function QueueState({ queue }: { queue: QueueView }) {
  const now = useNow(15_000);
  const { word, tone } = stateOf(queue);
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
      <Badge tone={tone}>{word}</Badge>
      {queue.paused_at && (
        <span className="text-faint text-xs">
          {word !== "Paused" && "paused "}
          <time dateTime={queue.paused_at}>{ago(queue.paused_at, now)}</time>
        </span>
      )}
    </span>
  );
}

/** A count that leads to what it counts. */
export function Count({
  queue,
  state,
  count,
  what,
}: {
  queue: string;
  state: StateFilter;
  count: number;
  what: string;
}) {
  if (count === 0) return <span className="text-faint">0</span>;
  return (
    <Link
      to="/jobs"
      search={{ queue, state }}
      className="text-accent underline decoration-accent/30 underline-offset-[3px] hover:decoration-accent"
    >
      {/* Counting ends there. */}
      {count >= 100_000 ? "100,000+" : number(count)}
      <span className="sr-only"> {what}</span>
    </Link>
  );
}

/** The last hour: what came through, and what failed. */
export function Hour({ queue, className }: { queue: QueueView; className?: string }) {
  const { done, failed } = minutesOf(queue.history, Date.now());
  const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);
  const top = Math.max(...done, ...failed);
  return (
    <div className="relative">
      <Spark
        label={`${number(sum(done))} came through and ${number(sum(failed))} failed in the last hour`}
        values={done}
        max={top}
        {...(className ? { className } : {})}
      />
      {sum(failed) > 0 && (
        <div aria-hidden className="absolute inset-0">
          <Spark label="" values={failed} max={top} tone="danger" {...(className ? { className } : {})} />
        </div>
      )}
    </div>
  );
}

export function PauseButton({
  queue,
  onPause,
  busy,
}: {
  queue: QueueView;
  onPause: ListProps["onPause"];
  busy: boolean;
}) {
  const paused = Boolean(queue.paused_at);
  return (
    <Button
      size="sm"
      look={paused ? "primary" : "plain"}
      busy={busy}
      aria-label={`${paused ? "Resume" : "Pause"} ${queue.name}`}
      icon={paused ? <Play size={14} aria-hidden /> : <Pause size={14} aria-hidden />}
      onClick={() => onPause(queue.name, !paused)}
    >
      {paused ? "Resume" : "Pause"}
    </Button>
  );
}
