import { expect, test } from "vitest";
import type { Live, LiveAlarm } from "../live/types.ts";
import { outlook } from "./all_clear.ts";

const feature = (provider: string | undefined) => ({
  feature: "chat",
  enabled: true,
  serving: provider === undefined ? null : { provider, key_masked: "…" },
});
const queue = (more: object = {}) => ({ name: "chat", paused_at: null, ready: 0, ...more });

/** What is looked at of the figures. */
const live = (more: object = {}) =>
  ({
    at: "2026-01-01T00:00:00Z",
    alarms: [],
    queues: [queue()],
    features: [feature("gemini")],
    ...more,
  }) as unknown as Live;

const known = (more: object = {}) => ({ live: live(), link: "live", stale: false, ...more }) as const;
const kind = (more: object = {}) => outlook(known(more) as Parameters<typeof outlook>[0]).kind;

test("all clear is said while the figures come and all is well, and only then", () => {
  expect(kind()).toBe("clear");
  for (const link of ["lost", "connecting", "off"]) expect(kind({ link })).toBe("unknown");
  expect(kind({ stale: true })).toBe("unknown");
  expect(kind({ live: undefined })).toBe("unknown");
});

test("whoever waits at a paused queue is told, and an empty one is nobody's concern", () => {
  const paused = { paused_at: "2026-01-01T00:00:00Z", ready: 2 };
  expect(kind({ live: live({ queues: [queue(paused)] }) })).toBe("concerns");
  expect(kind({ live: live({ queues: [queue({ ...paused, ready: 0 })] }) })).toBe("clear");
  const alarms = [{ subject: "chat", path: "/admin/queues" } as LiveAlarm];
  expect(kind({ live: live({ queues: [queue(paused)], alarms }) })).toBe("clear");
});

test("a platform that only the demo answers for is not ready", () => {
  expect(kind({ live: live({ features: [feature("demo"), feature(undefined)] }) })).toBe("concerns");
  expect(kind({ live: live({ features: [feature("demo"), feature("openai")] }) })).toBe("clear");
});

test("what is known to be wrong is said also after the line is lost", () => {
  expect(kind({ link: "lost", live: live({ features: [feature("demo")] }) })).toBe("concerns");
});
