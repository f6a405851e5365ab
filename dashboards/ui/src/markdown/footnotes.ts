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

/** Notes stay where they were written, and lead to each other. */
export function footnotes(root: Node): void {
  for (const child of root.children ?? []) {
    const first = child.type === "paragraph" ? child.children?.[0] : undefined;
    const [whole, label] =
      (first?.type === "text" && /^\[\^([^\]\s]{1,40})\]:[ \t]*/.exec(first.value ?? "")) || [];
    if (!first || whole === undefined || label === undefined) continue;
    first.value = first.value?.slice(whole.length) ?? "";
    child.data = { hName: "foot-note", hProperties: { label } };
  }
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
