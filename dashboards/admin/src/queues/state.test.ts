import { expect, test } from "vitest";
import { alarmOf, minutesOf, stateOf } from "./state.ts";

const queue = { paused_at: null, alarm: null, running: 0, ready: 0, oldest_wait_seconds: null };

test("a queue is one thing at a time, and trouble goes first", () => {
  expect(stateOf(queue).word).toBe("Idle");
  expect(stateOf({ ...queue, ready: 1 }).word).toBe("Running");
  expect(stateOf({ ...queue, running: 1, paused_at: "2026-11-24T12:00:00Z" }).word).toBe("Paused");
  const stalled = { ...queue, running: 3, alarm: "stalled", paused_at: "2026-11-24T12:00:00Z" } as const;
  expect(stateOf(stalled)).toEqual({ word: "Stalled", tone: "bad" });
});

test("an alarm says what is seen, and for how long", () => {
  expect(alarmOf(queue)).toBeUndefined();
  expect(alarmOf({ ...queue, alarm: "stalled", running: 1 })).toMatch(/^One job runs, and none has ended/);
  expect(alarmOf({ ...queue, alarm: "unattended", oldest_wait_seconds: 240 })).toMatch(/for 4 min/);
});

test("an hour has sixty minutes, also where nothing came through", () => {
  const now = Date.parse("2026-11-24T12:30:20Z");
  const { done, failed } = minutesOf(
    [
      { at: "2026-11-24T11:31:00Z", done: 1, failed: 0 },
      { at: "2026-11-24T12:30:00Z", done: 5, failed: 2 },
      { at: "2026-11-24T11:30:00Z", done: 9, failed: 9 },
    ],
    now,
  );
  expect([done.length, done[0], done[58], done[59], failed[59]]).toEqual([60, 1, 0, 5, 2]);
});
