import { expect, test } from "vitest";
import { changeOf, stepsOf, stepText } from "./options.ts";

const typed = { title: " A ", new_per_day: "10", reviews_per_day: "100", retention: "90", steps: "1m 10m" };

test("steps as Anki writes them, and back", () => {
  expect(stepsOf("1m 10m 23h")).toEqual([1, 10, 1380]);
  expect(stepsOf("1 10")).toEqual([1, 10]);
  expect(stepsOf("")).toEqual([]);
  for (const wrong of ["soon", "0", "1d", "24h", "1.5m", "1 ".repeat(11)])
    expect(stepsOf(wrong)).toBeUndefined();
  expect([1, 60, 90].map(stepText)).toEqual(["1m", "1h", "90m"]);
});

test("what fits is changed, and what does not is said", () => {
  expect(changeOf(typed)).toEqual({
    change: {
      title: "A",
      new_per_day: 10,
      reviews_per_day: 100,
      desired_retention: 0.9,
      learning_steps: [1, 10],
    },
  });
  expect(changeOf({ ...typed, retention: "99", new_per_day: "-1", steps: "x" })).toEqual({
    wrong: { retention: "range", new_per_day: "number", steps: "steps" },
  });
  expect(changeOf({ ...typed, reviews_per_day: "10000" })).toEqual({ wrong: { reviews_per_day: "range" } });
});
