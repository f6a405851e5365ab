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

const MARKER = /(\[\s*\d{1,3}(?:\s*[,;]\s*\d{1,3})*\s*\])/;

function split(value: string): Node[] {
  const parts = value.split(MARKER);
  const last = parts.length - 1;
  return parts.flatMap((part, at): Node[] => {
    if (at % 2 === 0) {
      // A marker stays on the line of the word that it follows.
      const value = at < last ? part.trimEnd() : part;
      return value === "" ? [] : [{ type: "text", value }];
    }
    const numbers = part.match(/\d+/g) ?? [];
    return numbers.map((n) => ({
      type: "link",
      url: PREFIX + Number(n),
      children: [{ type: "text", value: n }],
    }));
  });
}
