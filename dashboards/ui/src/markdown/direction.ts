/** Which way each block is read, and in which language where its script leaves no doubt. */
import type { Element, ElementContent, Root } from "hast";
import { languageOf } from "./language.ts";

/** They hold words, and the browser sees by the first of these which way they are read. */
const LEAVES = new Set(["p", "h1", "h2", "h3", "h4", "h5", "h6", "th", "td", "foot-note"]);
/** They hold blocks, by which browsers do not judge. */
const HOLDERS = new Set(["ul", "ol", "li", "blockquote", "table"]);

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

export function setDirections(node: Root | Element): void {
  for (const child of node.children) {
    if (child.type !== "element") continue;
    const { tagName, properties } = child;
    const isLeaf = LEAVES.has(tagName);
    if (isLeaf) properties.dir = "auto";
    if (HOLDERS.has(tagName)) properties.dir = isRightToLeft(wordsOf(child)) ? "rtl" : "ltr";
    if (isLeaf || tagName === "li") {
      const lang = languageOf(wordsOf(child));
      if (lang) properties.lang = lang;
    }
    setDirections(child);
  }
}

function isRightToLeft(words: string): boolean {
  const first = /\p{L}/u.exec(words)?.[0] ?? "";
  return RIGHT_TO_LEFT.test(first);
}

/** Its own words: code has no direction, and formulas none either. */
function wordsOf(node: ElementContent): string {
  if (node.type === "text") return node.value;
  if (node.type !== "element" || node.tagName === "code") return "";
  return node.children.map(wordsOf).join("");
}
