import type { components, Feature } from "@medai/client";
import type { Closed } from "./words.ts";

type Schemas = components["schemas"];

/** The longest message or reason. */
export const MAX_TEXT = 500;

/** What is about to be closed, as it is typed. Times are the browser's own: `2026-11-24T18:00`. */
export interface Draft {
  when: "now" | "later";
  feature: Feature | "";
  level: Closed;
  message: string;
  reason: string;
  /** When it may be over; empty is not known. */
  restoration: string;
  from: string;
  until: string;
}

export const EMPTY: Draft = {
  when: "now",
  feature: "",
  level: "soft",
  message: "",
  reason: "",
  restoration: "",
  from: "",
  until: "",
};

export type Field = "message" | "reason" | "estimated_restoration" | "from" | "until";
export type Checked =
  | { now: Schemas["NewState"] }
  | { later: Schemas["NewWindow"] }
  | { problems: Partial<Record<Field, string>> };

/** What to send, or what is wrong with it. */
export function check(draft: Draft, now = new Date()): Checked {
  const problems: Partial<Record<Field, string>> = {};
  const [message, reason] = [draft.message.trim(), draft.reason.trim()];
  if (message.length > MAX_TEXT) problems.message = `must have at most ${MAX_TEXT} characters`;
  if (reason.length > MAX_TEXT) problems.reason = `must have at most ${MAX_TEXT} characters`;
  const scope = {
    level: draft.level,
    ...(draft.feature && { feature: draft.feature }),
    ...(message && { message }),
  };
  if (draft.when === "now") {
    if (!reason) problems.reason = "is missing: other admins should know why";
    const until = instant(draft.restoration);
    if (draft.restoration && (!until || until <= now))
      problems.estimated_restoration = "must be in the future";
    if (Object.keys(problems).length > 0) return { problems };
    return { now: { ...scope, reason, ...(until && { estimated_restoration: until.toISOString() }) } };
  }
  const [from, until] = [instant(draft.from), instant(draft.until)];
  if (!from) problems.from = "is missing";
  if (!until) problems.until = "is missing";
  else if (until <= now) problems.until = "must be in the future";
  else if (from && until <= from) problems.until = "must be after the begin";
  if (Object.keys(problems).length > 0 || !from || !until) return { problems };
  return {
    later: { ...scope, ...(reason && { reason }), from: from.toISOString(), until: until.toISOString() },
  };
}

/** The moment that a field of date and time names. */
export function instant(local: string): Date | undefined {
  if (!local) return undefined;
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** A moment as such a field takes it, by the browser's clock. */
export function local(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** So many minutes from now, at the next multiple of five. */
export function fromNow(minutes: number, now = new Date()): string {
  const step = 5 * 60_000;
  return local(new Date(Math.ceil((now.getTime() + minutes * 60_000) / step) * step));
}
