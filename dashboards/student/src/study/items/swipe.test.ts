import { expect, test } from "vitest";
import { swiped } from "./swipe.ts";

test("a move to the side turns, as the language runs", () => {
  expect(swiped(-80, 10, false)).toBe(1);
  expect(swiped(80, 10, false)).toBe(-1);
  expect(swiped(-80, 10, true)).toBe(-1);
  expect(swiped(80, 10, true)).toBe(1);
});

test("small moves and those along the page turn nothing", () => {
  expect(swiped(-20, 0, false)).toBe(0);
  expect(swiped(-80, 70, false)).toBe(0);
});
