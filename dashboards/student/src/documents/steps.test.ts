import { expect, test } from "vitest";
import { stepOf } from "./steps.ts";

test("the last page of a step does not look like the end", () => {
  expect(stepOf({ step: "splitting", percent: 35, pages_done: 100, pages: 100 })).toBe(
    "Step 2 of 4: finding passages, all 100 pages",
  );
  expect(stepOf({ step: "reading", pages_done: 3, pages: 1200 })).toBe(
    "Step 1 of 4: reading, page 3 of 1,200",
  );
  expect(stepOf({ step: "embedding", chunks_done: 3, chunks: 9 })).toContain("passage 3 of 9");
});

test("text that is recognised is no step of reading, and what has not begun waits", () => {
  expect(stepOf({ step: "recognising", pages_done: 1, pages: 2 })).toBe("Recognising text, page 1 of 2");
  expect(stepOf({})).toBe("Waiting to be read");
});
