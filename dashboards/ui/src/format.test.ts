import { expect, test } from "vitest";
import { clock, day } from "./format.ts";

const NOW = new Date(2026, 11, 1, 12, 0);

test("a time that is not of today has its day, and a day of another year its year", () => {
  expect(clock(new Date(2026, 11, 1, 14, 5), NOW)).not.toContain("Dec");
  expect(clock(new Date(2026, 10, 24, 14, 5), NOW)).toContain("Nov");
  expect(day(new Date(2026, 10, 24), NOW)).not.toContain("2026");
  expect(day(new Date(2025, 10, 24), NOW)).toContain("2025");
  expect(clock(new Date(2025, 10, 24, 14, 5), NOW)).toContain("2025");
});
