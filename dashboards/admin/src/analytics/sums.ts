import type { Analytics } from "./analytics.ts";
import type { Metric } from "./search.ts";

const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** `1.2M`, for where there is little room. */
export const compact = (value: number): string => short.format(value);

/** `1 request`, `1.5 requests`: the noun goes with the figure as it is shown. */
export const counted = (value: number, noun: string): string =>
  `${compact(value)} ${noun}${compact(value) === "1" ? "" : "s"}`;

/** `$21.40`; a sum below a cent keeps what makes it one. */
export function money(value: number | null | undefined, currency: string): string {
  if (value == null) return "–";
  const digits = value === 0 ? 2 : Math.min(8, Math.max(2, Math.ceil(-Math.log10(Math.abs(value))) + 1));
  return new Intl.NumberFormat("en", {
    style: "currency",
    currency,
    minimumFractionDigits: 2,
    maximumFractionDigits: digits,
    // The API’s sum of nothing may be -0.
  }).format(value + 0);
}

/** `11%`, `1.2%`, `< 0.1%`: a part that may be small. */
export function part(share: number): string {
  if (share <= 0) return "0%";
  if (share < 0.001) return "< 0.1%";
  return new Intl.NumberFormat("en", {
    style: "percent",
    maximumFractionDigits: share < 0.0995 ? 1 : 0,
  }).format(share);
}

/** Of all that ended, what failed. */
export function failureRate({ requests, failed }: { requests: number; failed: number }): number {
  const all = requests + failed;
  return all > 0 ? failed / all : 0;
}

/** The start of a day by the reader's calendar, in seconds: charts put their marks there. */
export function startOf(day: string): number {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  return new Date(year, month - 1, date).getTime() / 1000;
}

/** What a chart of the days is drawn from. What failed is drawn before what is drawn behind it. */
export function columns(days: Analytics["days"], metric: Metric): { xs: number[]; ys: number[][] } {
  const xs = days.map(({ day }) => startOf(day));
  if (metric === "requests")
    return {
      xs,
      ys: [days.map(({ requests, failed }) => requests + failed), days.map(({ failed }) => failed)],
    };
  return { xs, ys: [days.map((day) => day[metric] ?? 0)] };
}

/** Whether there is anything to show at all. */
export const isEmpty = ({ totals }: Pick<Analytics, "totals">): boolean =>
  totals.requests + totals.failed === 0;

/** The days that went by of this month, and all of it. */
export function month(today: string): { gone: number; all: number } {
  const [year, number, date] = today.split("-").map(Number) as [number, number, number];
  return { gone: date, all: new Date(Date.UTC(year, number, 0)).getUTCDate() };
}
