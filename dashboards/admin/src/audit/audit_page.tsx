import { Problem } from "@medai/client";
import { Button, cx, Empty, PageHead, Panel, Skeleton, say } from "@medai/ui";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { useState } from "react";
import { useMay } from "../app/may.ts";
import { PageFrame } from "../app/shell.tsx";
import { useTitle } from "../app/title.ts";
import { SavedFilters } from "../filters/saved_filters.tsx";
import { Refused } from "../parts/refused.tsx";
import { auditQuery, download, type Format } from "./audit.ts";
import { EntryRow } from "./entry.tsx";
import { Filters } from "./filters.tsx";
import { type AuditSearch, EVERYTHING, search } from "./search.ts";

const FORMATS: [Format, string][] = [
  ["csv", "CSV"],
  ["jsonl", "JSON lines"],
];

/** What was done, by whom, the newest first. */
export default function AuditPage() {
  useTitle("Audit");
  const filter = useSearch({ from: "/inside/audit" });
  const navigate = useNavigate();
  const exports = useMay()("ExportAudit");
  const set = (more: AuditSearch) =>
    void navigate({ to: "/audit", search: (before) => ({ ...before, ...more }), replace: true });
  const found = useInfiniteQuery({ ...auditQuery(filter), placeholderData: keepPreviousData });
  const entries = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <PageFrame>
      <PageHead
        title="Audit"
        lead="What admins and the platform did, the newest first. Nobody can change it."
        actions={
          <>
            <SavedFilters page="audit" filter={filter} onApply={(kept) => set(search(kept))} />
            {exports && <Export filter={filter} />}
          </>
        }
      />
      <Filters filter={filter} onChange={set} />
      {found.error && <Refused error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Skeleton className="h-96" />}
      {found.data && !found.error && (
        <Panel className="py-2! sm:py-2.5!">
          <p role="status" className="sr-only">
            {entries.length} {entries.length === 1 ? "entry" : "entries"} shown
          </p>
          {entries.length === 0 ? (
            <Empty
              title="Nothing matches"
              actions={<Button onClick={() => set(EVERYTHING)}>Show all</Button>}
            >
              The log has no entry of that kind.
            </Empty>
          ) : (
            <ul aria-label="Entries" className={cx(found.isPlaceholderData && "opacity-60")}>
              {entries.map((entry) => (
                <EntryRow key={entry.id} entry={entry} onNarrow={set} />
              ))}
            </ul>
          )}
          {found.hasNextPage && (
            <Button
              className="my-3"
              busy={found.isFetchingNextPage}
              onClick={() => void found.fetchNextPage()}
            >
              Show more
            </Button>
          )}
        </Panel>
      )}
    </PageFrame>
  );
}

/** The entries of the filter as a file. That it was taken along is in the log, too. */
function Export({ filter }: { filter: AuditSearch }) {
  const [busy, setBusy] = useState<Format>();
  const take = async (format: Format) => {
    setBusy(format);
    try {
      await download(filter, format);
    } catch (error) {
      say(Problem.wrap(error).message);
    } finally {
      setBusy(undefined);
    }
  };
  return FORMATS.map(([format, name]) => (
    <Button
      key={format}
      icon={<Download size={16} aria-hidden />}
      busy={busy === format}
      aria-label={`Export as ${name}`}
      onClick={() => void take(format)}
    >
      {name}
    </Button>
  ));
}
