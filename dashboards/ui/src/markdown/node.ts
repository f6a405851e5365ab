/** A node of the trees that Markdown is read into. Looser than mdast's own types: some kinds of nodes are ours. */
export interface Node {
  type: string;
  value?: string;
  url?: string;
  title?: string | null;
  alt?: string | null;
  lang?: string | null;
  label?: string | null;
  start?: number | null;
  ordered?: boolean | null;
  data?: { hName?: string | undefined; hProperties?: Record<string, unknown> | undefined } | undefined;
  position?: { start: { offset?: number | undefined }; end: { offset?: number | undefined } } | undefined;
  children?: Node[] | undefined;
}

export const text = (value: string): Node[] => (value === "" ? [] : [{ type: "text", value }]);

/** A node that becomes an element of this name. */
export const element = (
  hName: string,
  hProperties: Record<string, string | number | boolean>,
  children: Node[] = [],
): Node => ({ type: "ours", data: { hName, hProperties }, children });

/** Whether a node is an element that `element` made. */
export const isElement = (node: Node | undefined, name: string): node is Node => node?.data?.hName === name;

/** Replaces each text in running text, wherever it stands, by what `split` makes of it. */
export function splitTexts(node: Node, split: (value: string) => Node[]): void {
  if (!node.children) return;
  node.children = node.children.flatMap((child) => {
    if (child.type === "text") return split(child.value ?? "");
    splitTexts(child, split);
    return [child];
  });
}
