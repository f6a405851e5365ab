/** KaTeX and what goes with it: a chunk of its own, fetched with the first formula. */
import "katex/dist/katex.min.css";
import rehypeKatex from "rehype-katex";
import remarkMath from "remark-math";
import type { Plugins } from "./markdown.tsx";

export const math: Plugins = {
  remark: [remarkMath],
  rehype: [[rehypeKatex, { throwOnError: false, strict: false, errorColor: "currentColor" }]],
};
