/** Markdown to the tree of elements that is shown. Pure, and the same whether or not KaTeX is there yet. */
import type { Root as Tree } from "hast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmAutolinkLiteralFromMarkdown } from "mdast-util-gfm-autolink-literal";
import { gfmFootnoteFromMarkdown } from "mdast-util-gfm-footnote";
import { gfmStrikethroughFromMarkdown } from "mdast-util-gfm-strikethrough";
import { gfmTableFromMarkdown } from "mdast-util-gfm-table";
import { gfmTaskListItemFromMarkdown } from "mdast-util-gfm-task-list-item";
import { toHast } from "mdast-util-to-hast";
import { breakLines } from "./breaks.ts";
import { citeMarkers } from "./cite.ts";
import { setDirections } from "./direction.ts";
import { handlers, keepNumbers } from "./elements.ts";
import { footnotes, footnotesApart } from "./footnotes.ts";
import { formulasIn, putFormulas } from "./formulas.ts";
import type { Node } from "./node.ts";
import { syntax } from "./syntax.ts";
import { allowTags, rulesIn } from "./tags.ts";

const mdastExtensions = [
  gfmAutolinkLiteralFromMarkdown(),
  gfmFootnoteFromMarkdown(),
  gfmStrikethroughFromMarkdown(),
  gfmTableFromMarkdown(),
  gfmTaskListItemFromMarkdown(),
];

export function parse(markdown: string): Tree {
  const { text, formulas } = formulasIn(footnotesApart(rulesIn(markdown)));
  const tree = fromMarkdown(text, { extensions: syntax, mdastExtensions });
  const root = tree as Node;
  keepNumbers(root, text);
  putFormulas(root, formulas);
  allowTags(root);
  footnotes(root);
  citeMarkers(root);
  breakLines(root);
  const shown = toHast(tree, { handlers }) as Tree;
  setDirections(shown);
  return shown;
}
