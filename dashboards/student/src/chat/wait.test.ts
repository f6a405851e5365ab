import { expect, test } from "vitest";
import { type Known, waitOf } from "./wait.ts";

const QUEUED = { phase: "queued", position: 0, retryAt: undefined, text: "" } as const;
const WRITING = { phase: "writing", position: 0, retryAt: undefined, text: "" } as const;
const known = (more: Partial<Known>): Known => ({
  answer: QUEUED,
  connected: true,
  quiet: 0,
  job: undefined,
  closed: undefined,
  others: 0,
  ...more,
});
const kind = (more: Partial<Known>) => waitOf(known(more)).kind;

test("nobody thinks before a worker has the question", () => {
  expect(kind({ answer: undefined })).toBe("queue");
  expect(kind({})).toBe("queue");
  expect(kind({ answer: WRITING })).toBe("thinking");
});

test("those in front are counted", () => {
  expect(waitOf(known({ answer: { ...QUEUED, position: 3 } }))).toEqual({ kind: "queue", before: 3 });
  // However long that takes: it moves.
  expect(kind({ answer: { ...QUEUED, position: 3 }, quiet: 90 })).toBe("queue");
});

test("a queue that nothing takes from stands still", () => {
  expect(kind({ quiet: 15, job: { state: "ready" } })).toBe("still");
});

test("a question that is held back for others of its student says so", () => {
  expect(waitOf(known({ quiet: 5, job: { state: "scheduled" }, others: 4 }))).toEqual({
    kind: "others",
    others: 4,
  });
  expect(kind({ quiet: 5, job: { state: "scheduled" }, others: 0 })).toBe("queue");
});

test("an answer that waits for others of its student says so, whatever the page knows of them", () => {
  const answer = {
    ...WRITING,
    phase: "waiting",
    retryAt: "2026-01-01T00:01:00Z",
    waitsFor: "own_answers",
  } as const;
  expect(waitOf(known({ answer }))).toEqual({ kind: "others", others: 1 });
});

test("a key that is waited for has its time", () => {
  const until = "2026-01-01T00:01:00Z";
  expect(waitOf(known({ answer: { ...WRITING, phase: "waiting", retryAt: until } }))).toEqual({
    kind: "key",
    until,
  });
});

test("a provider that says nothing for long is silent, with and without words before", () => {
  expect(kind({ answer: WRITING, quiet: 30 })).toBe("silent");
  expect(kind({ answer: { ...WRITING, text: "Preload is" }, quiet: 30 })).toBe("silent");
  expect(kind({ answer: { ...WRITING, text: "Preload is" } })).toBe("nothing");
});

test("a job that went back into the queue waits there", () => {
  expect(kind({ answer: WRITING, quiet: 30, job: { state: "ready" } })).toBe("still");
});

test("what is closed is said, and a lost line before all else", () => {
  expect(waitOf(known({ closed: "New disks." }))).toEqual({ kind: "closed", why: "New disks." });
  expect(kind({ connected: false, closed: "New disks.", answer: WRITING })).toBe("lost");
});
