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

/** Makes links of the markers `[n]` in running text. */
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

function split(value: string): Node[] {
  return value
    .split(/(\[\d{1,3}\])/)
    .filter((part) => part !== "")
    .map((part) => {
      const n = /^\[(\d{1,3})\]$/.exec(part)?.[1];
      if (!n) return { type: "text", value: part };
      return { type: "link", url: PREFIX + n, children: [{ type: "text", value: n }] };
    });
}
