import { cx, day, number, Panel, Table, Td, Th } from "@medai/ui";
import { Link } from "@tanstack/react-router";
import { Chart, type ChartSeries } from "../parts/chart.tsx";
import type { Analytics } from "./analytics.ts";
import { METRICS, type Metric } from "./search.ts";
import { columns, compact, money } from "./sums.ts";

const NAMES: Record<Metric, string> = {
  requests: "Requests",
  tokens: "Tokens",
  users: "Users",
  cost: "Cost",
};

const SERIES: Record<Metric, ChartSeries[]> = {
  requests: [
    { label: "all", ink: "accent", kind: "bars" },
    { label: "failed", ink: "danger", kind: "bars" },
  ],
  tokens: [{ label: "tokens", ink: "accent", kind: "bars" }],
  users: [{ label: "users", ink: "accent", kind: "bars" }],
  cost: [{ label: "cost", ink: "accent", kind: "bars" }],
};

const dayAt = (seconds: number) => day(new Date(seconds * 1000));

/** The days, by one of four measures: bars for eyes, a table for everybody. */
export function UsageChart({ data, metric }: { data: Analytics; metric: Metric }) {
  const { currency } = data.cost;
  const { xs, ys } = columns(data.days, metric);
  const format = metric === "cost" ? (value: number) => money(value, currency) : compact;
  return (
    <Panel
      title="Day by day"
      aside={
        <nav aria-label="Measure" className="-ms-2 flex flex-wrap gap-1 sm:ms-0">
          {METRICS.map((each) => (
            <Link
              key={each}
              to="/analytics"
              search={(before) => ({ ...before, metric: each === "requests" ? undefined : each })}
              replace
              resetScroll={false}
              aria-current={each === metric ? "true" : undefined}
              className={cx(
                "inline-flex min-h-8 items-center rounded-md px-2 text-sm sm:px-2.5",
                each === metric ? "bg-accent-soft font-medium text-accent" : "text-muted hover:bg-sunken",
              )}
            >
              {NAMES[each]}
            </Link>
          ))}
        </nav>
      }
    >
      <Chart
        key={`${metric}${data.from}`}
        label={`${NAMES[metric]} a day, from ${day(data.from)} to ${day(data.to)}. The table below has the figures.`}
        xs={xs}
        ys={ys}
        series={SERIES[metric]}
        format={format}
        formatX={dayAt}
        formatTick={dayAt}
        whole={metric !== "cost"}
        least={metric === "cost" ? 0.01 : 1}
        className="h-60"
      />
      <p className="mt-2 flex flex-wrap gap-x-4 text-faint text-sm">
        {metric === "requests" ? (
          <>
            <span>
              <span aria-hidden className="me-1.5 inline-block size-2.5 rounded-[2px] bg-accent" />
              answered
            </span>
            <span>
              <span aria-hidden className="me-1.5 inline-block size-2.5 rounded-[2px] bg-danger" />
              failed
            </span>
          </>
        ) : metric === "users" ? (
          "Accounts that got an answer on that day."
        ) : metric === "cost" ? (
          "What shared keys cost, as far as their prices are known."
        ) : (
          "Tokens of questions and answers, whoever paid."
        )}
      </p>
      <details className="mt-1.5">
        <summary className="w-fit cursor-pointer rounded-sm py-1.5 text-accent text-sm">As a table</summary>
        <div className="scrolls mt-3 max-h-96 overflow-y-auto">
          <Table label="Usage day by day">
            <thead>
              <tr>
                <Th>Day</Th>
                <Th figures>Requests</Th>
                <Th figures>Failed</Th>
                <Th figures>Tokens</Th>
                <Th figures>Users</Th>
                <Th figures>Cost</Th>
              </tr>
            </thead>
            <tbody>
              {data.days.toReversed().map((each) => (
                <tr key={each.day}>
                  <Th scope="row" className="whitespace-nowrap">
                    {day(`${each.day}T00:00:00`)}
                  </Th>
                  <Td figures>{number(each.requests)}</Td>
                  <Td figures className={cx(each.failed > 0 && "text-danger")}>
                    {number(each.failed)}
                  </Td>
                  <Td figures>{number(each.tokens)}</Td>
                  <Td figures>{number(each.users)}</Td>
                  <Td figures>{money(each.cost, currency)}</Td>
                </tr>
              ))}
            </tbody>
          </Table>
        </div>
      </details>
    </Panel>
  );
}
