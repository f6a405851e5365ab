import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { languageOf } from "./language.ts";
import { Markdown } from "./markdown.tsx";

const html = (text: string) => renderToStaticMarkup(createElement(Markdown, { text }));

test("each block is read its own way, and what holds blocks as its first word is", () => {
  expect(html("Preload.\n\nالحمل القبلي")).toBe(
    '<div class="prose"><p dir="auto">Preload.</p><p dir="auto">الحمل القبلي</p></div>',
  );
  expect(html("- `ACE` مثبط\n- one")).toMatch(/<ul dir="rtl">\s*<li dir="rtl".*<li dir="ltr">one/s);
  expect(html("> **ציטוט**\n")).toMatch(/<blockquote dir="rtl">\s*<p dir="auto" lang="he">/);
  expect(html("| القياس | b |\n|-|-|\n| c | د |")).toMatch(/<table dir="rtl">.*<td dir="auto">c/s);
});

test("code and formulas run from the left, whatever is around them", () => {
  const page = html("ثم `a b` و $x$\n\n```\nمرحبا\n```");
  expect(page).toContain('<code dir="ltr">a b</code>');
  expect(page).toContain('<span dir="ltr">x</span>');
  expect(page).toContain('<div class="code-block" dir="ltr">');
});

test.each([
  ["Preload is the stretch", undefined],
  ["Die Vorlast ist größer", undefined],
  ["the α-blocker and β₂", undefined],
  ["Η προφόρτιση είναι η διάταση", "el"],
  ["עומס מקדים הוא מתיחת", "he"],
  ["الجرعة خمسة", "ar"],
  // Persian, and what may be any language of its script.
  ["دوز پنج میلی‌گرم", undefined],
  ["مرحبا بكم", undefined],
  ["प्रीलोड खिंचाव है", "hi"],
  ["पूर्वभार आहे", undefined],
  ["前负荷是心室舒张末期的牵张", "zh"],
  ["重点", undefined],
  ["前負荷とは拡張末期", "ja"],
  ["전부하는 확장기말", "ko"],
  ["พรีโหลดคือการยืด", "th"],
  ["доза 5 мг", undefined],
  ["120/80", undefined],
])("of %j the language is %s", (words, language) => expect(languageOf(words)).toBe(language));
