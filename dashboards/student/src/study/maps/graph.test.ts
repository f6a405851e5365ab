import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Graph, MapEdge, MapNode } from "../result_types.ts";
import { type Branch, levelsOf, nextOf, shownOf, treeOf } from "./graph.ts";

const node = (id: string, collapsed_into?: string): MapNode => ({
  id,
  label: id,
  kind: "concept",
  ...(collapsed_into && { collapsed_into }),
});
const edge = (from: string, to: string, verb = "causes"): MapEdge => ({ from, to, verb });

const RAAS: Graph = {
  nodes: [
    node("renin"),
    node("angiotensin"),
    node("aldosterone"),
    node("sodium", "aldosterone"),
    node("water", "sodium"),
  ],
  edges: [
    edge("renin", "angiotensin"),
    edge("angiotensin", "aldosterone"),
    edge("aldosterone", "sodium"),
    edge("sodium", "water"),
    edge("renin", "water", "keeps"),
  ],
};

const graph: fc.Arbitrary<Graph> = fc
  .tuple(
    fc.array(fc.option(fc.nat(14), { nil: undefined }), { minLength: 1, maxLength: 15 }),
    fc.array(fc.tuple(fc.nat(15), fc.nat(15)), { maxLength: 30 }),
  )
  .map(([folds, edges]) => ({
    nodes: folds.map((into, at) => node(String(at), into === undefined ? undefined : String(into))),
    edges: edges.map(([from, to]) => edge(String(from), String(to))),
  }));

const idsIn = (trees: readonly Branch[]): string[] =>
  trees.flatMap(({ node, children }) => [node.id, ...idsIn(children)]);

describe("branches", () => {
  test("are folded until they are opened, one within the other", () => {
    const closed = shownOf(RAAS, new Set());
    expect(closed.nodes.map(({ id }) => id)).toEqual(["renin", "angiotensin", "aldosterone"]);
    expect(closed.edges.at(-1)).toEqual({ from: "renin", to: "aldosterone", verb: "", folded: true });
    expect(closed.folded.get("aldosterone")).toBe(1);
    const open = shownOf(RAAS, new Set(["aldosterone", "sodium"]));
    expect(open.nodes).toHaveLength(5);
    expect(open.edges.every(({ folded }) => !folded)).toBe(true);
    expect(shownOf(RAAS, new Set(["sodium"])).nodes).toHaveLength(3);
  });

  test("never leave an edge without its ends, whatever is folded into what", () => {
    fc.assert(
      fc.property(graph, fc.array(fc.nat(14)), (graph, open) => {
        const shown = shownOf(graph, new Set(open.map(String)));
        const ids = new Set(shown.nodes.map(({ id }) => id));
        for (const { from, to } of shown.edges)
          expect([ids.has(from), ids.has(to), from !== to]).toEqual([true, true, true]);
      }),
    );
  });
});

describe("as lists", () => {
  test("each node stands once, and each link is told", () => {
    fc.assert(
      fc.property(graph, (graph) => {
        const trees = treeOf(graph);
        const ids = idsIn(trees);
        expect([...ids].sort()).toEqual(graph.nodes.map(({ id }) => id).sort());
        expect(levelsOf(trees).size).toBe(graph.nodes.length);
        const known = new Set(ids);
        const links = graph.edges.filter(({ from, to }) => known.has(from) && known.has(to)).length;
        const told = (trees: readonly Branch[]): number =>
          trees.reduce(
            (sum, branch) => sum + branch.children.length + branch.also.length + told(branch.children),
            0,
          );
        expect(told(trees)).toBe(links);
      }),
    );
  });

  test("what leads to others stands above them", () => {
    const [tree, ...others] = treeOf(RAAS);
    expect(others).toEqual([]);
    expect(tree?.children.map(({ verb, node }) => `${verb} ${node.id}`)).toEqual([
      "causes angiotensin",
      "keeps water",
    ]);
  });
});

describe("the arrow keys", () => {
  const placed = [
    { id: "a", x: 0, y: 0 },
    { id: "b", x: 100, y: -40 },
    { id: "c", x: 100, y: 40 },
    { id: "d", x: 200, y: 0 },
  ];
  const edges = [edge("a", "c"), edge("c", "d")];

  test("leave to the other keys what lies to the side", () => {
    const tall = [
      { id: "a", x: 0, y: 0 },
      { id: "b", x: 10, y: 100 },
      { id: "c", x: 90, y: 0 },
    ];
    expect(nextOf("ArrowRight", "a", tall, [edge("a", "b")])).toBe("c");
    expect(nextOf("ArrowDown", "a", tall, [edge("a", "b")])).toBe("b");
  });

  const next = (key: Parameters<typeof nextOf>[0], from: string) => nextOf(key, from, placed, edges);

  test("go along the edges and back", () => {
    expect(next("ArrowRight", "a")).toBe("c");
    expect(next("ArrowRight", "c")).toBe("d");
    expect(next("ArrowLeft", "d")).toBe("c");
  });

  test("reach what no edge leads to", () => {
    expect(next("ArrowUp", "c")).toBe("b");
    expect(next("ArrowDown", "b")).toBe("c");
    expect(next("ArrowLeft", "b")).toBe("a");
    expect(next("ArrowLeft", "a")).toBeUndefined();
    expect(next("Home", "d")).toBe("a");
    expect(next("End", "a")).toBe("d");
  });

  test("leave nothing out of reach", () => {
    const places = fc.uniqueArray(fc.tuple(fc.nat(5), fc.nat(5)), {
      minLength: 1,
      maxLength: 12,
      selector: String,
    });
    fc.assert(
      fc.property(places, (places) => {
        const all = places.map(([x, y], at) => ({ id: String(at), x: x * 100, y: y * 50 }));
        const reached = new Set(["0"]);
        for (const id of reached)
          for (const key of ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"] as const) {
            const to = nextOf(key, id, all, []);
            if (to) reached.add(to);
          }
        expect(reached.size).toBe(all.length);
      }),
    );
  });
});
