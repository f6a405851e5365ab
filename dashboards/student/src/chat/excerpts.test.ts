import type { Citation } from "@medai/client";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Markdown } from "../../../ui/src/markdown/markdown.tsx";
import { isExcerpts, quotesIn, withQuotes } from "./excerpts.ts";

const passage = (n: number, text: string): Citation => ({
  n,
  text,
  document_id: "d",
  title: "Notes",
  page: 1,
  start: 0,
  end: text.length,
  score: 1,
});

const TEXT = [
  "### Excerpts from your documents, not an answer",
  "",
  "> Loop diuretics block the cotransporter &#91;&#8288;12&#93; of the limb. [1]",
  "",
  "> Give 5 mg. [1]",
  "",
  "> It was never said so in any book. [1]",
].join("\n");

test("what is quoted of a passage is known, and what does not stand in it is no quote", () => {
  const cited = withQuotes(
    passage(1, "Loop diuretics block the\ncotransporter [12] of the limb. Give 5 mg."),
    TEXT,
  );
  expect(cited.quotes).toEqual(["Loop diuretics block the cotransporter [\u206012] of the limb."]);
  expect(
    withQuotes(passage(2, "Loop diuretics block the cotransporter [12] of the limb."), TEXT).quotes,
  ).toBe(undefined);
  expect(isExcerpts(TEXT)).toBe(true);
  expect(quotesIn("> one\n> two [1][2]\n\nno quote [3]")).toEqual([{ quote: "one two", numbers: [1, 2] }]);
});

/** What the demo provider writes (`tests/simulator/src/verbatim.rs`), and what is to be read. */
const VERBATIM: [string, string][] = [
  [
    String.raw`&#53; \* 3 \_x\_ \`y\` \~\~z\~\~ a\|b \# \$5 \& \<0.05 \>2`,
    "5 * 3 _x_ `y` ~~z~~ a|b # $5 & <0.05 >2",
  ],
  ["as shown &#91;&#8288;1&#93; and &#91;a&#93;(b) in C:&#92;x", "as shown [\u20601] and [a](b) in C:\\x"],
  ["&#49;. Give 0.5 mg", "1. Give 0.5 mg"],
  [String.raw`\- 2.5 mmol/L`, "- 2.5 mmol/L"],
];

/** The text of HTML. */
const textOf = (html: string) =>
  html
    .replace(/<[^>]*>/g, "")
    .replace(/&(lt|gt|amp|quot|#x27);/g, (_, name: string) => ENTITIES[name] ?? "")
    .trim()
    .replace(/[\u2060\u00a0]+1$/, "");
const ENTITIES: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', "#x27": "'" };

test("each sign of an excerpt is shown, and a paper’s own references are none of ours", () => {
  for (const [markdown, text] of VERBATIM) {
    const cited = new Set([1]);
    const view = { text: `> ${markdown} [1]`, streaming: false, cited, onCite: () => undefined };
    const html = renderToStaticMarkup(createElement(Markdown, view));
    expect(html.match(/class="cite"/g)).toHaveLength(1);
    expect(html).toMatch(/^<div[^>]*><blockquote[^>]*>\s*<p[^>]*>/);
    expect(html).not.toMatch(/<(ol|ul|li|em|code|del|a|math|hr)\b/);
    expect(textOf(html)).toBe(text);
  }
});
