import { Confirm, Empty, PageHead, Skeleton, say } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { PageFrame } from "../app/shell.tsx";
import { useTitle } from "../app/title.ts";
import { Refused } from "../parts/refused.tsx";
import { ProcessCard } from "./process_card.tsx";
import { othersTake, type Process } from "./state.ts";
import { useDrain, workersQuery } from "./workers.ts";

/** What runs where: each process, and what a worker has of each queue. */
export default function WorkersPage() {
  useTitle("Workers");
  const found = useQuery({ ...workersQuery, refetchInterval: 2_000 });
  const change = useDrain();
  const [asked, setAsked] = useState<Process>();
  const set = (process: Process, drain: boolean) =>
    change.mutate(
      { name: process.name, drain },
      {
        onSuccess: () => say(drain ? "It takes no new jobs." : "It takes jobs again."),
        onSettled: () => setAsked(undefined),
      },
    );
  // To drain is asked about, since jobs may wait for it; to go on is not.
  const onDrain = (process: Process, drain: boolean) => (drain ? setAsked(process) : set(process, false));
  return (
    <PageFrame>
      <PageHead
        title="Workers"
        lead="The processes that are there, where each runs, and what it runs now. One that is stopped is gone from here; one that died shows as lost for an hour."
      />
      <div className="flex flex-col gap-4">
        {change.error && <Refused error={change.error} />}
        {found.data ? (
          found.data.length === 0 ? (
            <Empty title="No process has said that it lives">They do so as soon as they start.</Empty>
          ) : (
            <ul aria-label="Processes" className="grid gap-4 xl:grid-cols-2">
              {found.data.map((process) => (
                <ProcessCard
                  key={process.name}
                  process={process}
                  onDrain={onDrain}
                  busy={change.isPending && change.variables.name === process.name}
                />
              ))}
            </ul>
          )
        ) : found.error ? (
          <Refused error={found.error} onRetry={() => void found.refetch()} />
        ) : (
          <Skeleton className="h-96" />
        )}
      </div>
      <Confirm
        open={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title="Drain this worker?"
        description={
          asked && (
            <>
              <p>
                It takes no new jobs, of any queue. What it runs goes on to its end, and it stays here until
                it is stopped or goes on.
              </p>
              {!othersTake(found.data ?? [], asked.name) && (
                <p className="mt-2 font-medium text-danger">
                  No other worker is up: whatever is asked for will wait.
                </p>
              )}
            </>
          )
        }
        action="Drain"
        busy={change.isPending}
        onConfirm={() => asked && set(asked, true)}
      />
    </PageFrame>
  );
}
