import fc from "fast-check";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, expect, test } from "vitest";
import { loadKatex } from "./formula.tsx";
import { formulasIn, hasFormula } from "./formulas.ts";
import { Markdown } from "./markdown.tsx";

beforeAll(loadKatex);

/** As an answer is shown. */
const shown = (text: string) =>
  renderToStaticMarkup(createElement(Markdown, { text, cited: new Set([1]), onCite: () => undefined }));

/** A text with its formulas in angle brackets, twice if they are displayed. */
const formulas = (written: string) => {
  const { text, formulas } = formulasIn(written);
  return text.replace(/\uE07C(\d+)\uE07D/g, (_, n: string) => {
    const { tex, display } = formulas[Number(n)] ?? { tex: "?" };
    return display ? `⟪${tex}⟫` : `⟨${tex}⟩`;
  });
};

/** The formulas of what is shown, as KaTeX read them. */
const read = (html: string) =>
  [...html.matchAll(/<annotation[^>]*>([^<]*)</g)].map(([, formula = ""]) =>
    formula.replaceAll("&gt;", ">").replaceAll("&lt;", "<").replaceAll("&amp;", "&").trim(),
  );

const cells = (html: string) => html.match(/<td[ >]/g)?.length;

test.each([
  [String.raw`\(x^2\)`, "⟨x^2⟩"],
  ["$CO = HR \\times SV$", "⟨CO = HR \\times SV⟩"],
  ["costs $5 and $10", "costs $5 and $10"],
  ["from $5, or 5$ more", "from $5, or 5$ more"],
  ["$5 \\times 3$ and $2$", "⟨5 \\times 3⟩ and ⟨2⟩"],
  ["`$a$` and $b$", "`$a$` and ⟨b⟩"],
  ["$$\nx\n$$", "⟪x⟫"],
  ["so $$x$$ is", "so ⟪x⟫ is"],
  ["$$ x = 1\n\n+ 2 $$ is", "⟪x = 1\n\n+ 2⟫ is"],
  ["> $$\n> x\n> $$", "> ⟪x⟫"],
  ["with \\ce{SO4^2-} and \\pu{5 mmol//L}", "with ⟨\\ce{SO4^2-}⟩ and ⟨\\pu{5 mmol//L}⟩"],
  ["$20% + 5\\%$", "⟨20\\% + 5\\%⟩"],
  ["an open $x", "an open $x"],
  ["a fee of $5, and $x$ too", "a fee of $5, and ⟨x⟩ too"],
  // Escaped brackets stay brackets.
  [String.raw`It rises \[1\].`, String.raw`It rises \[1\].`],
  [String.raw`\[2, 3\]`, String.raw`\[2, 3\]`],
  [String.raw`quoted \[sic\] and \(see page 5 below\)`, String.raw`quoted \[sic\] and \(see page 5 below\)`],
  [String.raw`in \[0.5, 1.5\] of`, String.raw`in \[0.5, 1.5\] of`],
  // A backslash takes the next sign along.
  [String.raw`\\[4pt] is no opener, nor \\(this`, String.raw`\\[4pt] is no opener, nor \\(this`],
])("%j becomes %j", (written, known) => expect(formulas(written)).toBe(known));

test("a displayed formula is a block, and has no empty lines around it", () => {
  const html = shown("so\n\\[x\\]\nit is $$y$$");
  expect(html.match(/class="formula"/g)).toHaveLength(2);
  expect(html).not.toContain("<br");
});

test("only what may hold a formula asks for KaTeX", () => {
  expect(hasFormula("preload")).toBe(false);
  expect(hasFormula("$x$")).toBe(true);
  expect(hasFormula("\\ce{H2O}")).toBe(true);
});

const ROWS = String.raw`\begin{aligned} a &= b \\[4pt] c &= d \end{aligned}`;

test.each([
  `$$\n${ROWS}\n$$`,
  `\\[\n${ROWS}\n\\]`,
  `\\[ ${ROWS} \\]`,
  `so $${ROWS}$ it is`,
  `so \\(${ROWS}\\) it is`,
])("a line break with a space in %j is part of the formula", (text) => {
  const html = shown(text);
  expect(read(html)).toEqual([ROWS]);
  expect(html).not.toContain("katex-error");
});

const table = (formula: string) =>
  `| Measure | Formula | With prevalence |\n| --- | --- | --- |\n| PPV | ${formula} | rises |`;

test.each([
  [
    String.raw`$P(D|T^{+}) = \frac{sens \cdot prev}{sens \cdot prev + (1-spec)(1-prev)}$`,
    String.raw`P(D|T^{+}) = \frac{sens \cdot prev}{sens \cdot prev + (1-spec)(1-prev)}`,
  ],
  [String.raw`\(P(D|T)\)`, "P(D|T)"],
  [String.raw`\[P(D|T)\]`, "P(D|T)"],
  [String.raw`$P(D\|T)$`, "P(D|T)"],
  ["$$|x|$$", "|x|"],
  [String.raw`$\left|\frac{a}{b}\right|$`, String.raw`\left|\frac{a}{b}\right|`],
])("the bar in %j is no border of a cell", (formula, right) => {
  const html = shown(table(formula));
  expect(cells(html)).toBe(3);
  expect(html).toContain(">rises</td>");
  expect(read(html)).toEqual([right]);
});

test("outside of a table two bars are a norm, and money in one is no formula", () => {
  expect(read(shown(String.raw`the norm $\|x\|$`))).toEqual([String.raw`\|x\|`]);
  const html = shown("| a | b |\n| - | - |\n| $5 | $6 |");
  expect(cells(html)).toBe(2);
  expect(read(html)).toEqual([]);
});

test("escaped brackets are citations as others are", () => {
  expect(shown(String.raw`It rises \[1\].`)).toContain('aria-label="Source 1"');
});

test("a formula is no larger than it looks", () => {
  const html = shown(String.raw`$\rule{900em}{900em}$ and $\href{https://a.test}{x}$ and $\def\a{\a\a}\a$`);
  const styles = [...html.matchAll(/style="([^"]*)"/g)].map(([, style]) => style).join(";");
  const sizes = [...styles.matchAll(/(\d+(?:\.\d+)?)em/g)].map(([, size]) => Number(size));
  expect(sizes.length).toBeGreaterThan(0);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
  expect(html).not.toContain('https://a.test"');
});

test("what is no formula keeps every sign", () => {
  const signs = fc.constantFrom("a", "1", " ", "[", "]", "(", ")", "|", "\n", ".", "`", "~");
  fc.assert(
    fc.property(fc.array(signs, { maxLength: 60 }), (signs) => {
      expect(formulas(signs.join(""))).toBe(signs.join(""));
    }),
  );
});
