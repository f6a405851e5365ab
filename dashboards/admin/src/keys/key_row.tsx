import { ago, Badge, Countdown, cx, number, percent, Tip, useNow } from "@medai/ui";
import type { ReactNode } from "react";
import { DayEnd } from "../parts/day_end.tsx";
import { exact, ms, NONE } from "../parts/figures.ts";
import { className, featureName, lessonName } from "../parts/names.ts";
import { Spark } from "../parts/spark.tsx";
import { clockIn } from "../parts/zones.ts";
import { KeyActions } from "./key_actions.tsx";
import type { KeyView, Suggestion } from "./keys.ts";
import { latencies } from "./latencies.ts";
import { nameOf, stateOf } from "./pool.ts";

interface Props {
  view: KeyView;
  handle: ReactNode;
  /** Its place in the order of use; without one it is not in use. */
  place: number | undefined;
  takesTurns: boolean;
  onUp: (() => void) | undefined;
  onDown: (() => void) | undefined;
  onOpen: (what: "edit" | "rotate" | "delete") => void;
  onSuggestion: (suggestion: Suggestion) => void;
}

/** A key: which it is, how it is, and what can be done with it. */
export function KeyRow({ view: key, handle, place, takesTurns, onUp, onDown, onOpen, onSuggestion }: Props) {
  const line = latencies(key.history, useNow(60_000));
  return (
    <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 px-4 py-3 sm:px-5">
      <div className="flex w-14 flex-col items-center gap-0.5">
        <div className="flex w-full items-center justify-between">
          {handle || <span className="size-8" />}
          {place !== undefined && (
            <span className="w-6 text-center font-serif text-lg tabular-nums">
              <span className="sr-only">Place </span>
              {place}
            </span>
          )}
        </div>
        {takesTurns && (
          <Tip text="Keys of the same priority take turns">
            <span className="cursor-help text-faint text-xs">in turns</span>
          </Tip>
        )}
      </div>
      <div className="grid min-w-0 grid-cols-3 gap-x-5 gap-y-2.5 @min-[44rem]:grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)_minmax(11rem,auto)] @min-[64rem]:grid-cols-[minmax(9rem,1.3fr)_minmax(10rem,1.5fr)_5.5rem_9.5rem_minmax(7rem,0.9fr)_11.5rem] @min-[64rem]:items-start">
        <div className="min-w-0 @max-[44rem]:col-span-full">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="break-words font-mono font-medium">{nameOf(key)}</span>
            <Badge>{featureName(key.feature)}</Badge>
          </p>
          <p className="mt-0.5 text-faint text-sm">{about(key)}</p>
        </div>
        <div className="min-w-0 @max-[44rem]:col-span-full">
          <State view={key} />
        </div>
        <Figure name="Success, 1 h">
          <span className={cx(key.success_rate != null && key.success_rate < 0.8 && "text-danger")}>
            {key.success_rate == null ? NONE : percent(key.success_rate)}
          </span>
        </Figure>
        <Figure name="First token">
          <span className="flex items-center gap-3">
            <span className="w-16 shrink-0">{ms(key.latency_ms)}</span>
            {line.some((ms) => ms !== null) && (
              <Spark
                label={`First token of ${nameOf(key)} over the last six hours`}
                values={line}
                className="min-w-0 flex-1 max-w-24"
              />
            )}
          </span>
        </Figure>
        <Figure name="Left">
          <Left view={key} />
        </Figure>
        <KeyActions view={key} onUp={onUp} onDown={onDown} onOpen={onOpen} onSuggestion={onSuggestion} />
      </div>
    </div>
  );
}

function about(key: KeyView): string {
  const parts = [`priority ${key.priority}`];
  if (key.model) parts.push(key.model);
  if (key.note) parts.push(key.note);
  if (key.quota_group) parts.push(`group ${key.quota_group}`);
  if (key.base_url && key.key_masked !== "none") parts.push(key.base_url);
  const price = key.price_per_million;
  if (price) parts.push(`${dollars(price.prompt)} / ${dollars(price.completion)} per M tokens`);
  return parts.join(" · ");
}

const dollars = (value: number) =>
  value.toLocaleString("en", { style: "currency", currency: "USD", maximumFractionDigits: 4 });

/** How it is, why, until when, and what failed lately. */
function State({ view: key }: { view: KeyView }) {
  const now = useNow(1000);
  const { word, tone, until } = stateOf(key, now);
  return (
    <>
      <p className="flex flex-wrap items-center gap-2 text-sm">
        <Badge tone={tone}>{word}</Badge>
        {until && (
          <span className="text-muted tabular-nums">
            back in <Countdown to={until} />
          </span>
        )}
        {!until && key.status === "active" && key.last_success_at && (
          <span className="text-faint">answered {ago(key.last_success_at, now)}</span>
        )}
      </p>
      {key.reason && <p className="mt-1 break-words text-muted text-sm">{key.reason}</p>}
      {key.refusals > 0 && (
        <p className="mt-1 break-words text-muted text-sm">
          {key.refusals === 1
            ? "Refused the last request"
            : `Refused ${number(key.refusals)} requests in a row`}
          {key.refusal && `: ${key.refusal}`}
        </p>
      )}
      {key.learnt.length > 0 && (
        <p className="mt-1 break-words text-faint text-sm">
          It {key.learnt.map(({ lesson, amount }) => lessonName(lesson, amount)).join(", ")}
        </p>
      )}
      {key.last_failures.length > 0 && (
        <details className="mt-1 text-sm">
          <summary className="w-fit cursor-pointer py-1 text-faint hover:text-ink">
            {key.failure_count > 1 ? `${number(key.failure_count)} failures in a row` : "Latest failures"}
          </summary>
          <ul className="mt-1 flex flex-col gap-1">
            {key.last_failures.map((failure) => (
              <li key={failure.at} className="text-muted">
                <time dateTime={failure.at} className="text-faint tabular-nums">
                  {exact(failure.at)}
                </time>{" "}
                {failure.class && className(failure.class)}
                {failure.http_status != null && ` (${failure.http_status})`}
                {failure.reason && <span className="block break-words text-faint">{failure.reason}</span>}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** What its provider says is left, or what it was said to have. */
function Left({ view: { remaining, limits, day_ends_at, day_zone } }: { view: KeyView }) {
  if (remaining?.requests) {
    const { left, limit, until } = remaining.requests;
    return (
      <>
        {number(left)}
        {limit != null && <span className="text-faint"> of {number(limit)}</span>}
        <span className="block text-faint text-xs">
          resets in <Countdown to={until} />, {clockIn("UTC", until)} UTC
        </span>
      </>
    );
  }
  if (limits.rpd != null)
    return (
      <span className="text-faint">
        {number(limits.rpd)} a day
        <span className="block text-xs">
          <DayEnd at={day_ends_at} zone={day_zone} />
        </span>
      </span>
    );
  return <span className="text-faint">not known</span>;
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0 text-sm @min-[44rem]:order-2">
      <p className="text-faint text-xs">{name}</p>
      <div className="tabular-nums">{children}</div>
    </div>
  );
}
