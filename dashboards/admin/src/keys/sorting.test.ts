import { expect, test } from "vitest";
import { moved, placeAt } from "./sorting.ts";

const rows = [0, 40, 80, 120].map((top) => ({ top, height: 40 }));

test("a row goes past those whose middle it crosses", () => {
  expect([0, 10, 19].map((offset) => placeAt(rows, 1, offset))).toEqual([1, 1, 1]);
  expect(placeAt(rows, 1, 21)).toBe(2);
  expect(placeAt(rows, 1, 500)).toBe(3);
  expect(placeAt(rows, 1, -21)).toBe(0);
  expect(placeAt(rows, 3, -500)).toBe(0);
  expect(placeAt([], 0, 10)).toBe(0);
});

test("one is at another place, and all are there", () => {
  expect(moved(["a", "b", "c"], "c", 0)).toEqual(["c", "a", "b"]);
  expect(moved(["a", "b", "c"], "a", 2)).toEqual(["b", "c", "a"]);
});
