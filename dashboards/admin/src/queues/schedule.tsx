import { api, unwrap } from "@medai/client";
import { Badge, Empty, Panel, Skeleton, Table, Td, Th } from "@medai/ui";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { exact } from "../parts/figures.ts";
import { Refused } from "../parts/refused.tsx";

/** What is done, by the name of its ticks. Others are shown by that. */
const WHAT: Record<string, string> = {
  release_keys: "Keys that have rested are let back in",
  probe_keys: "Keys that served nobody are probed",
  sweep: "What is over is removed",
  read_anew: "Documents of an earlier reader are read anew",
  expire_subscriptions: "Plans end whose time is over",
  roll_up_usage: "Usage of days that are over is added up",
  prune_audit: "Old entries of the audit log are removed",
  sweep_files: "Files that belong to nothing are removed",
};

const scheduleQuery = queryOptions({
  queryKey: ["schedule"],
  refetchInterval: 5_000,
  queryFn: async () => (await unwrap(api.GET("/api/admin/schedule"))).items,
});

/** What is done when, as the scheduler has it. Settings change it, which a page cannot. */
export function Schedule() {
  const { data: lines, error, refetch } = useQuery(scheduleQuery);
  return (
    <Panel title="Schedule" aside="changed by the settings SCHEDULE_…">
      {lines ? (
        lines.length === 0 ? (
          <Empty title="No scheduler has run">What is done when is shown here.</Empty>
        ) : (
          <Table label="What is done when">
            <thead>
              <tr>
                <Th>What</Th>
                <Th>Expression</Th>
                <Th>Zone</Th>
                <Th>Last</Th>
                <Th>Next</Th>
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => (
                <tr key={line.name}>
                  <Th scope="row" className="min-w-40">
                    <span className="font-medium">{line.name}</span>
                    {WHAT[line.name] && <span className="block text-faint text-sm">{WHAT[line.name]}</span>}
                  </Th>
                  <Td className="whitespace-nowrap font-mono text-sm">{line.expression}</Td>
                  <Td className="whitespace-nowrap">{line.zone}</Td>
                  <Td className="whitespace-nowrap tabular-nums">
                    <Tick at={line.last_tick} never="not yet" />
                  </Td>
                  <Td className="whitespace-nowrap tabular-nums">
                    <Tick at={line.next_tick} never="never" />
                    {line.overdue && (
                      <span className="ms-2">
                        <Badge tone="bad">Overdue</Badge>
                      </span>
                    )}
                  </Td>
                </tr>
              ))}
            </tbody>
          </Table>
        )
      ) : error ? (
        <Refused error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton className="h-64" />
      )}
    </Panel>
  );
}

/** A moment, in the reader's own time. */
function Tick({ at, never }: { at: string | null | undefined; never: string }) {
  return at ? <time dateTime={at}>{exact(at)}</time> : <span className="text-faint">{never}</span>;
}
