import { cx, day, Notice, PageHead, Skeleton } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { PageFrame } from "../app/shell.tsx";
import { useTitle } from "../app/title.ts";
import { Refused } from "../parts/refused.tsx";
import { analyticsQuery } from "./analytics.ts";
import { BurnPanel } from "./burn_panel.tsx";
import { CostPanel } from "./cost_panel.tsx";
import { MadeItemsPanel } from "./made_items_panel.tsx";
import { ConversionPanel, Plans, Popularity, TopUsers } from "./people.tsx";
import { RANGES } from "./search.ts";
import { isEmpty } from "./sums.ts";
import { Totals } from "./totals.tsx";
import { UsageChart } from "./usage_chart.tsx";

const local = (date: string) => day(`${date}T00:00:00`);

/** What the platform's usage comes to: how much, by whom, of what, and at what price. */
export default function AnalyticsPage() {
  useTitle("Analytics");
  const { days = 30, metric = "requests" } = useSearch({ from: "/inside/analytics" });
  const { data, error, refetch, isPlaceholderData } = useQuery(analyticsQuery(days));
  return (
    <PageFrame>
      <PageHead
        title="Analytics"
        lead={data && `From ${local(data.from)} to ${local(data.to)}, in days of UTC.`}
        actions={
          <nav aria-label="Range" className="inline-flex rounded-md border border-line bg-sunken p-0.5">
            {RANGES.map((range) => (
              <Link
                key={range}
                to="/analytics"
                search={(before) => ({ ...before, days: range === 30 ? undefined : range })}
                replace
                resetScroll={false}
                aria-current={range === days ? "true" : undefined}
                className={cx(
                  "inline-flex min-h-9 items-center rounded-sm px-3 text-sm",
                  range === days
                    ? "bg-surface font-medium text-ink shadow-card"
                    : "text-muted hover:text-ink",
                )}
              >
                {range === 365 ? "1 year" : `${range} days`}
              </Link>
            ))}
          </nav>
        }
      />
      {error && !data && <Refused error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton className="h-96" />}
      {data && (
        <div className={cx("flex flex-col gap-5", isPlaceholderData && "opacity-60")}>
          {isEmpty(data) && (
            <Notice>Nobody asked anything in this period, so most of what follows is empty.</Notice>
          )}
          <Totals data={data} />
          <UsageChart data={data} metric={metric} />
          <div className="grid grid-cols-1 gap-5 lg:grid-cols-2">
            <div className="flex min-w-0 flex-col gap-5">
              <CostPanel data={data} />
              <Popularity data={data} />
              <TopUsers data={data} />
            </div>
            <div className="flex min-w-0 flex-col gap-5">
              <BurnPanel data={data} />
              <Plans data={data} />
              <ConversionPanel data={data} />
            </div>
          </div>
          <MadeItemsPanel days={days} />
        </div>
      )}
    </PageFrame>
  );
}
