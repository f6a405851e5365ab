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

/**
 * Makes links of the markers `[n]` and `[n, m]` in running text. Brackets around other numbers than those of sources are
 * an interval, or an isotope, or something else of the text, and stay.
 */
export function citeMarkers(cited: ReadonlySet<number>) {
  return (tree: Node): void => visit(tree, cited);
}

function visit(node: Node, cited: ReadonlySet<number>): void {
  if (!node.children || node.type === "link") return;
  const children = node.children.flatMap((child) => {
    if (child.type !== "text") {
      visit(child, cited);
      return [child];
    }
    return split(child.value ?? "", cited);
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

/** A letter right behind it makes it an isotope, or a place in a list: `[18]F`. */
const MARKER = /\[\s*\d{1,3}(?:\s*[,;]\s*\d{1,3})*\s*\](?!\p{L})/gu;

function split(value: string, cited: ReadonlySet<number>): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  const say = (text: string) => {
    if (text !== "") nodes.push({ type: "text", value: text });
  };
  for (const { 0: marker, index } of value.matchAll(MARKER)) {
    const numbers = (marker.match(/\d+/g) ?? []).map(Number);
    if (!numbers.every((n) => cited.has(n))) continue;
    // A marker stays on the line of the word that it follows.
    say(value.slice(end, index).trimEnd());
    for (const n of numbers)
      nodes.push({ type: "link", url: PREFIX + n, children: [{ type: "text", value: String(n) }] });
    end = index + marker.length;
  }
  say(value.slice(end));
  return nodes;
}
