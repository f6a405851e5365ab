import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { citeMarkers, citeOf } from "./cite.ts";
import { Markdown } from "./markdown.tsx";

const links = (text: string) => {
  const tree = { type: "root", children: [{ type: "text", value: text }] };
  citeMarkers()(tree);
  return tree.children.map(
    (node) => citeOf((node as { url?: string }).url) ?? (node as { value?: string }).value,
  );
};

test("markers become links, one for each number", () => {
  expect(links("It rises [1].")).toEqual(["It rises", 1, "."]);
  expect(links("Both [1, 3] and [ 2;4 ][5]")).toEqual(["Both", 1, 3, " and", 2, 4, 5]);
});

test("a marker behind a short formula is kept with it", () => {
  const formula = (value: string) => ({ type: "inlineMath", value });
  const after = (value: string) => {
    const tree = { type: "root", children: [formula(value), { type: "text", value: " [1]." }] };
    citeMarkers()(tree);
    return tree.children.map(({ type }) => type);
  };
  expect(after("x^2")).toEqual(["kept", "text"]);
  expect(after("x".repeat(60))).toEqual(["inlineMath", "link", "text"]);
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

test("nothing in code or in a formula is a link, however Markdown is read", () => {
  const html = (text: string) =>
    renderToStaticMarkup(
      createElement(Markdown, { text, cited: new Set([1, 2, 3, 7]), onCite: () => undefined }),
    );
  const cites = (text: string) => [...html(text).matchAll(/class="cite"/g)].length;
  expect(cites("`a[7]` and\n\n```\n[1]\n```\n\n    [2]\n")).toBe(0);
  expect(cites("$QT/\\sqrt[3]{RR}$ [1]. [2](https://a.example) Potassium is [1, 2] mmol/L.")).toBe(1);
});
