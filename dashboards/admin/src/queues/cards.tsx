import { cx } from "@medai/ui";
import type { ReactNode } from "react";
import { useMay } from "../app/may.ts";
import { ms, rate, span } from "../parts/figures.ts";
import { queueCarries } from "../parts/names.ts";
import { Count, Hour, type ListProps, PauseButton, QueueState } from "./parts.tsx";

/** The queues below each other, for windows that are not wide. */
export function QueueCards({ queues, onPause, busy }: ListProps) {
  const manages = useMay()("ManageJobs");
  return (
    <ul className="grid gap-3 md:grid-cols-2">
      {queues.map((queue) => (
        <li
          key={queue.name}
          className={cx(
            "rounded-lg border bg-surface p-4 shadow-card",
            queue.alarm ? "border-danger/50" : "border-line",
          )}
        >
          <div className="flex items-start justify-between gap-3">
            <div className="min-w-0">
              <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
                <h2 className="font-sans! font-semibold! text-base tracking-normal!">{queue.name}</h2>
                <QueueState queue={queue} />
              </div>
              <p className="text-faint text-sm">{queueCarries(queue.name)}</p>
            </div>
            {manages && <PauseButton queue={queue} onPause={onPause} busy={busy === queue.name} />}
          </div>
          <dl className="mt-3 grid grid-cols-3 gap-x-4 gap-y-2.5">
            <Fact name="Waiting">
              <Count queue={queue.name} state="ready" count={queue.ready} what="waiting" />
            </Fact>
            <Fact name="Running">
              <Count queue={queue.name} state="running" count={queue.running} what="running" />
            </Fact>
            <Fact name="Scheduled">
              <Count queue={queue.name} state="scheduled" count={queue.scheduled} what="scheduled" />
            </Fact>
            <Fact name="Wait p50">{ms(queue.wait_p50_ms)}</Fact>
            <Fact name="Wait p95">{ms(queue.wait_p95_ms)}</Fact>
            <Fact name="Oldest">{span(queue.oldest_wait_seconds)}</Fact>
            <Fact name="Run p95">{ms(queue.run_p95_ms)}</Fact>
            <Fact name="Done / min">{rate(queue.rate)}</Fact>
            <Fact name="Failing / min">
              <span className={queue.failing > 0 ? "text-danger" : ""}>{rate(queue.failing)}</span>
            </Fact>
          </dl>
          <div className="mt-3">
            <Hour queue={queue} className="w-full" />
          </div>
        </li>
      ))}
    </ul>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="truncate text-faint text-xs">{name}</dt>
      <dd className="truncate tabular-nums">{children}</dd>
    </div>
  );
}
