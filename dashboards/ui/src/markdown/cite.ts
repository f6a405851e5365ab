import { markersIn } from "./markers.ts";

interface Node {
  type: string;
  value?: string;
  url?: string;
  data?: { hName: string; hProperties: { className: string } };
  children?: Node[];
}

const PREFIX = "#cite-";

/** The number that a link made by `citeMarkers` stands for. */
export function citeOf(href: string | undefined): number | undefined {
  return href?.startsWith(PREFIX) ? Number(href.slice(PREFIX.length)) : undefined;
}

/** Makes links of the markers `[n]` and `[n, m]` in running text. */
export function citeMarkers() {
  return (tree: Node): void => visit(tree);
}

function visit(node: Node): void {
  if (!node.children || node.type === "link") return;
  const children = node.children.flatMap((child) => {
    if (child.type !== "text") {
      visit(child);
      return [child];
    }
    return split(child.value ?? "");
  });
  node.children = children.reduce(kept, []);
}

/** Longer formulas must be able to go on in the next line. */
const SHORT = 24;

/** A formula is no text to browsers, and would lose the marker behind it to the next line. */
function kept(before: Node[], node: Node): Node[] {
  const last = before.at(-1);
  if (node.url?.startsWith(PREFIX) && last?.type === "inlineMath" && (last.value ?? "").length <= SHORT) {
    const data = { hName: "span", hProperties: { className: "whitespace-nowrap" } };
    return [...before.slice(0, -1), { type: "kept", data, children: [last, node] }];
  }
  return [...before, node];
}

function split(value: string): Node[] {
  const nodes: Node[] = [];
  let at = 0;
  for (const { start, end, numbers } of markersIn(value)) {
    // A marker stays on the line of the word that it follows.
    nodes.push(...textOf(value.slice(at, start).trimEnd()));
    for (const n of numbers)
      nodes.push({ type: "link", url: PREFIX + n, children: [{ type: "text", value: String(n) }] });
    at = end;
  }
  return [...nodes, ...textOf(value.slice(at))];
}

function textOf(value: string): Node[] {
  return value === "" ? [] : [{ type: "text", value }];
}
