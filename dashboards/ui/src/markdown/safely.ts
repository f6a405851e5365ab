import type { Element, Nodes, Root } from "hast";
import { parse } from "./parse.ts";

/** What is deeper than this was not written to be read, and could be deeper than any stack. */
const DEEP = 100;

/** Parses a text, whatever it is: what cannot be shown as it was meant is shown as it was written. */
export function safely(text: string): Root {
  try {
    const tree = parse(text);
    if (!isDeep(tree)) return tree;
  } catch {
    // A thousand quotes in each other.
  }
  const properties = { className: ["whitespace-pre-wrap"], dir: "auto" };
  const children: Element["children"] = [{ type: "text", value: text }];
  return { type: "root", children: [{ type: "element", tagName: "p", properties, children }] };
}

function isDeep(tree: Nodes): boolean {
  let level: Nodes[] = [tree];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEP) return true;
    level = level.flatMap((node): Nodes[] => ("children" in node ? node.children : []));
  }
  return false;
}
