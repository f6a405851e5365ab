import { expect, test } from "vitest";
import type { LiveFeature } from "../live/types.ts";
import { byUrgency, runway } from "./runway.ts";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const feature = (change: Partial<LiveFeature>): LiveFeature => ({
  feature: "chat",
  level: "none",
  enabled: true,
  keys_alive: 1,
  serving: null,
  quota_left: { requests: 100, unknown_keys: 0 },
  burn_per_hour: 10,
  runs_out_at: null,
  ...change,
});
const at = (hours: number) => new Date(NOW + hours * 3_600_000).toISOString();

test("the nearer the end, the louder", () => {
  expect(runway(feature({}), NOW)).toBe("unknown");
  expect(runway(feature({ runs_out_at: at(1) }), NOW)).toBe("soon");
  expect(runway(feature({ runs_out_at: at(5) }), NOW)).toBe("today");
  expect(runway(feature({ runs_out_at: at(100) }), NOW)).toBe("far");
  expect(runway(feature({ runs_out_at: at(-1) }), NOW)).toBe("over");
});

test("a quota of nothing is over, unless keys may have more than is known", () => {
  expect(runway(feature({ quota_left: { requests: 0, unknown_keys: 0 } }), NOW)).toBe("over");
  expect(runway(feature({ quota_left: { requests: 0, unknown_keys: 1 } }), NOW)).toBe("unknown");
});

test("what is closed comes first, then what ends first", () => {
  const list = byUrgency([
    feature({ feature: "mcq" }),
    feature({ feature: "map", runs_out_at: at(9) }),
    feature({ feature: "chat", runs_out_at: at(2) }),
    feature({ feature: "osce", level: "hard" }),
    feature({ feature: "pdf" }),
  ]);
  expect(list.map((each) => each.feature)).toEqual(["osce", "chat", "map", "mcq", "pdf"]);
});
