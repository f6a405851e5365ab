import { Button, cx, Empty, PageHead, Panel, Select, Skeleton } from "@medai/ui";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { PageFrame } from "../app/shell.tsx";
import { useTitle } from "../app/title.ts";
import { Refused } from "../parts/refused.tsx";
import { Counts } from "./counts.tsx";
import { KIND_NAMES, reportsQuery } from "./feedback.ts";
import { ReportItem } from "./report_item.tsx";
import { type FeedbackSearch, KINDS } from "./search.ts";

/** What students think of answers: thumbs by model, and the errors that they report. */
export default function FeedbackPage() {
  useTitle("Feedback");
  const filter = useSearch({ from: "/inside/feedback" });
  const navigate = useNavigate();
  const set = (more: FeedbackSearch) =>
    void navigate({ to: "/feedback", search: { ...filter, ...more }, replace: true });
  const found = useInfiniteQuery({ ...reportsQuery(filter), placeholderData: keepPreviousData });
  const reports = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <PageFrame>
      <PageHead
        title="Feedback"
        lead="What students say of answers. Their questions and answers are shown only where they agreed, and never who they are."
      />
      <div className="flex flex-col gap-5">
        <Counts />
        <Panel
          title="Reported errors"
          aside={
            <div className="flex gap-2 text-ink">
              <Select
                bare
                label="State"
                value={filter.state ?? ""}
                onChange={({ target: { value } }) =>
                  set({ state: value === "handled" || value === "all" ? value : undefined })
                }
              >
                <option value="">Open</option>
                <option value="handled">Handled</option>
                <option value="all">All</option>
              </Select>
              <Select
                bare
                label="Kind"
                value={filter.kind ?? ""}
                onChange={({ target: { value } }) => set({ kind: KINDS.find((kind) => kind === value) })}
              >
                <option value="">Any kind</option>
                {KINDS.map((kind) => (
                  <option key={kind} value={kind}>
                    {KIND_NAMES[kind]}
                  </option>
                ))}
              </Select>
            </div>
          }
        >
          {found.error && !found.data && <Refused error={found.error} onRetry={() => void found.refetch()} />}
          {found.isPending && <Skeleton className="h-40" />}
          {found.data && reports.length === 0 && (
            <Empty title={filter.state || filter.kind ? "No reports match" : "No report is open"} />
          )}
          <div className={cx(found.isPlaceholderData && "opacity-60")}>
            <ul aria-label="Reports">
              {reports.map((report) => (
                <ReportItem key={report.id} report={report} />
              ))}
            </ul>
            {found.hasNextPage && (
              <Button
                className="mt-4"
                busy={found.isFetchingNextPage}
                onClick={() => void found.fetchNextPage()}
              >
                Show more
              </Button>
            )}
          </div>
        </Panel>
      </div>
    </PageFrame>
  );
}
