import { Button, Empty, Menu, PageHead, Skeleton } from "@medai/ui";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { ChevronDown, RotateCcw, Square } from "lucide-react";
import { useEffect, useState } from "react";
import { useMay } from "../app/may.ts";
import { PageFrame } from "../app/shell.tsx";
import { useTitle } from "../app/title.ts";
import { SavedFilters } from "../filters/saved_filters.tsx";
import { Refused } from "../parts/refused.tsx";
import { type Asked, BulkDialog, BulkOutcome, SelectionBar } from "./bulk.tsx";
import { FilterBar } from "./filter_bar.tsx";
import { isFiltered, type JobFilters, readFilter } from "./filters.ts";
import { type BulkAction, type BulkResult, jobsQuery } from "./jobs.ts";
import { NAMES } from "./names.ts";
import { RequestCalls } from "./request_calls.tsx";
import { kept, NOTHING, type Selection } from "./selection.ts";
import { JobTable } from "./table.tsx";

/** Beyond so many pages a list is read, not watched. */
const WATCHED_PAGES = 3;

export default function JobsPage() {
  useTitle("Jobs");
  const filters = useSearch({ from: "/inside/jobs" });
  const filter = JSON.stringify(filters);
  const manages = useMay()("ManageJobs");
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<Selection>(NOTHING);
  const [asked, setAsked] = useState<Asked>();
  const [outcome, setOutcome] = useState<{ action: BulkAction; result: BulkResult }>();
  // Another filter is another list, with nothing selected.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is when the filter changes
  useEffect(() => setChosen(NOTHING), [filter]);
  const list = useInfiniteQuery({
    ...jobsQuery(filters),
    placeholderData: keepPreviousData,
    // Holds still while somebody chooses.
    refetchInterval: ({ state }) =>
      chosen.ids.size === 0 && (state.data?.pages.length ?? 1) <= WATCHED_PAGES ? 4_000 : false,
  });
  const jobs = list.data?.pages.flatMap((page) => page.items) ?? [];
  const selection = kept(
    chosen,
    jobs.map((job) => job.id),
  );
  const selected = jobs.filter((job) => selection.ids.has(job.id));
  return (
    <PageFrame>
      <PageHead
        title="Jobs"
        lead="Everything that was asked for, the newest first."
        actions={
          <>
            <SavedFilters
              page="jobs"
              filter={filters}
              onApply={(kept) => void navigate({ to: "/jobs", search: readFilter(kept), replace: true })}
            />
            {manages && <AllThatFit filters={filters} onAsk={setAsked} />}
          </>
        }
      />
      <FilterBar filters={filters} names={[...new Set([...NAMES, ...jobs.map((job) => job.name)])].sort()} />
      {filters.q && <RequestCalls request={filters.q} />}
      {outcome && <BulkOutcome {...outcome} onDismiss={() => setOutcome(undefined)} />}
      {list.error && !list.data ? (
        <Refused error={list.error} onRetry={() => void list.refetch()} />
      ) : !list.data ? (
        <Skeleton className="h-96" />
      ) : jobs.length === 0 && !list.hasNextPage ? (
        <Nothing filters={filters} />
      ) : (
        <>
          <div className={list.isPlaceholderData ? "opacity-60" : ""}>
            <JobTable jobs={jobs} selects={manages} selection={selection} onSelection={setChosen} />
          </div>
          <div className="mt-3 flex items-center justify-between gap-3 text-faint text-sm">
            <p>
              {jobs.length === 0 ? "No match among the latest" : `${jobs.length} shown`}
              {selected.length > 0 && "; the list holds still while some are selected"}
            </p>
            {list.hasNextPage && (
              <Button size="sm" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {jobs.length === 0 ? "Search older jobs" : "More"}
              </Button>
            )}
          </div>
        </>
      )}
      {selected.length > 0 && (
        <SelectionBar jobs={selected} onAsk={setAsked} onClear={() => setChosen(NOTHING)} />
      )}
      {asked && (
        <BulkDialog
          asked={asked}
          onClose={() => setAsked(undefined)}
          onDone={(action, result) => {
            setAsked(undefined);
            setChosen(NOTHING);
            setOutcome({ action, result });
          }}
        />
      )}
    </PageFrame>
  );
}

function AllThatFit({ filters, onAsk }: { filters: JobFilters; onAsk: (asked: Asked) => void }) {
  return (
    <Menu
      label="All that match"
      trigger={
        <Button>
          All that match
          <ChevronDown size={16} aria-hidden />
        </Button>
      }
      items={[
        {
          label: "Retry all that match…",
          icon: <RotateCcw size={15} aria-hidden />,
          onSelect: () => onAsk({ action: "retry", filter: filters }),
        },
        {
          label: "Cancel all that match…",
          icon: <Square size={14} aria-hidden />,
          danger: true,
          onSelect: () => onAsk({ action: "cancel", filter: filters }),
        },
      ]}
    />
  );
}

function Nothing({ filters }: { filters: JobFilters }) {
  if (!isFiltered(filters)) return <Empty title="No jobs yet">Whatever students ask for appears here.</Empty>;
  return (
    <Empty
      title="No jobs match"
      actions={
        <Button asChild>
          <Link to="/jobs" search={{}}>
            Show all
          </Link>
        </Button>
      }
    />
  );
}
