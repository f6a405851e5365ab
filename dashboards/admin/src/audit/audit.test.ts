import fc from "fast-check";
import { expect, test } from "vitest";
import { readable } from "./readable.ts";
import { daysAgo, query, search } from "./search.ts";

test("a change is told by its leaves", () => {
  const details = {
    before: { enabled: true, limits: null },
    after: { enabled: false, limits: { free: 3, pro: 9 } },
    reason: "quota",
  };
  expect(readable(details)).toEqual({
    changes: [
      { name: "enabled", before: "yes", after: "no" },
      { name: "limits › free", before: undefined, after: "3" },
      { name: "limits › pro", before: undefined, after: "9" },
    ],
    same: [],
    rest: [["reason", "quota"]],
  });
});

test("what did not change is told apart", () => {
  const { changes, same } = readable({
    before: { plan: "free", name: "Ada" },
    after: { plan: "pro", name: "Ada" },
  });
  expect(changes).toEqual([{ name: "plan", before: "free", after: "pro" }]);
  expect(same).toEqual([["name", "Ada"]]);
});

test("items of a list are known by their names, not by their places", () => {
  const hook = (url: string, enabled: boolean) => ({ url, enabled });
  const { changes } = readable({
    before: { webhooks: [hook("a", true), hook("b", true)] },
    after: { webhooks: [hook("b", false)] },
  });
  expect(changes).toEqual([
    { name: "webhooks › a › url", before: "a", after: undefined },
    { name: "webhooks › a › enabled", before: "yes", after: undefined },
    { name: "webhooks › b › enabled", before: "yes", after: "no" },
  ]);
});

test("what came and what went have one side", () => {
  expect(readable({ before: null, after: { role: "ops" } }).changes).toEqual([
    { name: "role", before: undefined, after: "ops" },
  ]);
  expect(readable({ before: { role: "ops" } }).changes).toEqual([
    { name: "role", before: "ops", after: undefined },
  ]);
});

test("any details can be read, and nothing is both changed and the same", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
      const { changes, same } = readable({ before, after });
      const names = new Set(same.map(([name]) => name));
      for (const change of changes) {
        expect(change.before).not.toBe(change.after);
        expect(names.has(change.name)).toBe(false);
      }
      expect(readable({ before, after: before }).changes).toEqual([]);
      readable(before);
    }),
  );
});

test("days are the reader’s, and the last is included", () => {
  const { from, to, q } = query(search({ from: "2026-11-20", to: "2026-11-20", q: "plan" }));
  expect(q).toBe("plan");
  expect(new Date(from ?? "")).toEqual(new Date(2026, 10, 20));
  expect(new Date(to ?? "")).toEqual(new Date(2026, 10, 21));
  expect(query(search({}))).toEqual(search({}));
});

test("days ago go over the ends of months", () => {
  expect(daysAgo(0, new Date(2026, 2, 1, 23, 59))).toBe("2026-03-01");
  expect(daysAgo(1, new Date(2026, 2, 1, 0, 1))).toBe("2026-02-28");
});
