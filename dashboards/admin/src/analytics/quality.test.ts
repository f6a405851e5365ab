import { expect, test } from "vitest";
import { mostSeen, share } from "./quality.ts";

test("the flaws that were seen most are named, the most frequent first", () => {
  expect(mostSeen({ empty: 2, too_long: 9, markup: 2, negative: 1 })).toBe("Too long 9, Empty 2, Markup 2");
  expect(mostSeen({})).toBe("");
});

test("nothing has no share of nothing", () => {
  expect(share(1, 4)).toBe(0.25);
  expect(share(0, 0)).toBeNull();
});
