import { oneOf } from "../app/params.ts";

export const RANGES = [7, 30, 90, 365] as const;
export const METRICS = ["requests", "tokens", "users", "cost"] as const;
export type Metric = (typeof METRICS)[number];

export interface AnalyticsSearch {
  /** How many days, today included. */
  days?: number | undefined;
  metric?: Metric | undefined;
}

/** What of the page is in its address. */
export function search(given: Record<string, unknown>): AnalyticsSearch {
  const days = Number(given.days);
  return {
    days: Number.isInteger(days) && days >= 1 && days <= 366 ? days : undefined,
    metric: oneOf(METRICS, given.metric),
  };
}
