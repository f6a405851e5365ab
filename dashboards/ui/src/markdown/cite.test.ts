import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { citeMarkers } from "./cite.ts";
import { Markdown } from "./markdown.tsx";
import { element, type Node } from "./node.ts";

const links = (value: string): unknown[] => {
  const tree: Node = { type: "root", children: [{ type: "text", value }] };
  citeMarkers(tree);
  return (tree.children ?? []).flatMap(({ data, value }): unknown[] =>
    data ? String(data.hProperties?.numbers).split(",").map(Number) : [value],
  );
};

test("markers become links, one for each number", () => {
  expect(links("It rises [1].")).toEqual(["It rises", 1, "."]);
  expect(links("Both [1, 3] and [ 2;4 ][5]")).toEqual(["Both", 1, 3, " and", 2, 4, 5]);
});

test("a marker behind a short formula is kept with it", () => {
  const after = (tex: string) => {
    const formula = element("tex-formula", { tex, display: false });
    const tree: Node = { type: "root", children: [formula, { type: "text", value: " [1]." }] };
    citeMarkers(tree);
    return tree.children?.map(({ data, type }) => data?.hName ?? type);
  };
  expect(after("x^2")).toEqual(["span", "text"]);
  expect(after("x".repeat(60))).toEqual(["tex-formula", "cite-marker", "text"]);
});

test("brackets around something else stay text", () => {
  expect(links("[0.5, 1) or [a] or [1234]")).toEqual(["[0.5, 1) or [a] or [1234]"]);
});

test.each([
  "Potassium is [3, 5] mmol/L, and it took [1, 2] days",
  "95 % CI [1, 2], x = [1], a[1], x_1[2] and \\sqrt[3]{x}",
  "[18]F-FDG and $a [1] b$, and `b [2]`",
])("what cites nothing is no link: %s", (text) => {
  expect(links(text)).toEqual([text]);
});

test("citations are links also behind a word and before one", () => {
  expect(links("rises[1]. Then [1] the next [2][3]")).toEqual(["rises", 1, ". Then", 1, " the next", 2, 3]);
  expect(links("It is so [1] s and [2] days")).toEqual(["It is so", 1, " s and", 2, " days"]);
});

test("what cites no passage is shown as it was written", () => {
  const html = renderToStaticMarkup(
    createElement(Markdown, { text: "Both [1, 3] and [9].", cited: new Set([9]), onCite: () => undefined }),
  );
  expect(html).toContain("Both\u00a0[1, 3] and");
  expect(html).toContain('aria-label="Source 9"');
});

test("nothing in code or in a formula is a link, however Markdown is read", () => {
  const html = (text: string) =>
    renderToStaticMarkup(
      createElement(Markdown, { text, cited: new Set([1, 2, 3, 7]), onCite: () => undefined }),
    );
  const cites = (text: string) => [...html(text).matchAll(/class="cite"/g)].length;
  expect(cites("`a[7]` and\n\n```\n[1]\n```\n\n    [2]\n")).toBe(0);
  expect(cites("$QT/\\sqrt[3]{RR}$ [1]. [2](https://a.example) Potassium is [1, 2] mmol/L.")).toBe(1);
});
