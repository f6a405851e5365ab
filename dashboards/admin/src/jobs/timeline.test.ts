import fc from "fast-check";
import { expect, test } from "vitest";
import { type Job, spent, stretches, timeline } from "./timeline.ts";

const at = (second: number) => new Date(Date.UTC(2026, 10, 24, 12) + second * 1000).toISOString();
const job = (change: Partial<Job>): Job => ({
  state: "done",
  ended: null,
  error: null,
  error_code: null,
  worker: "w2",
  created_at: at(0),
  run_at: at(0),
  attempted_at: at(10),
  finished_at: at(15),
  history: [],
  ...change,
});
const start = (
  from: number,
  to: number,
  outcome: "failed" | "snoozed" | "handed_back" | "lost" = "failed",
) => ({
  epoch: 1,
  worker: "w1",
  began_at: at(from),
  ended_at: at(to),
  outcome,
  error: "503",
});
const titles = (change: Partial<Job>) => timeline(job(change)).map((moment) => moment.title);

test("a job is added, started and done", () => {
  expect(titles({})).toEqual(["Added", "Start 1", "Done"]);
});

test("each start that failed is there with its error and its worker", () => {
  const moments = timeline(job({ history: [start(1, 3)] }));
  expect(moments.map((moment) => moment.title)).toEqual([
    "Added",
    "Start 1",
    "Failed, will be retried",
    "Start 2",
    "Done",
  ]);
  expect([moments[1]?.worker, moments[2]?.error, moments[3]?.worker]).toEqual(["w1", "503", "w2"]);
});

test("a job that waits for its next start says when that is", () => {
  const waiting = { state: "scheduled", finished_at: null, run_at: at(60), attempted_at: at(1) } as const;
  const moments = timeline(job({ ...waiting, history: [start(1, 3)] }));
  expect(moments.at(-1)).toMatchObject({ title: "Next start, at the earliest", at: at(60), ahead: true });
  expect(moments.filter((moment) => moment.title.startsWith("Start"))).toHaveLength(1);
});

test("an end is told as what it was", () => {
  expect(titles({ state: "discarded", error: "503" }).at(-1)).toBe("Failed for good");
  expect(titles({ state: "cancelled" }).at(-1)).toBe("Cancelled");
  const told = timeline(job({ ended: "error", error_code: "PROVIDER_UNAVAILABLE" })).at(-1);
  expect([told?.title, told?.told]).toEqual(["Ended in error", "PROVIDER_UNAVAILABLE"]);
  expect(titles({ history: [start(1, 3, "handed_back")] })).toContain("Its worker stopped and gave it back");
});

test("its time is waited or run, and adds up", () => {
  const parts = stretches(job({ history: [start(1, 3)] }), Date.parse(at(100)));
  expect(parts.map((part) => [part.kind, (part.to - part.from) / 1000, part.failed])).toEqual([
    ["wait", 1, false],
    ["run", 2, true],
    ["wait", 7, false],
    ["run", 5, false],
  ]);
  expect(spent(parts)).toEqual({ waited: 8, ran: 7 });
});

test("stretches never overlap, and cover all of its life", () => {
  const pair = fc.tuple(fc.nat(100), fc.nat(100));
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 6 }), fc.nat(100), (starts, more) => {
      const history = starts.map(([from, length]) => start(from, from + length));
      const parts = stretches(job({ history, attempted_at: at(100 + more), finished_at: at(300) }), 0);
      expect(parts[0]?.from).toBe(Date.parse(at(0)));
      expect(parts.at(-1)?.to).toBe(Date.parse(at(300)));
      for (const [index, part] of parts.entries()) {
        expect(part.to).toBeGreaterThan(part.from);
        if (index > 0) expect(part.from).toBe(parts[index - 1]?.to);
      }
    }),
  );
});
