import { expect, test } from "vitest";
import type { Graph } from "../result_types.ts";
import { shownOf } from "./graph.ts";
import { drawn, layOut, linesOf } from "./layout.ts";

const graph: Graph = {
  nodes: Array.from({ length: 40 }, (_, at) => ({
    id: `n${at}`,
    label: at % 3 ? `Concept ${at}` : `A rather long name of the concept with the number ${at}`,
    kind: at % 2 ? "cause" : "finding",
  })),
  edges: Array.from({ length: 39 }, (_, at) => ({
    from: `n${Math.floor(at / 3)}`,
    to: `n${at + 1}`,
    verb: "leads to",
  })),
};

test("no box lies on another, and all are within the drawing", async () => {
  const { boxes, lines, width, height } = await drawn(shownOf(graph, new Set()), "LR");
  expect(boxes).toHaveLength(40);
  expect(lines.every(({ path, label }) => path.startsWith("M") && label !== undefined)).toBe(true);
  for (const [at, a] of boxes.entries()) {
    expect(a.x - a.width / 2).toBeGreaterThanOrEqual(0);
    expect(a.x + a.width / 2).toBeLessThanOrEqual(width);
    expect(a.y - a.height / 2).toBeGreaterThanOrEqual(0);
    expect(a.y + a.height / 2).toBeLessThanOrEqual(height);
    for (const b of boxes.slice(at + 1)) {
      const apart =
        Math.abs(a.x - b.x) >= (a.width + b.width) / 2 || Math.abs(a.y - b.y) >= (a.height + b.height) / 2;
      expect(apart).toBe(true);
    }
  }
});

test("two links between the same are both drawn, also in a circle", async () => {
  const nodes = ["a", "b"].map((id) => ({ id, label: id, kind: "" }));
  const edges = [
    { from: "a", to: "b", verb: "raises" },
    { from: "a", to: "b", verb: "dilates" },
    { from: "b", to: "a", verb: "inhibits" },
  ];
  const { lines } = await drawn(shownOf({ nodes, edges }, new Set()), "TB");
  expect(new Set(lines.map(({ path }) => path)).size).toBe(3);
});

test("a chain is drawn along the longer side of its window", async () => {
  const nodes = ["a", "b", "c", "d"].map((id) => ({ id, label: id, kind: "" }));
  const edges = ["ab", "bc", "cd"].map(([from = "", to = ""]) => ({ from, to, verb: "" }));
  const shown = shownOf({ nodes, edges }, new Set());
  expect((await layOut(shown, 3)).run).toBe("LR");
  expect((await layOut(shown, 0.5)).run).toBe("TB");
});

test("labels are broken where words end, and within words that are too long", () => {
  expect(linesOf("Angiotensin-converting enzyme inhibitors")).toEqual([
    "Angiotensin-converting",
    "enzyme inhibitors",
  ]);
  expect(linesOf("x".repeat(50))).toEqual(["x".repeat(22), "x".repeat(22), "x".repeat(6)]);
  expect(linesOf("word ".repeat(60)).at(-1)).toMatch(/…$/);
  expect(linesOf("")).toEqual([""]);
});
