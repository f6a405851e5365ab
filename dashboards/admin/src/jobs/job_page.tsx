import { Button, cx, LinkLook, Meter, PageHead, Panel, Skeleton, useNow } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ArrowLeft, RotateCcw, Square } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useMay } from "../app/may.ts";
import { PageFrame } from "../app/shell.tsx";
import { useTitle } from "../app/title.ts";
import { Copy } from "../parts/copy.tsx";
import { exact } from "../parts/figures.ts";
import { queueCarries } from "../parts/names.ts";
import { Refused } from "../parts/refused.tsx";
import { Arguments } from "./arguments.tsx";
import { type Asked, BulkDialog, BulkOutcome } from "./bulk.tsx";
import { CallsPanel } from "./calls.tsx";
import { Events } from "./event_list.tsx";
import { type BulkAction, type BulkResult, type JobDetails, jobQuery } from "./jobs.ts";
import { Life, Timeline } from "./life.tsx";
import { isLive } from "./possible.ts";
import { StateBadge } from "./state_badge.tsx";

export default function JobPage() {
  const { id } = useParams({ from: "/inside/jobs/$id" });
  const found = useQuery({
    ...jobQuery(id),
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : 2_000),
  });
  useTitle(found.data ? `${found.data.name} ${id.slice(-8)}` : "Job");
  return (
    <PageFrame>
      <Link
        to="/jobs"
        className="mb-2 inline-flex min-h-8 items-center gap-1.5 text-muted text-sm hover:text-accent"
      >
        <ArrowLeft size={15} aria-hidden /> Jobs
      </Link>
      {found.data ? (
        <Job key={id} job={found.data} />
      ) : found.error ? (
        <Refused error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <Skeleton className="h-96" />
      )}
    </PageFrame>
  );
}

/** Calls show up some seconds after the job's end. */
const SETTLES = 8_000;

const isOver = (job: JobDetails) =>
  !isLive(job) && Date.now() - new Date(job.finished_at ?? job.created_at).getTime() > SETTLES;

function Job({ job }: { job: JobDetails }) {
  const now = useNow(1000);
  const [asked, setAsked] = useState<Asked>();
  const [outcome, setOutcome] = useState<{ action: BulkAction; result: BulkResult }>();
  return (
    <>
      <PageHead
        title={job.name}
        lead={
          <span className="flex flex-wrap items-center gap-2">
            <StateBadge job={job} />
            <Copy text={job.id} label="the job’s id" />
          </span>
        }
        actions={<Actions job={job} onAsk={setAsked} />}
      />
      {outcome && <BulkOutcome {...outcome} onDismiss={() => setOutcome(undefined)} />}
      <div className="grid gap-5 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)] lg:items-start">
        <div className="flex min-w-0 flex-col gap-5">
          <Panel title="Timeline">
            <div className="mb-6">
              <Life job={job} now={now} />
            </div>
            <Timeline job={job} now={now} />
            <Progress progress={job.state === "running" ? job.progress : undefined} />
          </Panel>
          <CallsPanel job={job} />
          <Events job={job} />
        </div>
        <div className="flex min-w-0 flex-col gap-5">
          <Facts job={job} />
          <Arguments id={job.id} />
        </div>
      </div>
      {asked && (
        <BulkDialog
          asked={asked}
          onClose={() => setAsked(undefined)}
          onDone={(action, result) => {
            setAsked(undefined);
            setOutcome({ action, result });
          }}
        />
      )}
    </>
  );
}

function Actions({ job, onAsk }: { job: JobDetails; onAsk: (asked: Asked) => void }) {
  if (!useMay()("ManageJobs")) return null;
  return (
    <>
      {job.retryable && (
        <Button
          look="primary"
          icon={<RotateCcw size={16} aria-hidden />}
          onClick={() => onAsk({ action: "retry", jobs: [job] })}
        >
          Retry
        </Button>
      )}
      {isLive(job) && (
        <Button
          look="danger"
          icon={<Square size={15} aria-hidden />}
          onClick={() => onAsk({ action: "cancel", jobs: [job] })}
        >
          Cancel
        </Button>
      )}
    </>
  );
}

/** Links that stand below each other are as high as a finger needs. */
const WAY = cx(LinkLook, "inline-flex min-h-6 items-center");
const MORE = "flex min-h-6 items-center justify-end text-faint hover:text-accent";

function Facts({ job }: { job: JobDetails }) {
  const may = useMay();
  return (
    <Panel title="Details">
      <dl className="flex flex-col divide-y divide-line text-sm">
        <Fact name="Queue">
          <Link to="/jobs" search={{ queue: job.queue }} className={WAY}>
            {job.queue}
          </Link>
          <span className="block text-faint">{queueCarries(job.queue)}</span>
        </Fact>
        <Fact name="For">
          {job.user ? (
            may("ViewUsers") ? (
              <Link to="/users/$id" params={{ id: job.user }} className={WAY}>
                user {job.user.slice(-8)}
              </Link>
            ) : (
              `user ${job.user.slice(-8)}`
            )
          ) : (
            "the platform"
          )}
          {job.user && (
            <Link to="/jobs" search={{ user: job.user }} className={MORE}>
              all of their jobs
            </Link>
          )}
        </Fact>
        <Fact name="Starts">
          {job.attempt} of {job.max_attempts}
        </Fact>
        <Fact name="Priority">{job.priority}</Fact>
        {job.error_code && (
          <Fact name="Sent to the student">
            <code className="font-mono text-xs">{job.error_code}</code>
          </Fact>
        )}
        {job.request_id && (
          <Fact name="Request">
            <Copy text={job.request_id} label="the request’s id" />
            <Link to="/jobs" search={{ q: job.request_id }} className={MORE}>
              all of its jobs
            </Link>
          </Fact>
        )}
        <Fact name="Trace">
          {job.trace_id ? (
            <Copy text={job.trace_id} label="the trace’s id" />
          ) : (
            <span className="text-faint">not traced: no collector was set</span>
          )}
        </Fact>
        {job.worker && (
          <Fact name="Worker">
            <Copy text={job.worker} label="the worker’s name" />
            <Link to="/workers" className={MORE}>
              all workers
            </Link>
          </Fact>
        )}
        {job.retried_as && (
          <Fact name="Retried as">
            <Link to="/jobs/$id" params={{ id: job.retried_as }} className={WAY}>
              job {job.retried_as.slice(-8)}
            </Link>
          </Fact>
        )}
        <Fact name="Added">{exact(job.created_at)}</Fact>
        {job.finished_at && <Fact name="Ended">{exact(job.finished_at)}</Fact>}
      </dl>
    </Panel>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-4 py-2 first:pt-0 last:pb-0">
      <dt className="shrink-0 text-muted">{name}</dt>
      <dd className="min-w-0 break-words text-end tabular-nums">{children}</dd>
    </div>
  );
}

/** How far a long job is, where it says so. */
function Progress({ progress }: { progress: unknown }) {
  if (typeof progress !== "object" || progress === null) return null;
  const { percent, step, page, pages } = progress as Record<string, unknown>;
  if (typeof percent !== "number") return null;
  const where = typeof page === "number" && typeof pages === "number" ? `, page ${page} of ${pages}` : "";
  return (
    <div className="mt-5">
      <p className="mb-1.5 text-muted text-sm">
        {typeof step === "string" ? step : "Progress"}
        {where}: {Math.round(percent)}%
      </p>
      <Meter label="Progress" value={percent} max={100} progress />
    </div>
  );
}
