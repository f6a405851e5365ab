import { expect, test } from "vitest";
import { dayEnd, endOfDayIn, GEMINI_ZONE, left } from "./zones.ts";

test("a day ends by the clock of its zone", () => {
  const now = Date.parse("2026-11-24T20:48:00Z");
  expect(endOfDayIn("UTC", now)).toBe("2026-11-25T00:00:00.000Z");
  expect(endOfDayIn("UTC", Date.parse("2026-12-31T23:59:59Z"))).toBe("2027-01-01T00:00:00.000Z");
  expect(endOfDayIn("UTC", Date.parse("2026-12-31T00:00:00Z"))).toBe("2027-01-01T00:00:00.000Z");
  expect(endOfDayIn(GEMINI_ZONE, now)).toBe("2026-11-25T08:00:00.000Z");
  expect(endOfDayIn(GEMINI_ZONE, Date.parse("2026-07-01T06:30:00Z"))).toBe("2026-07-01T07:00:00.000Z");
  expect(dayEnd("UTC", endOfDayIn("UTC", now), now)).toBe("00:00 UTC, in 3 h");
  expect(dayEnd(GEMINI_ZONE, "2026-11-25T08:00:00Z", now)).toBe("00:00 Pacific time (08:00 UTC), in 11 h");
});

test("what is left is told in whole units", () => {
  expect(left(20_000)).toBe("1 min");
  expect(left(59 * 60_000)).toBe("59 min");
  expect(left(90 * 60_000)).toBe("2 h");
});
