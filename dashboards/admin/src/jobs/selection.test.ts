import { expect, test } from "vitest";
import { kept, NOTHING, reach, step, toggle, toggleAll } from "./selection.ts";

const rows = ["a", "b", "c", "d"];
const ids = (selection: { ids: ReadonlySet<string> }) => [...selection.ids].sort().join("");

test("a row is selected and no more", () => {
  const one = toggle(NOTHING, "b");
  expect(ids(one)).toBe("b");
  expect(ids(toggle(one, "b"))).toBe("");
});

test("a range reaches from the last selected row, both ways", () => {
  const one = toggle(NOTHING, "c");
  expect(ids(reach(one, "a", rows))).toBe("abc");
  expect(ids(reach(reach(one, "a", rows), "d", rows))).toBe("abcd");
  expect(ids(reach(NOTHING, "b", rows))).toBe("b");
  expect(reach(one, "gone", rows)).toEqual(one);
});

test("all are selected, then none", () => {
  const all = toggleAll(toggle(NOTHING, "a"), rows);
  expect(ids(all)).toBe("abcd");
  expect(ids(toggleAll(all, rows))).toBe("");
  expect(ids(toggleAll(NOTHING, []))).toBe("");
});

test("what left the list is not selected", () => {
  const two = toggle(toggle(NOTHING, "a"), "b");
  expect(ids(kept(two, ["b", "c"]))).toBe("b");
  expect(kept(two, rows)).toBe(two);
});

test("steps stay within the list", () => {
  expect([step(rows, "b", 1), step(rows, "d", 1), step(rows, "a", -1)]).toEqual(["c", "d", "a"]);
  expect([step(rows, undefined, 1), step(rows, "gone", -1), step([], "a", 1)]).toEqual(["a", "d", undefined]);
});
