import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, describe, expect, test } from "vitest";
import { answersOf, formulasSeen, signsOf, signsSeen } from "./corpus/signs.mjs";
import { loadKatex } from "./formula.tsx";
import { Markdown } from "./markdown.tsx";

const FILES = import.meta.glob<string>("./corpus/*.md", { query: "?raw", import: "default", eager: true });
const ANSWERS = Object.entries(FILES).flatMap(([path, file]) =>
  answersOf(file).map((answer, at) => [`${path.slice(9, -3)} ${at + 1}`, answer] as const),
);

/** In these, what looks like markup is never closed: of it, only the digits are sure from the start. */
const OPEN = new Set(["markup 6", "notes 6"]);

beforeAll(loadKatex);

const html = (text: string, streaming = false) =>
  renderToStaticMarkup(createElement(Markdown, { text, streaming }));

const digits = (text: string) => text.replace(/[^\p{Nd}%]/gu, "");

test("the corpus has a hundred answers", () => expect(ANSWERS.length).toBeGreaterThanOrEqual(100));

describe.each(ANSWERS)("%s", (name, answer) => {
  test("shows every sign of its source, and no other", () => {
    expect(signsSeen(html(answer))).toBe(signsOf(answer));
  });

  test("draws every digit of its formulas", () => {
    for (const { tex, drawn, error } of formulasSeen(html(answer))) {
      expect(error, tex).toBe(false);
      const lost = [...digits(tex)].reduce((left, digit) => left.replace(digit, ""), digits(drawn));
      expect(digits(drawn).length - lost.length, tex).toBe(digits(tex).length);
      // Chemistry draws powers of ten for an e, and holds places open with what is not seen.
      if (!/\\(ce|pu)/.test(tex)) expect(lost, tex).toBe("");
    }
  });

  test("is written with nothing that is taken back", () => {
    const seen = (page: string) => (OPEN.has(name) ? digits(signsSeen(page)) : signsSeen(page));
    const whole = seen(html(answer));
    for (let end = 1; end < answer.length; end += 1 + (end % 5)) {
      const half = seen(html(answer.slice(0, end).replace(/[\ud800-\udbff]$/, ""), true));
      expect(whole.startsWith(half), `${answer.slice(0, end)}\n${half}`).toBe(true);
    }
  });
});
