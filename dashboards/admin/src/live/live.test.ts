import { expect, test } from "vitest";
import { extend, KEPT, type Sample } from "./trace.ts";

const at = (second: number): Sample => ({ at: second, firstToken: null, waiting: 0 });

test("a trace keeps what is shown, and takes nothing twice", () => {
  let trace: readonly Sample[] = [];
  for (let second = 0; second < 2 * KEPT; second += 1) trace = extend(trace, at(second));
  expect(trace.length).toBe(KEPT);
  expect(extend(trace, at(2 * KEPT - 1))).toBe(trace);
  expect(extend(trace, at(3))).toBe(trace);
});

test("after a time away the old trace is gone", () => {
  expect(extend([at(1), at(2)], at(2 + KEPT)).map((sample) => sample.at)).toEqual([2 + KEPT]);
});
