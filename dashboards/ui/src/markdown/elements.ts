/** What the nodes of Markdown become, where it is not what is usual. */
import type { Element, ElementContent } from "hast";
import type { Code, Image, InlineCode, Link, Parents, TableRow } from "mdast";
import type { State } from "mdast-util-to-hast";
import type { Node } from "./node.ts";
import { safeUrl } from "./url.ts";

type Properties = Element["properties"];

const made = (tagName: string, properties: Properties, children: ElementContent[]): Element => ({
  type: "element",
  tagName,
  properties,
  children,
});

/** The numbers that were written are those that are shown, whichever they are. */
export function keepNumbers(node: Node, text: string): void {
  if (node.type === "list" && node.ordered)
    for (const item of node.children ?? []) {
      const number = /^\d+/.exec(text.slice(item.position?.start.offset))?.[0];
      if (number) item.data = { hProperties: { value: Number(number) } };
    }
  for (const child of node.children ?? []) keepNumbers(child, text);
}

/** An image as the API serves it to its owner. */
const OWN_IMAGE = /^\/api\/images\/[0-9a-f-]{36}$/;

export const handlers = {
  // Cells beyond those of the head are shown as well.
  tableRow: (state: State, row: TableRow, parent: Parents | undefined) => {
    const table = parent?.type === "table" ? parent : undefined;
    const head = table?.children[0];
    const cells = row.children.map((cell, at) => {
      const align = table?.align?.[at];
      return made(row === head ? "th" : "td", align ? { align } : {}, state.all(cell) as ElementContent[]);
    });
    while (cells.length < (head?.children.length ?? 0)) cells.push(made("td", {}, []));
    return made("tr", {}, cells);
  },
  code: (_: State, node: Code) =>
    made("code-block", { language: node.lang?.split(/\s/)[0] ?? "", code: node.value }, []),
  inlineCode: (_: State, node: InlineCode) =>
    made("code", { dir: "ltr" }, [{ type: "text", value: node.value.replace(/\r?\n|\r/g, " ") }]),
  link: (state: State, node: Link) =>
    made("a", { href: safeUrl(node.url) }, state.all(node) as ElementContent[]),
  // Nothing is loaded from other hosts; what the reader has uploaded is shown.
  image: (_: State, node: Image) =>
    OWN_IMAGE.test(node.url)
      ? made("img", { src: node.url, alt: node.alt ?? "", loading: "lazy" }, [])
      : made("a", { href: safeUrl(node.url) }, [{ type: "text", value: node.alt || "image" }]),
};
