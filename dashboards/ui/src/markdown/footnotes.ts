import { element, type Node, splitTexts, text } from "./node.ts";

const DEFINITION = /^(?: {0,3})\[\^[^\]\s]{1,40}\]:/;
const LABEL = /\[\^([^\]\s]{1,40})\]/g;

/** Each note a paragraph of its own, also where no line is left free between them. */
export function footnotesApart(markdown: string): string {
  if (!markdown.includes("[^")) return markdown;
  let fence = false;
  const lines = markdown.split("\n");
  return lines
    .flatMap((line, at) => {
      if (/^\s*(```|~~~)/.test(line)) fence = !fence;
      const apart = !fence && at > 0 && DEFINITION.test(line) && lines[at - 1]?.trim() !== "";
      return apart ? ["", line] : [line];
    })
    .join("\n");
}

/** Notes stay where they were written, with all their blocks, and lead to each other. */
export function footnotes(root: Node): void {
  takeNotes(root);
  splitTexts(root, (value) => {
    const nodes: Node[] = [];
    let at = 0;
    for (const { 0: whole, 1: label = "", index } of value.matchAll(LABEL)) {
      nodes.push(...text(value.slice(at, index)), element("foot-ref", { label }));
      at = index + whole.length;
    }
    return [...nodes, ...text(value.slice(at))];
  });
}

function takeNotes(node: Node): void {
  for (const child of node.children ?? []) {
    takeNotes(child);
    if (child.type !== "footnoteDefinition") continue;
    const [first, ...more] = child.children ?? [];
    child.type = "ours";
    child.data = { hName: "foot-note", hProperties: { label: child.label ?? "" } };
    if (!first) continue;
    // Its first words stand beside its name.
    const begins = first.type === "paragraph";
    if (begins && more.length === 0) child.children = first.children;
    else if (begins) first.data = { hName: "foot-begin" };
  }
}
