import { ago, cx, useNow } from "@medai/ui";
import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, type MouseEvent, useRef, useState } from "react";
import { exact, span } from "../parts/figures.ts";
import type { JobRow } from "./jobs.ts";
import { NOTHING, reach, type Selection, step, toggle, toggleAll } from "./selection.ts";
import { StateBadge } from "./state_badge.tsx";
import { ran, waited } from "./times.ts";

interface Props {
  jobs: JobRow[];
  /** Whether jobs can be selected at all. */
  selects: boolean;
  selection: Selection;
  onSelection: (selection: Selection) => void;
}

/**
 * The jobs. One row is in the order of the Tab key; from there arrows (or j and k) go on, x or Space selects, with
 * Shift a range, and Enter opens.
 */
export function JobTable({ jobs, selects, selection, onSelection }: Props) {
  const now = useNow(1000);
  const body = useRef<HTMLTableSectionElement>(null);
  const [active, setActive] = useState<string>();
  const rows = jobs.map((job) => job.id);
  const current = active !== undefined && rows.includes(active) ? active : rows[0];

  const go = (id: string | undefined, extend: boolean) => {
    if (id === undefined) return;
    setActive(id);
    body.current?.querySelector<HTMLElement>(`[data-job="${id}"] a`)?.focus();
    if (extend && selects) {
      const from = selection.anchor === undefined && current ? toggle(selection, current) : selection;
      onSelection(reach(from, id, rows));
    }
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.altKey || current === undefined) return;
    const { key, shiftKey } = event;
    const inBox = event.target instanceof HTMLInputElement;
    if (event.ctrlKey || event.metaKey) {
      if (key !== "a" || !selects) return;
      onSelection({ ids: new Set(rows), anchor: rows.at(-1) });
    } else if (key === "ArrowDown" || key.toLowerCase() === "j") go(step(rows, current, 1), shiftKey);
    else if (key === "ArrowUp" || key.toLowerCase() === "k") go(step(rows, current, -1), shiftKey);
    else if (key === "Home") go(rows[0], shiftKey);
    else if (key === "End") go(rows.at(-1), shiftKey);
    else if (selects && (key === "x" || (key === " " && !inBox))) onSelection(toggle(selection, current));
    else if (key === "Escape" && selection.ids.size > 0) onSelection(NOTHING);
    else return;
    event.preventDefault();
  };

  return (
    <div className="overflow-hidden rounded-lg border border-line bg-surface shadow-card">
      <table className="w-full table-fixed text-sm">
        <thead>
          <tr className="border-line border-b bg-sunken/50 text-faint [&>th]:px-3 [&>th]:py-2 [&>th]:text-start [&>th]:font-medium">
            {selects && (
              <th scope="col" className="w-10">
                <Box
                  label="Select all that are shown"
                  checked={rows.length > 0 && rows.every((id) => selection.ids.has(id))}
                  mixed={selection.ids.size > 0}
                  onPress={() => onSelection(toggleAll(selection, rows))}
                />
              </th>
            )}
            <th scope="col" className="md:w-52 lg:w-60">
              Job
            </th>
            <th scope="col" className="w-24 lg:w-28 max-md:hidden">
              Queue
            </th>
            <th scope="col" className="w-28 max-md:hidden lg:w-32">
              State
            </th>
            <th scope="col" className="w-20 text-end! max-lg:hidden">
              Start
            </th>
            <th scope="col" className="max-md:hidden">
              Error or progress
            </th>
            <th scope="col" className="w-24 text-end! max-lg:hidden">
              Waited
            </th>
            <th scope="col" className="w-24 text-end! max-lg:hidden">
              Ran
            </th>
            <th scope="col" className="w-24 text-end! max-sm:hidden lg:w-28">
              Added
            </th>
          </tr>
        </thead>
        <tbody ref={body} className="divide-y divide-line" onKeyDown={onKey}>
          {jobs.map((job) => {
            const selected = selection.ids.has(job.id);
            const tabIndex = job.id === current ? 0 : -1;
            const press = (event: MouseEvent) => {
              setActive(job.id);
              onSelection(event.shiftKey ? reach(selection, job.id, rows) : toggle(selection, job.id));
            };
            return (
              <tr
                key={job.id}
                data-job={job.id}
                onFocus={() => setActive(job.id)}
                className={cx(
                  "align-top [&>td]:px-3 [&>td]:py-2.5",
                  selected ? "bg-accent-soft/60" : "hover:bg-sunken/50",
                )}
              >
                {selects && (
                  <td>
                    <Box
                      label={`Select ${job.name} ${short(job.id)}`}
                      checked={selected}
                      tabIndex={tabIndex}
                      onPress={press}
                    />
                  </td>
                )}
                <td className="min-w-0">
                  <Link
                    to="/jobs/$id"
                    params={{ id: job.id }}
                    tabIndex={tabIndex}
                    className="-my-2 block truncate py-2 font-medium hover:text-accent hover:underline"
                  >
                    {job.name}{" "}
                    <span className="font-mono font-normal text-faint text-xs">{short(job.id)}</span>
                  </Link>
                  <span className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 md:hidden">
                    <StateBadge job={job} />
                    <span className="text-faint text-xs">
                      {job.queue} · {ago(job.created_at, now)}
                    </span>
                  </span>
                  <span className="mt-1 block md:hidden">
                    <Trouble job={job} />
                  </span>
                </td>
                <td className="truncate text-muted max-md:hidden">{job.queue}</td>
                <td className="max-md:hidden">
                  <StateBadge job={job} />
                  {job.retried_as && <span className="block text-faint text-xs">done again</span>}
                </td>
                <td className="text-end tabular-nums max-lg:hidden">
                  {job.attempt}
                  <span className="text-faint"> of {job.max_attempts}</span>
                </td>
                <td className="min-w-0 max-md:hidden">
                  <Trouble job={job} />
                </td>
                <td className="whitespace-nowrap text-end tabular-nums max-lg:hidden">
                  {span(waited(job, now))}
                </td>
                <td className="whitespace-nowrap text-end tabular-nums max-lg:hidden">
                  {span(ran(job, now))}
                </td>
                <td className="whitespace-nowrap text-end text-muted max-sm:hidden">
                  <time dateTime={job.created_at} title={exact(job.created_at)}>
                    {ago(job.created_at, now)}
                  </time>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

const short = (id: string) => id.slice(-8);

function Trouble({ job }: { job: JobRow }) {
  if (job.error)
    return (
      <span className="block truncate text-danger" title={job.error}>
        {job.error}
      </span>
    );
  if (job.error_code) return <span className="text-warn">{job.error_code}</span>;
  const percent = percentOf(job.progress);
  if (job.state === "running" && percent !== undefined)
    return <span className="text-muted tabular-nums">{percent}%</span>;
  return null;
}

function percentOf(progress: unknown): number | undefined {
  if (typeof progress !== "object" || progress === null || !("percent" in progress)) return undefined;
  return typeof progress.percent === "number" ? Math.round(progress.percent) : undefined;
}

function Box({
  label,
  checked,
  mixed = false,
  tabIndex,
  onPress,
}: {
  label: string;
  checked: boolean;
  mixed?: boolean;
  tabIndex?: number;
  onPress: (event: MouseEvent) => void;
}) {
  return (
    <label className="-m-2 grid cursor-pointer place-items-center p-2">
      <span className="sr-only">{label}</span>
      <input
        type="checkbox"
        checked={checked}
        tabIndex={tabIndex}
        ref={(box) => {
          if (box) box.indeterminate = mixed && !checked;
        }}
        onChange={() => undefined}
        onClick={onPress}
        className="mt-0.5 size-4"
      />
    </label>
  );
}
