import { expect, test } from "vitest";
import type { KeyView } from "./keys.ts";
import { lastFour, nameOf, places, poolOf, stateOf } from "./pool.ts";

const key = (id: string, change: Partial<KeyView>): KeyView => ({
  id,
  provider: "gemini",
  feature: "*",
  key_masked: "…4444",
  priority: 0,
  status: "active",
  failure_count: 0,
  limits: { rpm: null, rpd: null, tpm: null },
  day_ends_at: "2026-11-25T08:00:00Z",
  day_zone: "America/Los_Angeles",
  last_failures: [],
  learnt: [],
  refusals: 0,
  history: [],
  created_at: "2026-11-24T12:00:00Z",
  ...change,
});

test("the pool is by provider, and in it by how a key is used", () => {
  const pool = poolOf([
    key("d", { status: "disabled", priority: 99 }),
    key("o", { provider: "openai" }),
    key("b", { priority: 5 }),
    key("x", { status: "degraded" }),
    key("a", { priority: 10, feature: "chat" }),
  ]);
  expect(pool.map((each) => each.provider)).toEqual(["gemini", "openai"]);
  expect(pool[0]?.lanes.map((lane) => [lane.kind, lane.keys.map((each) => each.id)])).toEqual([
    ["serving", ["a", "b"]],
    ["reserve", ["x"]],
    ["out", ["d"]],
  ]);
});

test("for a feature, keys of its own and keys for any are in one order", () => {
  const keys = [
    key("m", { feature: "mcq", priority: 9 }),
    key("any", { priority: 5 }),
    key("c", { feature: "chat", priority: 1 }),
  ];
  expect(poolOf(keys, "chat")[0]?.lanes[0]?.keys.map((each) => each.id)).toEqual(["any", "c"]);
});

test("keys that take turns keep their places on the page, and share one in the order", () => {
  const [first] = poolOf([key("b", { last_used_at: null }), key("a", {}), key("c", { priority: -1 })]);
  expect(first?.lanes[0]?.keys.map((each) => each.id)).toEqual(["a", "b", "c"]);
  expect(places(first?.lanes[0]?.keys ?? [])).toEqual([1, 1, 2]);
});

test("a cooldown that is over is none", () => {
  const now = Date.parse("2026-11-24T12:00:00Z");
  const cooling = { status: "active", cooldown_until: "2026-11-24T12:01:00Z" } as const;
  expect(stateOf(cooling, now)).toMatchObject({ word: "Cooling", until: "2026-11-24T12:01:00Z" });
  expect(stateOf(cooling, now + 60_000)).toMatchObject({ word: "Active", until: undefined });
  expect(stateOf({ ...cooling, status: "disabled" }, now).until).toBeUndefined();
});

test("a key is known by its last characters, or by its address", () => {
  expect(lastFour({ key_masked: "…aB3d" })).toBe("aB3d");
  expect(lastFour({ key_masked: "none" })).toBe("none");
  expect(nameOf({ key_masked: "none", base_url: "http://10.0.0.4:11434" })).toBe("http://10.0.0.4:11434");
});
