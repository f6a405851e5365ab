import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { flanking } from "./flanking.ts";
import { Markdown } from "./markdown.tsx";

const shown = (text: string, streaming = false) =>
  renderToStaticMarkup(createElement(Markdown, { text, streaming }))
    .replaceAll(/<(?!\/?(?:strong|em|h\d|hr))[^>]+>/g, "")
    .replaceAll(/ (?:dir|lang)="[^"]*"/g, "");

test.each([
  [
    "**前负荷（preload）**是心室舒张末期的牵张。剂量为**5 mg。**每日。",
    "<strong>前负荷（preload）</strong>是心室舒张末期的牵张。剂量为<strong>5 mg。</strong>每日。",
  ],
  ["**Dose:**5 mg, **then**.", "<strong>Dose:</strong>5 mg, <strong>then</strong>."],
  ["**الجرعة:**5 mg", "<strong>الجرعة:</strong>5 mg"],
  ["**(الجرعة)**هي", "<strong>(الجرعة)</strong>هي"],
  ["约**±5%**的，是**（前）负荷**。", "约<strong>±5%</strong>的，是<strong>（前）负荷</strong>。"],
  ["这是*斜体。*后面，这是*斜体*后面", "这是<em>斜体。</em>后面，这是<em>斜体</em>后面"],
  ["**「薬」**と**“引”**の", "<strong>「薬」</strong>と<strong>“引”</strong>の"],
  ["***Dose:***5 mg", "<em><strong>Dose:</strong></em>5 mg"],
])("%s is emphasised where it was meant to be", (text, html) => {
  expect(shown(text)).toBe(html);
});

test.each(["x**(-1) and y**(2)", "HLA-B*57:01 and CYP2D6*4/*10", "2*3*4 and 2**3", "a * b ** c", "(5*3)*2"])(
  "%s is no emphasis",
  (text) => expect(shown(text)).toBe(text),
);

test("a half of it shows what the whole will", () => {
  const text = "**前负荷（preload）**是心室，**Dose:**5 mg **b**";
  const plain = (html: string) => html.replaceAll(/<[^>]+>/g, "");
  const whole = plain(shown(text));
  for (let end = 1; end < text.length; end += 1)
    expect(whole.startsWith(plain(shown(text.slice(0, end), true))), text.slice(0, end)).toBe(true);
});

test("elsewhere it is as CommonMark has it", () => {
  expect(flanking(2, " ", "a")).toEqual({ opens: true, closes: false });
  expect(flanking(2, "a", " ")).toEqual({ opens: false, closes: true });
  expect(flanking(2, "a", "b")).toEqual({ opens: true, closes: true });
  expect(flanking(2, "(", "b")).toEqual({ opens: true, closes: false });
  expect(flanking(2, "a", ")")).toEqual({ opens: false, closes: true });
  expect(flanking(2, "", "")).toEqual({ opens: false, closes: false });
  expect(flanking(1, ":", "5")).toEqual({ opens: true, closes: false });
});

test.each([
  ["The dose is 5 mg\n---\nNext", "The dose is 5 mg\n<hr/>\nNext"],
  ["5 mg\n-\n10 mg", "5 mg\n-\n10 mg"],
  ["5 mg\n=\n10 mg", "5 mg\n=\n10 mg"],
  ["5 mg\n--\n10 mg", "5 mg\n--\n10 mg"],
  ["A title\n=====\ntext", "<h1>A title</h1>\ntext"],
])("%j: no line makes a heading by a sign or a rule", (text, html) => expect(shown(text)).toBe(html));
