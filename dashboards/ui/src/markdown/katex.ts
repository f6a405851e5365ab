/** KaTeX: a chunk of its own, fetched with the first formula. */
import "katex/dist/katex.min.css";
import "katex/contrib/mhchem";
import type { Root } from "hast";
import { fromHtml } from "hast-util-from-html";
import katex from "katex";

/** A model may write anything into a formula: it loads nothing, comes to an end, and is no larger than it looks. */
const LIMITS = { trust: false, maxExpand: 500, maxSize: 8 };

/** A formula as elements; as it was written where KaTeX does not know it. */
export function typeset(tex: string, displayMode: boolean): Root {
  const html = () =>
    katex.renderToString(tex, {
      displayMode,
      throwOnError: false,
      strict: false,
      errorColor: "currentColor",
      ...LIMITS,
    });
  try {
    return fromHtml(html(), { fragment: true });
  } catch {
    return { type: "root", children: [{ type: "text", value: tex }] };
  }
}
