import fc from "fast-check";
import type { Nodes } from "hast";
import { fromHtml } from "hast-util-from-html";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Markdown } from "./markdown.tsx";

const html = (text: string) => renderToStaticMarkup(createElement(Markdown, { text }));

test.each([
  ["a<br>b<BR/>c<br />d", "a<br/>b<br/>c<br/>d"],
  ["H<sub>2</sub>O <sup>a**b**</sup>", "H<sub>2</sub>O <sup>a<strong>b</strong></sup>"],
  ["<b>a <i>b</i></b> <u>c</u>", "<strong>a <em>b</em></strong> <u>c</u>"],
  ["<mark>a</mark>", "<strong>a</strong>"],
  ["<kbd>Ctrl</kbd> <small>a</small> <ins>b</ins>", "<kbd>Ctrl</kbd> <small>a</small> <ins>b</ins>"],
  ["<s>5</s> <del>6 **mg**</del>", "<del>5</del> <del>6 <strong>mg</strong></del>"],
  ["a <hr> b", "a &lt;hr&gt; b"],
  ["<b>a <i>b</b></i>", "<strong>a &lt;i&gt;b</strong>&lt;/i&gt;"],
  ["<b onclick=x>a</b>", "&lt;b onclick=x&gt;a&lt;/b&gt;"],
  ["<sub>", "&lt;sub&gt;"],
  ["<div>\n**a**\n</div>", "&lt;div&gt;<br/><strong>a</strong><br/>&lt;/div&gt;"],
])("%j becomes %j", (text, made) => {
  expect(html(text).replaceAll("\n", "")).toBe(`<div class="prose"><p dir="auto">${made}</p></div>`);
});

test("a rule on a line of its own is one, also below a sentence, and not in code", () => {
  expect(html("a\n<hr>\nb\n\n<HR />\n\nc").match(/<hr\/>/g)).toHaveLength(2);
  expect(html("```\n<hr>\n```")).toContain("&lt;hr&gt;");
});

/** All that a page could run or fetch. */
function dangers(node: Nodes): string[] {
  if (node.type === "root") return node.children.flatMap(dangers);
  if (node.type !== "element") return [];
  const { tagName, properties, children } = node;
  const bad = /^(script|style|img|iframe|object|embed|form|svg|link|meta|base|video|audio|button)$/.test(
    tagName,
  );
  const attributes = Object.entries(properties).filter(
    ([name, value]) =>
      /^on|^(src|srcdoc|formaction|style)$/i.test(name) ||
      (name === "href" && !/^(https?:|mailto:|tel:|#_R)/i.test(String(value))),
  );
  return [...(bad ? [tagName] : []), ...attributes.map(([name]) => name), ...children.flatMap(dangers)];
}

const ATTACKS = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  '<svg onload="alert(1)">',
  "<b onmouseover=alert(1)>x</b>",
  "<br onload=x>",
  "[a](javascript:alert(1))",
  "[a](JaVaScRiPt&#58;alert(1))",
  "[a](data:text/html,<script>)",
  "![a](javascript:alert(1))",
  "![a](https://a.test/x.png)",
  "<javascript:alert(1)>",
  "<iframe srcdoc='<script>'>",
  "<style>*{}</style>",
  "[^1]: <script>",
  "| <img src=x> |\n|---|\n",
  "[a](vbscript:x) [b](//evil.test) [c](/api/auth/logout)",
  "<sub><script>",
  "</sub>",
  "**",
  "\n",
  "> ",
  "- ",
];

test("nothing that a model writes is run or fetched", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...ATTACKS), { minLength: 1, maxLength: 6 }), (pieces) => {
      const text = pieces.join(" ");
      for (const streaming of [false, true]) {
        const page = renderToStaticMarkup(createElement(Markdown, { text, streaming }));
        expect(dangers(fromHtml(page, { fragment: true })), text).toEqual([]);
      }
    }),
  );
});

test.each([
  ["quotes", `${"> ".repeat(400)}deep`],
  ["lists", Array.from({ length: 80 }, (_, n) => `${" ".repeat(2 * n)}- a`).join("\n")],
  ["emphasis", `${"*a ".repeat(300)}${"b* ".repeat(300)}`],
])("%s in each other, however deep, are shown as they were written", (_, text) => {
  for (const streaming of [false, true]) {
    const page = renderToStaticMarkup(createElement(Markdown, { text, streaming }));
    expect(page.includes("whitespace-pre-wrap")).toBe(true);
    expect(/<(blockquote|li|em)/.test(page)).toBe(false);
  }
});
