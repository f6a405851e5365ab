/** A map as it is read: which nodes are open, what hangs below what, and where the arrow keys go. Pure. */
import type { Graph, MapEdge, MapNode } from "../result_types.ts";

export interface ShownEdge extends MapEdge {
  /** One of its ends is folded away: it is drawn to the branch, without its verb. */
  folded: boolean;
}

export interface Shown {
  nodes: MapNode[];
  edges: ShownEdge[];
  /** How many nodes are folded into each branch. */
  folded: ReadonlyMap<string, number>;
}

/** What is seen of a map when these branches are open. Edges of what is folded away go to the branch that has it. */
export function shownOf({ nodes, edges }: Graph, open: ReadonlySet<string>): Shown {
  const branches = branchesOf(nodes);
  const ids = new Set(nodes.map(({ id }) => id));
  /** Itself, or the outermost branch of its that is closed. */
  const placeOf = (id: string): string | undefined => {
    let place = ids.has(id) ? id : undefined;
    for (let branch = branches.get(id); branch !== undefined; branch = branches.get(branch))
      if (!open.has(branch)) place = branch;
    return place;
  };
  const places = new Map(nodes.map(({ id }) => [id, placeOf(id)]));
  const drawn = new Map<string, ShownEdge>();
  for (const edge of edges) {
    const [from, to] = [places.get(edge.from), places.get(edge.to)];
    if (!from || !to || from === to) continue;
    const folded = from !== edge.from || to !== edge.to;
    const key = `${from} ${to} ${folded ? "" : edge.verb}`;
    if (!drawn.has(key)) drawn.set(key, { from, to, verb: folded ? "" : edge.verb, folded });
  }
  const whole = new Set([...drawn.values()].filter(({ folded }) => !folded).map(pairOf));
  const count = new Map<string, number>();
  for (const branch of branches.values()) count.set(branch, (count.get(branch) ?? 0) + 1);
  return {
    nodes: nodes.filter(({ id }) => places.get(id) === id),
    edges: [...drawn.values()].filter((edge) => !edge.folded || !whole.has(pairOf(edge))),
    folded: count,
  };
}

/** Into which branch each node is folded. What is folded into itself, by whatever detour, is folded into nothing. */
function branchesOf(nodes: readonly MapNode[]): Map<string, string> {
  const ids = new Set(nodes.map(({ id }) => id));
  const branches = new Map<string, string>();
  for (const { id, collapsed_into: branch } of nodes) {
    if (!branch || !ids.has(branch)) continue;
    let at: string | undefined = branch;
    while (at !== undefined && at !== id) at = branches.get(at);
    if (at === undefined) branches.set(id, branch);
  }
  return branches;
}

const pairOf = ({ from, to }: MapEdge): string => `${from} ${to}`;

export interface Branch {
  node: MapNode;
  /** How it hangs together with what is above it. */
  verb: string | undefined;
  level: number;
  children: Branch[];
  /** Nodes that it leads to and that stand elsewhere already. */
  also: { verb: string; node: MapNode }[];
}

/** The map as nested lists: each node once, below the first that leads to it. */
export function treeOf({ nodes, edges }: Graph): Branch[] {
  const known = new Map(nodes.map((node) => [node.id, node]));
  const out = new Map<string, MapEdge[]>();
  const led = new Set<string>();
  for (const edge of edges) {
    if (!known.has(edge.from) || !known.has(edge.to)) continue;
    out.set(edge.from, [...(out.get(edge.from) ?? []), edge]);
    if (edge.from !== edge.to) led.add(edge.to);
  }
  const seen = new Set<string>();
  const trees: Branch[] = [];
  const grow = (root: MapNode) => {
    const start: Branch = { node: root, verb: undefined, level: 1, children: [], also: [] };
    trees.push(start);
    seen.add(root.id);
    // By breadth: what is near to the root hangs near to it.
    const row = [start];
    for (const branch of row) {
      for (const { to, verb } of out.get(branch.node.id) ?? []) {
        const node = known.get(to);
        if (!node) continue;
        if (seen.has(to)) branch.also.push({ verb, node });
        else {
          seen.add(to);
          const child: Branch = { node, verb, level: branch.level + 1, children: [], also: [] };
          branch.children.push(child);
          row.push(child);
        }
      }
    }
  };
  for (const node of nodes) if (!led.has(node.id) && !seen.has(node.id)) grow(node);
  // What goes round in circles begins at its first.
  for (const node of nodes) if (!seen.has(node.id)) grow(node);
  return trees;
}

/** At which level each node stands, from 1. */
export function levelsOf(trees: readonly Branch[]): Map<string, number> {
  const levels = new Map<string, number>();
  const walk = (branches: readonly Branch[]) => {
    for (const { node, level, children } of branches) {
      levels.set(node.id, level);
      walk(children);
    }
  };
  walk(trees);
  return levels;
}

export interface Placed {
  id: string;
  /** Its middle. */
  x: number;
  y: number;
}

export type Arrow = "ArrowRight" | "ArrowLeft" | "ArrowUp" | "ArrowDown" | "Home" | "End";

/** How much worse it is to be off the way than to be far along it. */
const ASIDE = 3;
/** Farther than anything on a map. */
const FAR = 1e6;

const DIRECTIONS = {
  ArrowRight: (dx: number, dy: number) => ({ along: dx, aside: Math.abs(dy) }),
  ArrowLeft: (dx: number, dy: number) => ({ along: -dx, aside: Math.abs(dy) }),
  ArrowDown: (dx: number, dy: number) => ({ along: dy, aside: Math.abs(dx) }),
  ArrowUp: (dx: number, dy: number) => ({ along: -dy, aside: Math.abs(dx) }),
};

/**
 * Where an arrow key leads from a node: along an edge that goes that way, or else to what stands nearest there. Undefined
 * where there is nothing.
 */
export function nextOf(
  key: Arrow,
  from: string,
  placed: readonly Placed[],
  edges: readonly MapEdge[],
): string | undefined {
  const here = placed.find(({ id }) => id === from);
  if (!here || key === "Home") return placed[0]?.id;
  if (key === "End") return placed.at(-1)?.id;
  const linked = new Set(edges.flatMap(({ from: a, to: b }) => (a === from ? [b] : b === from ? [a] : [])));
  const toward = DIRECTIONS[key];
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const { id, x, y } of placed) {
    const { along, aside } = toward(x - here.x, y - here.y);
    if (along <= 0) continue;
    // What an edge leads to comes first, unless it lies rather to the side: another key is for that.
    const isLinked = linked.has(id) && aside <= 2 * along;
    const distance = along + aside * (isLinked ? 1 : ASIDE) + (isLinked ? 0 : FAR);
    if (distance < least) [best, least] = [id, distance];
  }
  return best;
}

/** The kinds of a map’s nodes, in the order in which they come: their place is their colour. */
export const kindsOf = (nodes: readonly MapNode[]): string[] => [
  ...new Set(nodes.map(({ kind }) => kind ?? "")),
];
