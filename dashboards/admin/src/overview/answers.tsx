import { number, Panel } from "@medai/ui";
import { useMemo } from "react";
import type { Live } from "../live/types.ts";
import { Chart, type ChartSeries } from "../parts/chart.tsx";
import { rate } from "../parts/figures.ts";
import { className } from "../parts/names.ts";

const SERIES: ChartSeries[] = [
  // The errors are what looks out above the answers.
  { label: "with errors", ink: "danger", kind: "bars" },
  { label: "answers", ink: "accent", kind: "bars" },
];

/** The last hour by the minute, and what went wrong in it. */
export function Answers({ minutes, errors }: { minutes: Live["minutes"]; errors: Live["errors"] }) {
  const xs = useMemo(() => minutes.map((minute) => new Date(minute.at).getTime() / 1000), [minutes]);
  const ys = useMemo(
    () => [minutes.map((minute) => minute.answers + minute.errors), minutes.map((minute) => minute.answers)],
    [minutes],
  );
  const most = Math.max(0, ...minutes.map((minute) => minute.answers));
  const failed = minutes.reduce((sum, minute) => sum + minute.errors, 0);
  return (
    <Panel
      title="The last hour"
      aside={
        <span className="flex gap-4">
          <Key tone="bg-accent" text="answers a minute" />
          <Key tone="bg-danger" text="errors" />
        </span>
      }
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5 sm:grid-cols-[minmax(0,1fr)_13rem]">
        <Chart
          label={`Answers a minute over the last hour: at most ${number(most)}, with ${number(failed)} errors in all.`}
          xs={xs}
          ys={ys}
          series={SERIES}
          format={rate}
          whole
          className="h-56"
        />
        <section aria-label="Errors of the last hour by class">
          <h3 className="mb-1.5 font-sans! font-medium! text-muted text-sm tracking-normal!">
            Errors by class
          </h3>
          {errors.length === 0 ? (
            <p className="text-faint text-sm">None in the last hour.</p>
          ) : (
            <ul className="flex flex-col gap-1.5 text-sm">
              {errors.map((error) => (
                <li key={error.class}>
                  <span className="flex justify-between gap-3">
                    <span className="min-w-0 truncate">{className(error.class)}</span>
                    <span className="tabular-nums">{number(error.last_hour)}</span>
                  </span>
                  <Bar value={error.last_hour} max={Math.max(...errors.map((each) => each.last_hour))} />
                </li>
              ))}
            </ul>
          )}
        </section>
      </div>
    </Panel>
  );
}

function Bar({ value, max }: { value: number; max: number }) {
  return (
    <span aria-hidden className="mt-0.5 block h-1 rounded-full bg-sunken">
      <span
        className="block h-full origin-left rounded-full bg-danger/70"
        style={{ transform: `scaleX(${max > 0 ? value / max : 0})` }}
      />
    </span>
  );
}

function Key({ tone, text }: { tone: string; text: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span aria-hidden className={`size-2.5 rounded-[2px] ${tone}`} />
      {text}
    </span>
  );
}
