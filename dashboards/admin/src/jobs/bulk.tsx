import { Button, Confirm, Dialog, IconButton, isTyping, Notice, number, Skeleton } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { RotateCcw, Square, X } from "lucide-react";
import { useEffect } from "react";
import { Refused } from "../parts/refused.tsx";
import { described, type JobFilters } from "./filters.ts";
import { type BulkAction, type BulkResult, countOf, type JobRow, type Meant, useBulk } from "./jobs.ts";
import { type Possible, possible, reasons } from "./possible.ts";

export type Asked = { action: BulkAction; jobs: JobRow[] } | { action: BulkAction; filter: JobFilters };

/** What can be done with the selected jobs; it stays in sight. */
export function SelectionBar({
  jobs,
  onAsk,
  onClear,
}: {
  jobs: JobRow[];
  onAsk: (asked: Asked) => void;
  onClear: () => void;
}) {
  const { again, live } = possible(jobs);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector("[role=dialog]")) return;
      if (event.key === "r" && again > 0) onAsk({ action: "retry", jobs });
      else if (event.key === "c" && live > 0) onAsk({ action: "cancel", jobs });
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  });
  return (
    <section
      aria-label="Selected jobs"
      className="sticky bottom-3 z-10 mx-auto mt-3 flex w-fit max-w-full flex-wrap items-center gap-1.5 rounded-lg border border-line bg-surface p-2 shadow-pop sm:gap-2"
    >
      <p role="status" className="px-1 text-sm">
        {number(jobs.length)} selected
      </p>
      <Button
        size="sm"
        icon={<RotateCcw size={14} aria-hidden className="max-sm:hidden" />}
        disabled={again === 0}
        onClick={() => onAsk({ action: "retry", jobs })}
      >
        Retry {number(again)}
      </Button>
      <Button
        size="sm"
        look="danger"
        icon={<Square size={13} aria-hidden className="max-sm:hidden" />}
        disabled={live === 0}
        onClick={() => onAsk({ action: "cancel", jobs })}
      >
        Cancel {number(live)}
      </Button>
      <IconButton label="Clear selection" size="sm" icon={<X size={16} aria-hidden />} onClick={onClear} />
    </section>
  );
}

/** Asks before something is done to many jobs, and says what became of it. */
export function BulkDialog({
  asked,
  onClose,
  onDone,
}: {
  asked: Asked;
  onClose: () => void;
  onDone: (action: BulkAction, result: BulkResult) => void;
}) {
  const bulk = useBulk();
  const run = (meant: Meant) =>
    bulk.mutate({ action: asked.action, meant }, { onSuccess: (result) => onDone(asked.action, result) });
  if ("jobs" in asked)
    return (
      <Confirm
        open
        onClose={onClose}
        title={titleOf(asked.action, possible(asked.jobs))}
        description={
          <>
            {bulk.error && <Refused error={bulk.error} />}
            <p>{sentence(asked.action, asked.jobs.length, possible(asked.jobs))}</p>
          </>
        }
        action={asked.action === "retry" ? "Retry" : "Cancel jobs"}
        harmless={asked.action === "retry"}
        busy={bulk.isPending}
        onConfirm={() => run({ ids: asked.jobs.map((job) => job.id) })}
      />
    );
  return <ByFilter {...asked} onClose={onClose} run={run} error={bulk.error} busy={bulk.isPending} />;
}

function ByFilter({
  action,
  filter,
  onClose,
  run,
  error,
  busy,
}: {
  action: BulkAction;
  filter: JobFilters;
  onClose: () => void;
  run: (meant: Meant) => void;
  error: unknown;
  busy: boolean;
}) {
  const count = useQuery({
    queryKey: ["jobs-count", action, filter],
    queryFn: () => countOf(action, filter),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  // Where it was refused since other jobs fit now, the new number is asked for.
  const { refetch } = count;
  useEffect(() => {
    if (error) void refetch();
  }, [error, refetch]);
  const verb = action === "retry" ? "Retry" : "Cancel";
  const what = described(filter);
  if (count.data === undefined || count.data === 0)
    return (
      <Dialog open onClose={onClose} title={`${verb} all ${what}`}>
        {count.error ? (
          <Refused error={count.error} onRetry={() => void count.refetch()} />
        ) : count.data === 0 ? (
          <p className="text-muted">No jobs match.</p>
        ) : (
          <Skeleton className="h-16" />
        )}
      </Dialog>
    );
  return (
    <Confirm
      open
      onClose={onClose}
      title={`${verb} ${number(count.data)} ${what}`}
      description={
        <>
          {error !== null && error !== undefined && <Refused error={error} />}
          <p>
            {action === "retry"
              ? "Those that failed or were cancelled are done again, each by a new job. Students are not charged for it. The others are left as they are."
              : "Those that wait are taken out, and those that run are stopped. What has ended is left as it is."}
          </p>
          {count.data >= 1000 && <p className="mt-2">A thousand is the most at a time; there may be more.</p>}
        </>
      }
      typed={String(count.data)}
      action={verb}
      busy={busy}
      onConfirm={() => run({ filter, confirm: count.data })}
    />
  );
}

/** What became of it, above the list until it was read. */
export function BulkOutcome({
  action,
  result,
  onDismiss,
}: {
  action: BulkAction;
  result: BulkResult;
  onDismiss: () => void;
}) {
  const left = reasons(result.skipped);
  return (
    <div className="mb-4">
      <Notice
        alert
        tone={result.done > 0 ? "good" : "warn"}
        title={outcome(action, result)}
        actions={
          <Button size="sm" onClick={onDismiss}>
            Dismiss
          </Button>
        }
      >
        {left.map(([reason, count]) => (
          <p key={reason}>
            {number(count)} left as {count === 1 ? "it was" : "they were"}: {reason}.
          </p>
        ))}
      </Notice>
    </div>
  );
}

function outcome(action: BulkAction, { done, matched }: BulkResult): string {
  if (matched === 1 && done === 1)
    return action === "retry" ? "It is done again, by a new job" : "It was cancelled";
  return `${number(done)} of ${number(matched)} ${action === "retry" ? "are done again" : "were cancelled"}`;
}

const titleOf = (action: BulkAction, { again, live }: Possible) => {
  const count = action === "retry" ? again : live;
  return `${action === "retry" ? "Retry" : "Cancel"} ${number(count)} ${count === 1 ? "job" : "jobs"}?`;
};

function sentence(action: BulkAction, all: number, { again, live }: Possible): string {
  const rest = all - (action === "retry" ? again : live);
  const others = rest > 0 ? ` The other ${number(rest)} stay as they are.` : "";
  return action === "retry"
    ? `Each is done again by a new job. Students are not charged for it.${others}`
    : `What waits is taken out, and what runs is stopped.${others}`;
}
