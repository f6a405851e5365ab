import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { FeatureHealth } from "../health/health.ts";
import { check, EMPTY, fromNow, instant, local } from "./draft.ts";
import type { Source, StateView } from "./maintenance.ts";
import { suggestion } from "./suggest.ts";
import { USUAL } from "./words.ts";

const now = new Date("2026-11-24T12:00:00Z");

test("the preview’s usual words are the API’s", () => {
  const gate = readFileSync(fileURLToPath(new URL("../../../../api/src/gate.rs", import.meta.url)), "utf8");
  for (const words of Object.values(USUAL)) expect(gate).toContain(`"${words}"`);
});

test("maintenance now needs a reason, and a restoration that is to come", () => {
  expect(check(EMPTY, now)).toEqual({ problems: { reason: expect.any(String) } });
  const late = { ...EMPTY, reason: "x", restoration: local(new Date("2026-11-24T11:00:00Z")) };
  expect(check(late, now)).toEqual({ problems: { estimated_restoration: "must be in the future" } });
  const fine = { ...late, message: " Back soon ", restoration: local(new Date("2026-11-24T13:00:00Z")) };
  expect(check(fine, now)).toEqual({
    now: {
      level: "soft",
      message: "Back soon",
      reason: "x",
      estimated_restoration: "2026-11-24T13:00:00.000Z",
    },
  });
});

test("a window ends after it begins", () => {
  const draft = { ...EMPTY, when: "later" as const, feature: "mcq" as const, level: "hard" as const };
  expect(check(draft, now)).toEqual({ problems: { from: "is missing", until: "is missing" } });
  const [from, until] = [local(new Date("2026-11-25T01:00:00Z")), local(new Date("2026-11-25T02:00:00Z"))];
  expect(check({ ...draft, from: until, until: from }, now)).toEqual({
    problems: { until: "must be after the begin" },
  });
  expect(check({ ...draft, from, until }, now)).toEqual({
    later: {
      feature: "mcq",
      level: "hard",
      from: "2026-11-25T01:00:00.000Z",
      until: "2026-11-25T02:00:00.000Z",
    },
  });
});

test("long texts are refused before they are sent", () => {
  const draft = { ...EMPTY, reason: "r", message: "m".repeat(501) };
  expect(check(draft, now)).toEqual({ problems: { message: "must have at most 500 characters" } });
});

test("a time goes into its field and comes back the same", () => {
  expect(instant(local(now))).toEqual(now);
  expect(instant("")).toBeUndefined();
  expect(instant("not a time")).toBeUndefined();
  expect(instant(fromNow(28, now))).toEqual(new Date("2026-11-24T12:30:00Z"));
});

const state = (source: Source, feature: "mcq" | null = null): StateView => ({
  feature,
  source,
  level: "hard",
  reason: "",
  since: now.toISOString(),
});
const health = (feature: string, level: "healthy" | "degraded" | "down"): FeatureHealth => ({
  feature: feature as "chat",
  level,
  serving: level === "down" ? null : { id: "k", provider: "gemini", key_masked: "…4444", priority: 0 },
  keys: { active: 0, cooling: 0, degraded: 0, disabled: 0, pending: 0 },
  failures_last_hour: 0,
  quota_left: { requests: null, unknown_keys: 0 },
  providers: [],
});

test("it is suggested to leave what keys can serve again", () => {
  const states = [state("automatic"), state("automatic", "mcq"), state("window"), state("admin")];
  const found = suggestion(states, [health("chat", "degraded"), health("mcq", "down")], now);
  expect(found).toEqual({ served: [states[0]], overdue: [] });
  expect(suggestion(states, [health("chat", "down"), health("mcq", "down")], now)).toBeUndefined();
  expect(suggestion([state("window"), state("admin")], [health("chat", "healthy")], now)).toBeUndefined();
  expect(suggestion([], [], now)).toBeUndefined();
});

test("what an admin closed may be left once it should be over", () => {
  const until = (time: string) => ({ ...state("admin"), estimated_restoration: time });
  const late = until("2026-11-24T11:59:00Z");
  expect(suggestion([late, until("2026-11-24T13:00:00Z")], [], now)).toEqual({ served: [], overdue: [late] });
});
