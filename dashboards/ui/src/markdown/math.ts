/** KaTeX and what goes with it: a chunk of its own, fetched with the first formula. */
import "katex/dist/katex.min.css";
import rehypeKatex from "rehype-katex";
import remarkMath from "remark-math";
import { bars } from "./formulas.ts";
import type { Plugins } from "./markdown.tsx";

/** A model may write anything into a formula: it loads nothing, comes to an end, and is no larger than it looks. */
const LIMITS = { trust: false, maxExpand: 500, maxSize: 8 };

export const math: Plugins = {
  remark: [remarkMath, bars],
  rehype: [[rehypeKatex, { throwOnError: false, strict: false, errorColor: "currentColor", ...LIMITS }]],
};
