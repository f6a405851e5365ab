import { Problem } from "@medai/client";
import { expect, test, vi } from "vitest";
import type { Answer } from "../api.ts";
import type { Reviewed } from "../types.ts";
import { inMemory } from "./in_memory.ts";
import { pauseAfter, sendAll } from "./outbox.ts";

vi.hoisted(() => vi.stubGlobal("location", { origin: "http://localhost" }));

const answer = (key: string): Answer => ({
  key,
  card_id: `card ${key}`,
  rating: 3,
  duration_ms: 1000,
  reviewed_at: "2026-12-01T10:00:00Z",
  reps: 0,
});
const reviewed = {} as Reviewed;
const problem = (status: number) => new Problem(status, { code: "X", message: "x" });

async function store(...keys: string[]) {
  const kept = inMemory();
  for (const key of keys) await kept.add(answer(key));
  return kept;
}

function line(answers: Record<string, Problem | undefined>) {
  const sent: string[] = [];
  const dropped: string[] = [];
  return {
    sent,
    dropped,
    send: async ({ key }: Answer) => {
      const wrong = answers[key];
      if (wrong) throw wrong;
      sent.push(key);
      return reviewed;
    },
    taken: () => undefined,
    refused: ({ key }: Answer) => dropped.push(key),
  };
}

test("all is sent, in order and once", async () => {
  const kept = await store("a", "b", "c");
  const way = line({});
  expect(await sendAll(kept, way)).toBeUndefined();
  expect(way.sent).toEqual(["a", "b", "c"]);
  expect(await kept.all()).toEqual([]);
  await sendAll(kept, way);
  expect(way.sent).toHaveLength(3);
});

test("what is refused is dropped with a note, and keeps nothing back", async () => {
  for (const status of [404, 409, 422]) {
    const kept = await store("a", "b");
    const way = line({ a: problem(status) });
    expect(await sendAll(kept, way)).toBeUndefined();
    expect([way.dropped, way.sent]).toEqual([["a"], ["b"]]);
  }
});

test("without network, signed out, or while the server is busy, all stays in its order", async () => {
  for (const status of [0, 401, 403, 429, 500, 503]) {
    const kept = await store("a", "b");
    const way = line({ a: problem(status) });
    expect((await sendAll(kept, way))?.status).toBe(status);
    expect(way.sent).toEqual([]);
    expect((await kept.all()).map(({ key }) => key)).toEqual(["a", "b"]);
  }
});

test("an answer that is sent twice keeps its key", async () => {
  const kept = await store("a");
  await sendAll(kept, line({ a: problem(0) }));
  const [again] = await kept.all();
  expect(again).toMatchObject(answer("a"));
});

test("it is tried again later and later, or when the server says", () => {
  expect(pauseAfter(problem(0), 1)).toBe(4000);
  expect(pauseAfter(problem(0), 20)).toBe(60_000);
  expect(pauseAfter(new Problem(429, { code: "X", message: "x" }, 7), 1)).toBe(7000);
});
