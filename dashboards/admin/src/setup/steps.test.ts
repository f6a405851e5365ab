import { expect, test } from "vitest";
import type { KeyView } from "../keys/keys.ts";
import { isDue, SOURCES, stepsOf } from "./steps.ts";

const key = (change: Partial<KeyView>) =>
  ({ provider: "gemini", status: "active", last_success_at: null, ...change }) as KeyView;
const demo = key({ provider: "demo", last_success_at: "2026-11-24T20:00:00Z" });

test("each step knows whether it is done", () => {
  expect(stepsOf([], false)).toEqual({ chosen: false, works: false, asked: false });
  expect(stepsOf([demo], true)).toEqual({ chosen: true, works: false, asked: false });
  expect(stepsOf([demo, key({ status: "degraded" })], false).works).toBe(false);
  expect(stepsOf([demo, key({})], false)).toEqual({ chosen: true, works: true, asked: false });
  const answered = key({ last_success_at: "2026-11-24T20:00:00Z" });
  expect(stepsOf([answered], false).asked).toBe(true);
});

test("the guide is due while no key of a real provider works, and until its last step is done", () => {
  expect(isDue([demo], undefined)).toBe(true);
  expect(isDue([demo], "dismissed")).toBe(false);
  expect(isDue([key({})], undefined)).toBe(false);
  expect(isDue([key({})], "begun")).toBe(true);
  expect(isDue([key({ last_success_at: "2026-11-24T20:00:00Z" })], "begun")).toBe(false);
});

test("every source says what it costs and where it is", () => {
  for (const source of SOURCES) {
    expect(source.costs.length).toBeGreaterThan(20);
    expect(new URL(source.where).protocol).toBe("https:");
  }
});
