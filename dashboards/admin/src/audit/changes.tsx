import { cx } from "@medai/ui";
import type { ReactNode } from "react";
import { exact } from "../parts/figures.ts";
import type { Change, Readable } from "./readable.ts";

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;
const shown = (text: string) => (TIME.test(text) ? exact(text) : text);

/** What an entry says: from what to what, and the rest. */
export function Changes({ told: { changes, same, rest } }: { told: Readable }) {
  return (
    <div className="flex flex-col gap-3">
      {changes.length > 0 && (
        <table className="w-full table-fixed border-collapse text-sm">
          <caption className="sr-only">What changed</caption>
          <thead>
            <tr className="text-faint">
              <Head className="w-[30%]">Changed</Head>
              <Head>Before</Head>
              <Head>After</Head>
            </tr>
          </thead>
          <tbody>
            {changes.map((change) => (
              <Row key={change.name} change={change} />
            ))}
          </tbody>
        </table>
      )}
      <Facts facts={rest} />
      {same.length > 0 && (
        <p className="text-faint text-sm [overflow-wrap:anywhere]">
          Unchanged:{" "}
          {same.map(([name, value]) => (name ? `${name} ${shown(value)}` : shown(value))).join(", ")}
        </p>
      )}
      {changes.length + rest.length + same.length === 0 && (
        <p className="text-faint text-sm">Nothing more is known.</p>
      )}
    </div>
  );
}

function Head({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <th scope="col" className={cx("border-line border-b pe-3 pb-1 text-start font-medium", className)}>
      {children}
    </th>
  );
}

function Row({ change: { name, before, after } }: { change: Change }) {
  const cell = "border-line border-b py-1.5 pe-3 text-start align-top [overflow-wrap:anywhere]";
  return (
    <tr>
      <th scope="row" className={cx(cell, "font-normal text-muted")}>
        {name || "value"}
      </th>
      <td className={cell}>
        {before === undefined ? (
          <span className="text-faint">nothing</span>
        ) : (
          <del className="rounded-sm bg-danger-soft px-1 text-danger decoration-danger/50">
            {shown(before)}
          </del>
        )}
      </td>
      <td className={cell}>
        {after === undefined ? (
          <span className="text-faint">nothing</span>
        ) : (
          <ins className="rounded-sm bg-accent-soft px-1 text-accent no-underline">{shown(after)}</ins>
        )}
      </td>
    </tr>
  );
}

export function Facts({ facts }: { facts: [string, ReactNode][] }) {
  if (facts.length === 0) return null;
  return (
    <dl className="grid grid-cols-[minmax(5rem,30%)_minmax(0,1fr)] gap-y-1 text-sm">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="pe-3 text-muted [overflow-wrap:anywhere]">{name || "value"}</dt>
          <dd className="[overflow-wrap:anywhere]">{typeof value === "string" ? shown(value) : value}</dd>
        </div>
      ))}
    </dl>
  );
}
