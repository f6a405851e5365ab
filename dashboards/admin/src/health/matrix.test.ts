import { expect, test } from "vitest";
import type { FeatureHealth, Level, Provider } from "./health.ts";
import { countsIn, happened, matrix, quotaIn, verdict } from "./matrix.ts";

const health = {
  level: "healthy" as Level,
  keys: { active: 1, cooling: 0, degraded: 0, disabled: 0, pending: 0 },
  failures_last_hour: 0,
  serving: null,
  quota_left: { requests: null, unknown_keys: 1 },
};
const feature = (name: string, providers: Provider[], level: Level = "healthy"): FeatureHealth => ({
  ...health,
  level,
  feature: name as "chat",
  providers: providers.map((provider) => ({ ...health, provider })),
});

test("providers stand in the order in which they are asked, also where no feature has them all", () => {
  const features = [
    feature("chat", ["gemini", "ollama"]),
    feature("mcq", ["gemini", "openai", "ollama"]),
    feature("map", []),
  ];
  const { providers, rows } = matrix(features);
  expect(providers).toEqual(["gemini", "openai", "ollama"]);
  expect(rows[0]?.cells.map((cell) => cell?.provider)).toEqual(["gemini", undefined, "ollama"]);
  expect(rows[2]?.cells).toEqual([undefined, undefined, undefined]);
});

test("keys are counted in words", () => {
  expect(countsIn({ active: 2, cooling: 1, degraded: 0, disabled: 0, pending: 0 })).toBe(
    "2 ready, 1 resting",
  );
  expect(countsIn({ active: 0, cooling: 0, degraded: 0, disabled: 0, pending: 0 })).toBe("no key");
});

test("a quota that is not known is not nothing", () => {
  expect(quotaIn({ requests: 1200, unknown_keys: 0 })).toBe("1,200");
  expect(quotaIn({ requests: 1200, unknown_keys: 1 })).toBe("1,200 and 1 key unknown");
  expect(quotaIn({ requests: null, unknown_keys: 2 })).toBe("not known");
  expect(quotaIn({ requests: null, unknown_keys: 0 })).toBe("none");
});

test("the worst decides", () => {
  const features = [feature("chat", [], "degraded"), feature("mcq", [], "down"), feature("map", [])];
  expect(verdict(features).level).toBe("down");
  expect(verdict(features.slice(0, 1)).level).toBe("degraded");
  expect(verdict([]).level).toBe("healthy");
});

test("what happened to a key is told by where it stood and stands", () => {
  const of = (from: string, to: string, kind: string | null = null) =>
    happened({ from: from as "active", to: to as "active", class: kind });
  expect(of("active", "active", "rate")).toBe("failed");
  expect(of("active", "degraded", "credential")).toBe("worse");
  expect(of("degraded", "active")).toBe("better");
  expect(of("pending", "active")).toBe("better");
  expect(of("disabled", "active")).toBe("better");
  expect(of("active", "disabled")).toBe("worse");
  expect(of("active", "active")).toBe("changed");
});
