import fc from "fast-check";
import { expect, test } from "vitest";
import { leftOf, warningOf } from "./clock.ts";

const quiz = { now: "2026-12-01T10:00:00Z", ends_at: "2026-12-01T10:15:00Z" };

test("the time that is left runs from when the server told it", () => {
  expect(leftOf(quiz, 5_000, 5_000)).toBe(900);
  expect(leftOf(quiz, 5_000, 65_500)).toBe(839.5);
  expect(leftOf(quiz, 5_000, 2_000_000)).toBe(0);
});

test("there is none without an end", () => {
  expect(leftOf({ ...quiz, ends_at: null }, 0, 0)).toBeUndefined();
  expect(leftOf({ ...quiz, ends_at: "never" }, 0, 0)).toBeUndefined();
});

test("the device's clock makes no difference, and time never comes back", () => {
  const moments = fc.array(fc.nat(2_000_000), { minLength: 2, maxLength: 20 });
  fc.assert(
    fc.property(fc.nat(1_000_000_000), moments, (told, moments) => {
      const lefts = [...moments].sort((a, b) => a - b).map((after) => leftOf(quiz, told, told + after) ?? -1);
      expect([...lefts].sort((a, b) => b - a)).toEqual(lefts);
      expect(lefts.every((left) => left >= 0 && left <= 900)).toBe(true);
    }),
  );
});

test("five minutes and one minute before the end it is said", () => {
  expect([900, 301, 300, 61, 60, 1, 0].map(warningOf)).toEqual([
    undefined,
    undefined,
    300,
    300,
    60,
    60,
    undefined,
  ]);
  expect(warningOf(undefined)).toBeUndefined();
});
