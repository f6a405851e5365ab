import { element, type Node } from "./node.ts";

/** Tags that models write for want of Markdown, and what they become. A highlighter's yellow is for sources only. */
const ALLOWED = new Map([
  ["b", "strong"],
  ["strong", "strong"],
  ["i", "em"],
  ["em", "em"],
  ["u", "u"],
  ["sub", "sub"],
  ["sup", "sup"],
  ["mark", "strong"],
  ["kbd", "kbd"],
  ["small", "small"],
  ["ins", "ins"],
  ["del", "del"],
  ["s", "del"],
  ["strike", "del"],
]);

/** Such a tag as a whole. With an attribute, it is none. */
const TAG = /^<(\/?)([a-z]+)[ \t]*(\/?)>$/i;

/** Makes elements of harmless tags that are closed where they were opened. All other HTML is text, and shown as it is. */
export function allowTags(node: Node): void {
  if (!node.children) return;
  const out: Node[] = [];
  const open: { tag: string; at: number }[] = [];
  for (const child of node.children) {
    allowTags(child);
    const [, slash, name = ""] = (child.type === "html" && TAG.exec(child.value ?? "")) || [];
    const tag = name.toLowerCase();
    if (tag === "br") {
      out.push({ type: "break" });
    } else if (ALLOWED.has(tag) && slash === "/") {
      const from = open.findLastIndex((each) => each.tag === tag);
      const at = open[from]?.at;
      if (at === undefined) out.push(asText(child));
      else {
        open.length = from;
        out.push(element(ALLOWED.get(tag) ?? tag, {}, out.splice(at).slice(1)));
      }
    } else {
      if (ALLOWED.has(tag)) open.push({ tag, at: out.length });
      out.push(child.type === "html" ? asText(child) : child);
    }
  }
  node.children = out;
}

/** Rules, each on a line of its own. What Markdown has for them is read as such wherever it stands. */
export function rulesIn(markdown: string): string {
  if (!/<hr/i.test(markdown)) return markdown;
  let fence = false;
  return markdown
    .split("\n")
    .map((line) => {
      if (/^\s*(```|~~~)/.test(line)) fence = !fence;
      return fence ? line : line.replace(/^([ \t>]*)<hr[ \t]*\/?>[ \t]*$/i, "$1---");
    })
    .join("\n");
}

const asText = (node: Node): Node => ({ type: "text", value: node.value ?? "" });
