import { cx } from "@medai/ui";
import { useMay } from "../app/may.ts";
import type { QueueView } from "../live/types.ts";
import { ms, rate, span } from "../parts/figures.ts";
import { queueCarries } from "../parts/names.ts";
import { Count, Hour, type ListProps, PauseButton, QueueState } from "./parts.tsx";

/** The queues beside each other, for wide windows. */
export function QueueTable({ queues, onPause, busy }: ListProps) {
  const manages = useMay()("ManageJobs");
  return (
    <div className="scrolls overflow-x-auto rounded-lg border border-line bg-surface shadow-card">
      <table className="w-full text-sm">
        <thead>
          <tr className="border-line border-b bg-sunken/50 text-faint [&>th]:px-2 [&>th]:py-2 [&>th]:text-end [&>th]:font-medium [&>th]:first:ps-4 [&>th]:last:pe-4 min-[90rem]:[&>th]:px-3">
            <th scope="col" className="text-start!">
              Queue
            </th>
            <th scope="col" className="text-start!">
              State
            </th>
            <th scope="col">Waiting</th>
            <th scope="col">Scheduled</th>
            <th scope="col">Running</th>
            <th scope="col">
              Wait <span className="whitespace-nowrap">p50 / p95</span>
            </th>
            <th scope="col">
              Run <span className="whitespace-nowrap">p50 / p95</span>
            </th>
            <th scope="col">Oldest waits</th>
            <th scope="col">Done / min</th>
            <th scope="col" className="ps-6! text-start!">
              Last hour
            </th>
            {manages && (
              <th scope="col">
                <span className="sr-only">Pause or resume</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {queues.map((queue) => (
            <tr
              key={queue.name}
              className={cx(
                "tabular-nums [&>td]:px-2 [&>td]:py-3 [&>td]:text-end [&>td]:last:pe-4 min-[90rem]:[&>td]:px-3",
                queue.alarm && "bg-danger-soft/50",
              )}
            >
              <th scope="row" className="py-3 ps-4 pe-2 text-start font-medium">
                {queue.name}
                <span className="block font-normal text-faint text-xs">{queueCarries(queue.name)}</span>
              </th>
              <td className="text-start!">
                <QueueState queue={queue} />
              </td>
              <td>
                <Count queue={queue.name} state="ready" count={queue.ready} what="waiting" />
              </td>
              <td>
                <Count queue={queue.name} state="scheduled" count={queue.scheduled} what="scheduled" />
              </td>
              <td>
                <Count queue={queue.name} state="running" count={queue.running} what="running" />
              </td>
              <td>
                <Pair p50={queue.wait_p50_ms} p95={queue.wait_p95_ms} />
              </td>
              <td>
                <Pair p50={queue.run_p50_ms} p95={queue.run_p95_ms} />
              </td>
              <td className="whitespace-nowrap">{span(queue.oldest_wait_seconds)}</td>
              <td>
                {rate(queue.rate)}
                <Failing queue={queue} />
              </td>
              <td className="w-36 ps-6!">
                <Hour queue={queue} className="w-28" />
              </td>
              {manages && (
                <td>
                  <PauseButton queue={queue} onPause={onPause} busy={busy === queue.name} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Pair({ p50, p95 }: { p50: number | null | undefined; p95: number | null | undefined }) {
  if (p50 == null && p95 == null) return <span className="text-faint">–</span>;
  return (
    <>
      <span className="whitespace-nowrap text-faint">{ms(p50)} /</span>{" "}
      <span className="whitespace-nowrap">{ms(p95)}</span>
    </>
  );
}

function Failing({ queue }: { queue: QueueView }) {
  if (queue.failing === 0) return null;
  return <span className="block text-danger text-xs">{rate(queue.failing)} failing</span>;
}
