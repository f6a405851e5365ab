import { expect, test } from "vitest";
import { latencies } from "./latencies.ts";

const moment = (at: string, latency_ms: number | null) => ({ at, calls: 1, failures: 0, latency_ms });
const now = new Date("2026-11-24T10:21:00Z").getTime();

test("a line has a place for each five minutes up to now", () => {
  const history = [moment("2026-11-24T10:00:00Z", 210), moment("2026-11-24T10:15:00Z", 190)];
  expect(latencies(history, now)).toEqual([210, null, null, 190, null]);
});

test("what did not answer is a gap, and what was never used has no line", () => {
  expect(latencies([moment("2026-11-24T10:20:00Z", null)], now)).toEqual([null]);
  expect(latencies([], now)).toEqual([]);
});

test("a clock that is behind the server's loses nothing", () => {
  expect(latencies([moment("2026-11-24T10:25:00Z", 80)], now)).toEqual([80]);
});
