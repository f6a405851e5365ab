import { isElement, type Node, splitTexts } from "./node.ts";

/** A line that ends is a line that ends: options A to D stand below each other. */
export function breakLines(root: Node): void {
  splitTexts(root, (value) =>
    value.split("\n").flatMap((line, at): Node[] => {
      const words: Node = { type: "text", value: line };
      return at === 0 ? [words] : [{ type: "break" }, { ...words, value: line.trimStart() }];
    }),
  );
  tidy(root);
}

/** A displayed formula is a block: around it, a break would be an empty line. */
function tidy(node: Node): void {
  if (!node.children) return;
  node.children = node.children.filter((child) => child.type !== "text" || child.value !== "");
  const near = (at: number) => isDisplay(node.children?.[at]);
  node.children = node.children.filter(
    (child, at) => child.type !== "break" || !(near(at - 1) || near(at + 1)),
  );
  for (const child of node.children) tidy(child);
}

const isDisplay = (node: Node | undefined) =>
  isElement(node, "tex-formula") && node.data?.hProperties?.display === true;
