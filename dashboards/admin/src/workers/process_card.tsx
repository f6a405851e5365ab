import { ago, Badge, Button, cx, LinkLook, number, useNow } from "@medai/ui";
import { Link } from "@tanstack/react-router";
import { CircleSlash, Play } from "lucide-react";
import { useMay } from "../app/may.ts";
import { Copy } from "../parts/copy.tsx";
import { between, exact, span } from "../parts/figures.ts";
import { type Process, rolesOf, stateOf, works } from "./state.ts";

interface Props {
  process: Process;
  onDrain: (process: Process, drain: boolean) => void;
  busy: boolean;
}

/** A process: where it runs, since when, and what it has. */
export function ProcessCard({ process, onDrain, busy }: Props) {
  const now = useNow(1000);
  const [tone, word] = stateOf(process);
  const manages = useMay()("ManageJobs");
  const lost = process.state === "lost";
  return (
    <li
      className={cx(
        "rounded-lg border bg-surface p-4 shadow-card",
        lost ? "border-danger/50" : "border-line",
      )}
    >
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <h2 className="font-sans! font-semibold! text-base tracking-normal!">{rolesOf(process)}</h2>
            <Badge tone={tone}>{word}</Badge>
            {process.draining_since && !lost && (
              <span className="text-faint text-xs">{ago(process.draining_since, now)}</span>
            )}
          </div>
          <Copy text={process.name} label="the name of the process" />
        </div>
        {manages && works(process) && !lost && <Drain process={process} onDrain={onDrain} busy={busy} />}
      </div>
      <dl className="mt-3 grid grid-cols-2 gap-x-4 gap-y-2.5 sm:grid-cols-4">
        <Fact name="Host">{process.host}</Fact>
        <Fact name="Process">
          {process.pid} · v{process.version}
        </Fact>
        <Fact name="Since">
          <time dateTime={process.started_at}>{exact(process.started_at)}</time>
        </Fact>
        <Fact name="Last seen">
          <span className={lost ? "text-danger" : ""}>{span(between(process.seen_at, now))} ago</span>
        </Fact>
      </dl>
      {process.queues.length > 0 && <Queues process={process} />}
      {process.longest.length > 0 && <Runs process={process} now={now} />}
    </li>
  );
}

function Drain({ process, onDrain, busy }: Props) {
  const drained = process.draining_since != null;
  return (
    <Button
      size="sm"
      look={drained ? "primary" : "plain"}
      busy={busy}
      aria-label={`${drained ? "Resume" : "Drain"} ${process.name}`}
      icon={drained ? <Play size={14} aria-hidden /> : <CircleSlash size={14} aria-hidden />}
      onClick={() => onDrain(process, !drained)}
    >
      {drained ? "Resume" : "Drain"}
    </Button>
  );
}

function Queues({ process }: { process: Process }) {
  return (
    <section aria-label={`Queues of ${process.name}`} className="mt-3 border-line border-t pt-3">
      <p className="mb-1.5 text-faint text-xs">Runs now, of slots</p>
      <ul className="flex flex-wrap gap-x-5 gap-y-1.5 text-sm">
        {process.queues.map(({ queue, slots, running }) => (
          <li key={queue} className="tabular-nums">
            {queue}{" "}
            <span className={running > 0 ? "font-medium" : "text-faint"}>
              {number(running)} of {number(slots)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Runs({ process, now }: { process: Process; now: number }) {
  const { longest, running } = process;
  return (
    <section aria-label={`Jobs of ${process.name}`} className="mt-3 border-line border-t pt-3">
      <p className="mb-1 text-faint text-xs">
        {running > longest.length
          ? `The ${number(longest.length)} of ${number(running)} jobs that have run longest`
          : "Jobs"}
      </p>
      <ul className="flex flex-col text-sm">
        {longest.map((job) => (
          <li key={job.id} className="flex min-h-7 flex-wrap items-center justify-between gap-x-3">
            <Link
              to="/jobs/$id"
              params={{ id: job.id }}
              className={cx(LinkLook, "inline-flex min-h-6 items-center")}
            >
              {job.name} {job.id.slice(-8)}
            </Link>
            <span className="text-faint tabular-nums">
              {job.queue}
              {job.since && ` · for ${span(between(job.since, now))}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="truncate text-faint text-xs">{name}</dt>
      <dd className="break-words text-sm tabular-nums">{children}</dd>
    </div>
  );
}
