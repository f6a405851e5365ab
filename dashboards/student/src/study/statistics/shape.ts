/** What the API says of reviews, made rows for figures and tables. */
import type { Bucket, DayOfReviews, Stats } from "../types.ts";

/** More bars than these are not told apart on a phone. */
const MOST_BARS = 45;
const DAY_MS = 86_400_000;

export interface Span extends DayOfReviews {
  /** The last day of it. */
  to: string;
}

/** Days in a row, those without a review too. */
export function everyDay(days: readonly DayOfReviews[]): DayOfReviews[] {
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return [];
  const known = new Map(days.map((day) => [day.date, day]));
  const all: DayOfReviews[] = [];
  for (let at = Date.parse(first.date); at <= Date.parse(last.date); at += DAY_MS) {
    const date = new Date(at).toISOString().slice(0, 10);
    all.push(known.get(date) ?? { date, reviews: 0, again: 0, minutes: 0, new: 0 });
  }
  return all;
}

/** Days, or so many of them together that there are not too many; the last ones are whole. */
export function spansOf(days: readonly DayOfReviews[]): Span[] {
  const all = everyDay(days);
  const each = Math.max(1, Math.ceil(all.length / MOST_BARS));
  const size = each > 1 ? Math.max(7, each) : 1;
  const spans: Span[] = [];
  for (let end = all.length; end > 0; end -= size) {
    const part = all.slice(Math.max(0, end - size), end);
    const [first, last] = [part[0], part.at(-1)];
    if (!first || !last) break;
    const sum = (name: "reviews" | "again" | "minutes" | "new") =>
      part.reduce((total, day) => total + day[name], 0);
    spans.unshift({
      date: first.date,
      to: last.date,
      reviews: sum("reviews"),
      again: sum("again"),
      minutes: sum("minutes"),
      new: sum("new"),
    });
  }
  return spans;
}

export interface Step {
  from: number;
  /** Null is no end. */
  to: number | null;
  count: number;
}

/** Each bucket with where it begins. Those at the end that have nothing are left out. */
export function stepsOf(buckets: readonly Bucket[]): Step[] {
  const sorted = [...buckets].sort(
    (a, b) => (a.days_to ?? Number.POSITIVE_INFINITY) - (b.days_to ?? Number.POSITIVE_INFINITY),
  );
  let from = 0;
  const steps = sorted.map(({ days_to, count }) => {
    const step = { from, to: days_to, count };
    from = days_to ?? from;
    return step;
  });
  const last = steps.findLastIndex(({ count }) => count > 0);
  return steps.slice(0, last + 1);
}

/** All hours of a day, and how much was recalled in each; undefined where nothing was asked. */
export function hoursOf(
  hours: Stats["hours"],
): { hour: number; reviews: number; share: number | undefined }[] {
  const known = new Map(hours.map((each) => [each.hour, each]));
  return Array.from({ length: 24 }, (_, hour) => {
    const { reviews = 0, recalled = 0 } = known.get(hour) ?? {};
    return { hour, reviews, share: reviews > 0 ? recalled / reviews : undefined };
  });
}

/** A round number at or above the largest value. */
export function roundTop(values: readonly number[]): number {
  const most = Math.max(0, ...values.filter(Number.isFinite));
  if (most <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [1, 2, 5, 10].find((each) => each * power >= most - 1e-9) ?? 10;
  return step * power;
}

/** The mean over the days on which something was done. */
export function meanOfActive(days: readonly DayOfReviews[], name: "reviews" | "minutes"): number {
  const active = days.filter(({ reviews }) => reviews > 0);
  if (active.length === 0) return 0;
  return active.reduce((sum, day) => sum + day[name], 0) / active.length;
}
