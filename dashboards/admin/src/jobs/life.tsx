import { Countdown, cx } from "@medai/ui";
import { Copy } from "../parts/copy.tsx";
import { between, exact, span } from "../parts/figures.ts";
import { type Job, type Moment, type Stretch, spent, stretches, timeline } from "./timeline.ts";

/** How a job spent its time: a bar to the scale of time. */
export function Life({ job, now }: { job: Job; now: number }) {
  const parts = stretches(job, now);
  const { waited, ran } = spent(parts);
  const vain = spent(parts.filter((part) => part.failed)).ran;
  const all = (waited + ran) * 1000;
  return (
    <div>
      <div aria-hidden className="flex h-3 gap-px overflow-hidden rounded-full bg-sunken">
        {parts.map((part) => (
          <span
            key={part.from}
            className={cx("min-w-1", look(part))}
            style={{ flexGrow: all > 0 ? (part.to - part.from) / all : 1 }}
          />
        ))}
      </div>
      <p className="mt-1.5 flex flex-wrap gap-x-5 gap-y-1 text-muted text-sm tabular-nums">
        <Entry tone="bg-edge/40" text={`waited ${span(waited)}`} />
        <Entry tone="bg-accent" text={`ran ${span(ran)}`} />
        {vain > 0 && <Entry tone="bg-danger" text={`${span(vain)} of that in vain`} />}
      </p>
    </div>
  );
}

const look = ({ kind, failed }: Stretch) =>
  kind === "wait" ? "bg-edge/40" : failed ? "bg-danger" : "bg-accent";

function Entry({ tone, text }: { tone: string; text: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span aria-hidden className={cx("size-2.5 rounded-[2px]", tone)} />
      {text}
    </span>
  );
}

const DOTS = {
  neutral: "border-edge bg-surface",
  good: "border-accent bg-accent",
  warn: "border-warn bg-warn",
  bad: "border-danger bg-danger",
};

/** What happened to it, one below the other, with the time between. */
export function Timeline({ job, now }: { job: Job; now: number }) {
  const moments = timeline(job);
  return (
    <ol className="relative ms-1.5 border-line border-s">
      {moments.map((moment, index) => (
        <Row key={`${moment.at} ${moment.title}`} moment={moment} before={moments[index - 1]} />
      ))}
      {job.state === "running" && (
        <li className="relative ps-5 pb-1 text-sm">
          <Dot look="border-accent bg-surface animate-breathe" />
          <p className="text-muted">Runs now, for {span(between(job.attempted_at ?? job.created_at, now))}</p>
        </li>
      )}
      {job.state === "ready" && (
        <li className="relative ps-5 pb-1 text-sm">
          <Dot look="border-edge bg-surface animate-breathe" />
          <p className="text-muted">Waits for a worker</p>
        </li>
      )}
    </ol>
  );
}

function Row({ moment, before }: { moment: Moment; before: Moment | undefined }) {
  return (
    <li className="relative ps-5 pb-5 text-sm last:pb-0">
      <Dot look={moment.ahead ? "border-edge border-dashed bg-surface" : DOTS[moment.tone]} />
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <p className="font-medium text-[0.9375rem]">{moment.title}</p>
        <p className="text-faint tabular-nums">
          {before && !moment.ahead && `+${span(Math.max(0, between(before.at, moment.at)))} · `}
          {moment.ahead && (
            <>
              in <Countdown to={moment.at} />
              {" · "}
            </>
          )}
          <time dateTime={moment.at}>{exact(moment.at)}</time>
        </p>
      </div>
      {moment.worker && (
        <p className="text-faint">
          on <Copy text={moment.worker} label="the worker’s name" />
        </p>
      )}
      {moment.told && (
        <p className="text-muted">
          Sent to the student <code className="font-mono text-[0.8125rem]">{moment.told}</code>.
        </p>
      )}
      {moment.error && (
        <pre className="mt-1.5 whitespace-pre-wrap break-words rounded-md bg-danger-soft px-3 py-2 font-mono text-[0.8125rem] text-danger">
          {moment.error}
        </pre>
      )}
    </li>
  );
}

function Dot({ look }: { look: string }) {
  return (
    <span aria-hidden className={cx("absolute start-[-0.4rem] top-1.5 size-3 rounded-full border-2", look)} />
  );
}
