import fc from "fast-check";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Markdown } from "./markdown.tsx";
import { partsOf } from "./parts.ts";

const html = (text: string) => renderToStaticMarkup(createElement(Markdown, { text })).replaceAll("\n", "");

const WORDS = "Some words about the ventricle that make the item longer. ".repeat(6);
const items = (mark: (n: number) => string) =>
  Array.from({ length: 30 }, (_, n) => `${mark(n)} ${n} ${WORDS}\n    - in it\n`).join("");

test.each([
  ["-", items(() => "-")],
  ["1.", items((n) => `${n + 1}.`)],
])("a long list of %s is one list", (_, text) => {
  expect(partsOf(text)?.texts.length).toBeGreaterThan(5);
  const shown = html(text);
  expect(shown.match(/<li [^>]*>(<p[^>]*>)?\d+ Some/g)).toHaveLength(30);
  expect(shown.replace(/ dir="\w+"/g, "").match(/^<div class="prose"><(ul|ol)>/)).toBeTruthy();
  expect(shown.match(/<\/(ul|ol)><(ul|ol)/g)).toBeNull();
  if (text.startsWith("1.")) expect(shown).toContain('value="30"');
});

test("a long table is one table, with one head", () => {
  const rows = Array.from({ length: 60 }, (_, n) => `| ${n} | ${WORDS} |\n`).join("");
  const shown = html(`| n | what |\n| - | - |\n${rows}`);
  expect(partsOf(`| n | what |\n| - | - |\n${rows}`)?.texts.length).toBeGreaterThan(5);
  expect(shown.match(/<table/g)).toHaveLength(1);
  expect(shown.match(/<thead/g)).toHaveLength(1);
  expect(shown.match(/<tr/g)).toHaveLength(61);
});

test("code in a list is not cut, and what is no list after all is shown whole", () => {
  const code = `- a\n  \`\`\`\n${"- x = 1\n".repeat(400)}  \`\`\`\n- b\n`;
  expect(partsOf(code)?.texts).toHaveLength(2);
  const mixed = `${items(() => "-")}\nA paragraph.\n\n${items(() => "-")}`;
  expect(html(mixed)).toContain("A paragraph.");
});

test("parts before the last never change when text is added", () => {
  const text = items(() => "-");
  fc.assert(
    fc.property(fc.nat(text.length), fc.nat(text.length), (one, other) => {
      const [short, long] = one < other ? [one, other] : [other, one];
      const whole = partsOf(text.slice(0, short))?.texts.slice(0, -1) ?? [];
      expect((partsOf(text.slice(0, long))?.texts ?? []).slice(0, whole.length)).toEqual(whole);
    }),
  );
});
