import { markersIn } from "./markers.ts";
import { element, isElement, type Node, text } from "./node.ts";

/** Makes elements of the markers `[n]` and `[n, m]` in running text. */
export function citeMarkers(node: Node): void {
  if (!node.children || node.type === "link") return;
  const children = node.children.flatMap((child) => {
    if (child.type === "text") return split(child.value ?? "");
    citeMarkers(child);
    return [child];
  });
  node.children = children.reduce(kept, []);
}

/** Longer formulas must be able to go on in the next line. */
const SHORT = 24;

/** A formula is no text to browsers, and would lose the marker behind it to the next line. */
function kept(before: Node[], node: Node): Node[] {
  const last = before.at(-1);
  const { tex = "", display } = last?.data?.hProperties ?? {};
  const isShort = isElement(last, "tex-formula") && !display && String(tex).length <= SHORT;
  if (!isElement(node, "cite-marker") || !last || !isShort) return [...before, node];
  return [...before.slice(0, -1), element("span", { className: "whitespace-nowrap" }, [last, node])];
}

function split(value: string): Node[] {
  const nodes: Node[] = [];
  let at = 0;
  for (const { start, end, numbers } of markersIn(value)) {
    // A marker stays on the line of the word that it follows.
    nodes.push(...text(value.slice(at, start).trimEnd()));
    nodes.push(element("cite-marker", { numbers: numbers.join(), written: value.slice(start, end) }));
    at = end;
  }
  return [...nodes, ...text(value.slice(at))];
}
