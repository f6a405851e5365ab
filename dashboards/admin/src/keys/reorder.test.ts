import fc from "fast-check";
import { expect, test } from "vitest";
import { type Ranked, reorder } from "./reorder.ts";

const keys = (...priorities: number[]): Ranked[] =>
  priorities.map((priority, index) => ({ id: `k${index}`, priority }));

test("between neighbours with room, one priority changes", () => {
  expect(reorder(keys(100, 50, 0), "k2", 1)).toEqual([{ id: "k2", priority: 75 }]);
});

test("to the ends there is room of its own", () => {
  expect(reorder(keys(100, 50, 0), "k2", 0)).toEqual([{ id: "k2", priority: 110 }]);
  expect(reorder(keys(100, 50, 0), "k0", 2)).toEqual([{ id: "k0", priority: -10 }]);
  expect(reorder(keys(1000, 50), "k1", 0)).not.toEqual([{ id: "k1", priority: 1010 }]);
});

test("where nothing moves, nothing changes", () => {
  expect(reorder(keys(3, 2, 1), "k1", 1)).toEqual([]);
  expect(reorder(keys(3), "k0", 0)).toEqual([]);
  expect(reorder(keys(3, 2), "gone", 0)).toEqual([]);
});

test("between keys that take turns, as few move as must", () => {
  expect(reorder(keys(5, 5, 5, 1), "k3", 1)).toEqual([
    { id: "k0", priority: 7 },
    { id: "k3", priority: 6 },
  ]);
});

test("any move gives the order that was wanted, within bounds", () => {
  const bounded = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 12 });
  // Also full at the ends, and all alike.
  const crowded = fc.constantFrom([1000, 1000, 1000], [-1000, -1000], [1000, 999, -999, -1000], [0, 0, 0, 0]);
  fc.assert(
    fc.property(fc.oneof(bounded, crowded), fc.nat(20), fc.nat(20), (priorities, which, place) => {
      const list = keys(...[...priorities].sort((a, b) => b - a));
      const moved = list[which % list.length];
      const to = place % list.length;
      if (!moved) return;
      const changes = new Map(reorder(list, moved.id, to).map((change) => [change.id, change.priority]));
      const wanted = list.filter((key) => key.id !== moved.id);
      wanted.splice(to, 0, moved);
      const after = wanted.map((key) => changes.get(key.id) ?? key.priority);
      for (const priority of after) expect(Math.abs(priority)).toBeLessThanOrEqual(1000);
      for (const [index, priority] of after.entries())
        if (index > 0) expect(priority).toBeLessThanOrEqual(after[index - 1] ?? 0);
      if (list.indexOf(moved) === to) return;
      const mine = after[to] ?? 0;
      if (to > 0) expect(after[to - 1]).toBeGreaterThan(mine);
      if (to < after.length - 1) expect(after[to + 1]).toBeLessThan(mine);
    }),
  );
});
