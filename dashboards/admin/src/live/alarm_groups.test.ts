import { expect, test } from "vitest";
import { grouped } from "./alarm_groups.ts";
import type { LiveAlarm } from "./types.ts";

const alarm = (change: Partial<LiveAlarm>): LiveAlarm => ({
  kind: "feature_down",
  severity: "warning",
  subject: "mcq",
  message: "No key can serve mcq.",
  since: null,
  path: "/admin/health",
  ...change,
});

test("a few alarms are left as they are", () => {
  const few = [alarm({}), alarm({ subject: "map" }), alarm({ subject: "chat", severity: "critical" })];
  expect(grouped(few)).toEqual(few);
});

test("many of one kind and weight are one, at the place of the first", () => {
  const found = grouped([
    alarm({ kind: "queue_stalled", severity: "critical" }),
    alarm({ since: "2026-11-24T12:05:00Z" }),
    alarm({ subject: "map", since: "2026-11-24T12:01:00Z" }),
    alarm({ kind: "delivery_dead", subject: "mail" }),
    alarm({ subject: "explain" }),
  ]);
  expect(found.map((each) => each.kind)).toEqual(["queue_stalled", "feature_down", "delivery_dead"]);
  expect(found[1]).toMatchObject({
    message: "No key can serve MCQs, Concept maps, Explanations.",
    since: "2026-11-24T12:01:00Z",
  });
});

test("of very many, a few are named", () => {
  const subjects = ["mcq", "map", "chat", "osce", "pdf", "image"];
  expect(grouped(subjects.map((subject) => alarm({ subject })))[0]?.message).toBe(
    "No key can serve MCQs, Concept maps, Chat, OSCE and 2 more.",
  );
});
