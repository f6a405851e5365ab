import { Badge, LinkLook, number, Panel } from "@medai/ui";
import { Link } from "@tanstack/react-router";
import type { QueueView } from "../live/types.ts";
import { ms, rate } from "../parts/figures.ts";

/** The queues at a glance; their page says more. */
export function Queues({ queues }: { queues: QueueView[] }) {
  return (
    <Panel
      title="Queues"
      className="@container"
      aside={
        <Link to="/queues" className={LinkLook}>
          All queues
        </Link>
      }
    >
      <table className="w-full text-sm">
        <thead>
          <tr className="border-line border-b text-faint [&>th]:pb-1.5 [&>th]:text-end [&>th]:font-medium [&>th]:not-first:ps-2">
            <th scope="col" className="text-start!">
              Queue
            </th>
            <th scope="col">Waiting</th>
            <th scope="col">Running</th>
            <th scope="col">Wait p95</th>
            <th scope="col" className="@max-[22rem]:hidden">
              Per minute
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {queues.map((queue) => (
            <tr
              key={queue.name}
              className="tabular-nums [&>td]:py-1.5 [&>td]:ps-2 [&>td]:text-end [&>th]:py-1.5"
            >
              <th scope="row" className="text-start font-medium">
                <span className="flex flex-wrap items-center gap-x-2">
                  {queue.name}
                  {queue.alarm && (
                    <Badge tone="bad">{queue.alarm === "stalled" ? "Stalled" : "No worker"}</Badge>
                  )}
                  {queue.paused_at && <Badge tone="warn">Paused</Badge>}
                </span>
              </th>
              <td>{number(queue.ready)}</td>
              <td>{number(queue.running)}</td>
              <td className="whitespace-nowrap">{ms(queue.wait_p95_ms)}</td>
              <td className="@max-[22rem]:hidden">{rate(queue.rate)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
