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

test("a mended text is never longer by more than the marks that close it", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(mend(text).length).toBeLessThanOrEqual(text.length + 6);
    }),
  );
});
