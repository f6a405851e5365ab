/** Where everything of a map is drawn. dagre places it; it is fetched when the first map is. */
import type { MapNode } from "../result_types.ts";
import type { Shown, ShownEdge } from "./graph.ts";

export interface Box {
  node: MapNode;
  lines: string[];
  /** Its middle. */
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Line {
  edge: ShownEdge;
  path: string;
  /** Where its verb stands. */
  label: { x: number; y: number; width: number; text: string } | undefined;
}

export interface Drawing {
  run: Run;
  boxes: Box[];
  lines: Line[];
  width: number;
  height: number;
}

export const FONT = 14;
export const SMALL = 11;
export const LINE_HEIGHT = 18;
const PAD = 12;
/** Letters a line. */
const MEASURE = 22;
const MOST_LINES = 4;

/** About how wide a text is, in letters: ideographs take the room of two. */
const lettersIn = (text: string): number =>
  [...text].reduce(
    (sum, sign) => sum + (/[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]/u.test(sign) ? 2 : 1),
    0,
  );

/** Breaks a label where words end; what is longer than all lines ends in an ellipsis. */
export function linesOf(label: string, measure = MEASURE): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of label
    .trim()
    .split(/\s+/)
    .flatMap((word) => pieces(word, measure))) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (lettersIn(longer) <= measure) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  lines.push(line);
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES - 1), `${lines[MOST_LINES - 1]}…`];
}

/** A word that is longer than a line, in parts. */
function pieces(word: string, measure: number): string[] {
  const signs = [...word];
  const parts: string[] = [];
  let part = "";
  for (const sign of signs) {
    if (part !== "" && lettersIn(part + sign) > measure) {
      parts.push(part);
      part = "";
    }
    part += sign;
  }
  return [...parts, part];
}

const widthOf = (text: string, size: number): number => lettersIn(text) * size * 0.58;

export function sizeOf(node: MapNode, folded: number): { lines: string[]; width: number; height: number } {
  const lines = linesOf(node.label);
  const widest = Math.max(...lines.map((line) => widthOf(line, FONT)), widthOf(node.kind ?? "", SMALL));
  const room = folded > 0 ? 30 : 0;
  return {
    lines,
    width: Math.ceil(Math.max(72, widest + 2 * PAD + room)),
    height: Math.ceil(lines.length * LINE_HEIGHT + (node.kind ? SMALL + 6 : 0) + 2 * PAD - 4),
  };
}

/** Which way edges run. */
export type Run = "LR" | "TB";

/** Draws what is shown of a map, the way in which it is larger in a window of this shape; `ratio` is width by height. */
export async function layOut(shown: Shown, ratio: number): Promise<Drawing> {
  const [wide, tall] = await Promise.all([drawn(shown, "LR"), drawn(shown, "TB")]);
  const sizeIn = ({ width, height }: Drawing) =>
    Math.min(ratio / Math.max(1, width), 1 / Math.max(1, height));
  return sizeIn(tall) > sizeIn(wide) ? tall : wide;
}

/** Draws what is shown of a map. */
export async function drawn({ nodes, edges, folded }: Shown, run: Run): Promise<Drawing> {
  const { Graph, layout } = await import("@dagrejs/dagre");
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: run, nodesep: 18, ranksep: 36, edgesep: 14, marginx: 16, marginy: 16 });
  graph.setDefaultEdgeLabel(() => ({}));
  const sizes = new Map(nodes.map((node) => [node.id, sizeOf(node, folded.get(node.id) ?? 0)]));
  for (const { id } of nodes) {
    const { width, height } = sizes.get(id) ?? { width: 72, height: 40 };
    graph.setNode(id, { width, height });
  }
  edges.forEach((edge, at) => {
    const width = edge.verb === "" ? 0 : Math.ceil(widthOf(edge.verb, SMALL) + 10);
    graph.setEdge(
      edge.from,
      edge.to,
      { width, height: edge.verb === "" ? 0 : 16, labelpos: "c" },
      String(at),
    );
  });
  layout(graph);
  const boxes = nodes.map((node): Box => {
    const { lines = [], width = 72, height = 40 } = sizes.get(node.id) ?? {};
    const { x = 0, y = 0 } = graph.node(node.id) as { x?: number; y?: number };
    return { node, lines, x, y, width, height };
  });
  const lines = edges.map((edge, at): Line => {
    const { points = [], x, y, width = 0 } = graph.edge(edge.from, edge.to, String(at)) as Laid;
    const text = edge.verb;
    const label = text !== "" && x !== undefined && y !== undefined ? { x, y, width, text } : undefined;
    return { edge, path: pathOf(points), label };
  });
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return { run, boxes, lines, width, height };
}

interface Laid {
  points?: { x: number; y: number }[];
  x?: number;
  y?: number;
  width?: number;
}

const at = ({ x, y }: { x: number; y: number }): string => `${round(x)} ${round(y)}`;
const round = (value: number): number => Math.round(value * 10) / 10;

/** A smooth line through the points: it turns halfway between each two. */
export function pathOf(points: readonly { x: number; y: number }[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let path = `M${at(first)}`;
  rest.forEach((point, index) => {
    const next = rest[index + 1];
    if (!next) path += ` L${at(point)}`;
    else path += ` Q${at(point)} ${at({ x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 })}`;
  });
  return path;
}
