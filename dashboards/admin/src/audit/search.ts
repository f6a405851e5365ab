import { dayOf, words } from "../app/params.ts";

export interface AuditSearch {
  q?: string | undefined;
  /** An account's id or address. */
  admin?: string | undefined;
  action?: string | undefined;
  /** A kind, an id, or `kind:id`. */
  target?: string | undefined;
  /** Days by the reader's calendar, both included. */
  from?: string | undefined;
  to?: string | undefined;
}

/** What narrows the log by nothing. */
export const EVERYTHING: AuditSearch = {
  q: undefined,
  admin: undefined,
  action: undefined,
  target: undefined,
  from: undefined,
  to: undefined,
};

/** What of the page is in its address. */
export function search(given: Record<string, unknown>): AuditSearch {
  return {
    q: words(given.q),
    admin: words(given.admin),
    action: words(given.action),
    target: words(given.target),
    from: dayOf(given.from),
    to: dayOf(given.to),
  };
}

/** The same as the API takes it: moments in the place of days, the last of which is no part of it. */
export function query({ from, to, ...rest }: AuditSearch): AuditSearch {
  return { ...rest, from: from && midnight(from, 0), to: to && midnight(to, 1) };
}

function midnight(day: string, later: number): string {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  return new Date(year, month - 1, date + later).toISOString();
}

/** A day as the address has it, so many days ago. */
export function daysAgo(days: number, now = new Date()): string {
  const date = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
