import { expect, test } from "vitest";
import { isTap, swipeOf } from "./swipe.ts";

const at = (x: number, y: number, time = 0) => ({ x, y, at: time });

test("far and flat is a swipe", () => {
  expect(swipeOf(at(100, 300), at(210, 310, 200), 360)).toBe("right");
  expect(swipeOf(at(300, 300), at(190, 280, 200), 360)).toBe("left");
});

test("what scrolls, hesitates or falls short is none", () => {
  expect(swipeOf(at(100, 300), at(200, 400, 200), 360)).toBeUndefined();
  expect(swipeOf(at(100, 300), at(160, 300, 200), 360)).toBeUndefined();
  expect(swipeOf(at(100, 300), at(300, 300, 2000), 360)).toBeUndefined();
});

test("a tap stays where it is", () => {
  expect(isTap(at(10, 10), at(14, 12, 120))).toBe(true);
  expect(isTap(at(10, 10), at(40, 10, 120))).toBe(false);
  expect(isTap(at(10, 10), at(10, 10, 900))).toBe(false);
});
