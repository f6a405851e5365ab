import { expect, test } from "vitest";
import { everyDay, hoursOf, meanOfActive, roundTop, spansOf, stepsOf } from "./shape.ts";

const day = (date: string, reviews = 1) => ({ date, reviews, again: 0, minutes: 2, new: 0 });

test("days without a review are days too", () => {
  expect(
    everyDay([day("2026-02-27"), day("2026-03-01")]).map(({ date, reviews }) => [date, reviews]),
  ).toEqual([
    ["2026-02-27", 1],
    ["2026-02-28", 0],
    ["2026-03-01", 1],
  ]);
  expect(everyDay([])).toEqual([]);
});

test("a year is shown by weeks and more, and nothing of it is lost", () => {
  const spans = spansOf([day("2025-12-02", 3), day("2026-12-01", 4)]);
  expect(spans.length).toBeLessThanOrEqual(53);
  expect(spans.reduce((sum, { reviews }) => sum + reviews, 0)).toBe(7);
  expect(spans.at(-1)?.to).toBe("2026-12-01");
  expect(spansOf([day("2026-12-01")])).toHaveLength(1);
});

test("buckets know where they begin, and end where there is something", () => {
  expect(
    stepsOf([
      { days_to: null, count: 0 },
      { days_to: 1, count: 2 },
      { days_to: 7, count: 3 },
    ]),
  ).toEqual([
    { from: 0, to: 1, count: 2 },
    { from: 1, to: 7, count: 3 },
  ]);
});

test("there are 24 hours, and no share of nothing", () => {
  const hours = hoursOf([{ hour: 8, reviews: 10, recalled: 9 }]);
  expect(hours).toHaveLength(24);
  expect(hours[8]?.share).toBe(0.9);
  expect(hours[9]?.share).toBeUndefined();
});

test("axes end at round numbers", () => {
  expect([0, 1, 3, 68, 100, 101].map((value) => roundTop([value]))).toEqual([1, 1, 5, 100, 100, 200]);
  expect(roundTop([Number.NaN])).toBe(1);
});

test("the mean is of days on which something was done", () => {
  expect(meanOfActive([day("2026-12-01", 4), day("2026-12-02", 0)], "reviews")).toBe(4);
  expect(meanOfActive([], "minutes")).toBe(0);
});
