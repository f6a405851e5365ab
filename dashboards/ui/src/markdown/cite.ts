interface Node {
  type: string;
  value?: string;
  url?: string;
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
  node.children = node.children.flatMap((child) => {
    if (child.type !== "text") {
      visit(child);
      return [child];
    }
    return split(child.value ?? "");
  });
}

const MARKER = /(\[\s*\d{1,3}(?:\s*[,;]\s*\d{1,3})*\s*\])/;

function split(value: string): Node[] {
  const parts = value.split(MARKER);
  const last = parts.length - 1;
  return parts.flatMap((part, at): Node[] => {
    if (part === "") return [];
    // A marker stays on the line of the word that it follows.
    const isBeforeMarker = at % 2 === 0 && at < last;
    if (at % 2 === 0) return [{ type: "text", value: isBeforeMarker ? part.trimEnd() : part }];
    const numbers = part.match(/\d+/g) ?? [];
    return numbers.map((n) => ({
      type: "link",
      url: PREFIX + Number(n),
      children: [{ type: "text", value: n }],
    }));
  });
}
