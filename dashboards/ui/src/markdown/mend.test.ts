import fc from "fast-check";
import { expect, test } from "vitest";
import { mend } from "./mend.ts";

test.each([
  ["**bo", "**bo**"],
  ["**bold** and *it", "**bold** and *it*"],
  ["**bold *", "**bold** "],
  ["see `co", "see `co`"],
  ["a `b*` c", "a `b*` c"],
  ["**a ", "**a** "],
  ["* one\n* tw", "* one\n* tw"],
  ["~~gone", "~~gone~~"],
])("%j shows as %j", (half, whole) => expect(mend(half)).toBe(whole));

test("a table shows once its head is whole", () => {
  expect(mend("Text\n| a | b |\n| -")).toBe("Text");
  expect(mend("| a | b |\n| - | - |\n| 1 | 2")).toBe("| a | b |\n| - | - |");
});

test("code is left alone", () => {
  expect(mend("```\n**a")).toBe("```\n**a");
});

const PIECES = [
  "a",
  "1",
  " ",
  "\n",
  "\n\n",
  "*",
  "**",
  "_",
  "~~",
  "`",
  "```",
  "$",
  "$$",
  "\\(",
  "[",
  "](",
  "<b>",
  "</",
  "&",
  "|",
  "- ",
  "> ",
];

test("a mended text is the beginning of the text, and marks that close it", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }), (pieces) => {
      const text = pieces.join("");
      const mended = mend(text);
      let same = 0;
      while (same < mended.length && mended[same] === text[same]) same += 1;
      const ends = Array.from({ length: same + 1 }, (_, at) => mended.slice(at));
      expect(ends.some((end) => /^(?:[*_~`]|<\/[a-z]+>)*\s*$/.test(end))).toBe(true);
    }),
    { numRuns: 500 },
  );
});
