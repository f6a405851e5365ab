import { expect, test } from "vitest";
import { above, type DeckNode, isWaiting, shortTitle, treeOf } from "./deck_tree.ts";
import type { Deck } from "./types.ts";

const deck = (title: string, due = 0): Deck => ({
  id: title,
  title,
  new_per_day: 20,
  reviews_per_day: 200,
  desired_retention: 0.9,
  learning_steps: [1, 10],
  counts: { new: 0, learning: 0, due, suspended: 0, total: due },
  created_at: "",
  updated_at: "",
});
const shape = (nodes: DeckNode[]): unknown =>
  nodes.map(({ name, counts, children }) => [
    name,
    counts.due,
    ...(children.length ? [shape(children)] : []),
  ]);

test("decks nest by two colons, with the counts that the API says", () => {
  expect(shape(treeOf([deck("Medicine::Cardiology", 3), deck("Medicine", 4), deck("Anatomy", 2)]))).toEqual([
    ["Anatomy", 2],
    ["Medicine", 4, [["Cardiology", 3]]],
  ]);
});

test("a deck above that is not there has its place", () => {
  const [node] = treeOf([deck("A::B::C", 1)]);
  expect(node?.deck).toBeUndefined();
  expect(node?.children[0]?.children[0]?.deck?.title).toBe("A::B::C");
  expect(node && isWaiting(node)).toBe(true);
});

test("titles that differ in case are one deck above, and numbers are in their order", () => {
  expect(shape(treeOf([deck("a::10"), deck("A::9"), deck("A")]))).toEqual([
    [
      "a",
      0,
      [
        ["9", 0],
        ["10", 0],
      ],
    ],
  ]);
});

test("a title in parts", () => {
  expect(shortTitle("A :: B")).toBe("B");
  expect(above("A::B::C")).toEqual(["A", "B"]);
});
