import { expect, test } from "vitest";
import { sparkPath } from "./spark_path.ts";

test("a line spans the width, with the highest at the top", () => {
  expect(sparkPath([0, 5, 10], 100, 24)).toBe("M0 23h0L50 12L100 1");
});

test("what is missing is a gap", () => {
  expect(sparkPath([1, null, 1], 100, 24)).toBe("M0 1h0M100 1h0");
});

test("nothing, and nothing but zeros, are drawn too", () => {
  expect(sparkPath([], 100, 24)).toBe("");
  expect(sparkPath([0, 0], 100, 24)).toBe("M0 23h0L100 23");
  expect(sparkPath([4], 100, 24)).toBe("M100 1h0");
});
