import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blocksOf, growingBlocks } from "./blocks.ts";

const PIECES = [
  "word",
  " ",
  "\n",
  "\n\n",
  "- a",
  "1. b",
  "1",
  "```",
  "~~~",
  "$$",
  "| a | b |",
  "> q",
  "  c",
  "# h",
  "$",
  "`",
];
const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join(""));

describe("blocks", () => {
  test("are the text when joined", () => {
    fc.assert(
      fc.property(text, (text) => {
        expect(blocksOf(text).join("")).toBe(text);
      }),
    );
  });

  test("before the last never change when text is added", () => {
    fc.assert(
      fc.property(text, text, (before, more) => {
        const whole = blocksOf(before).slice(0, -1);
        expect(blocksOf(before + more).slice(0, whole.length)).toEqual(whole);
      }),
    );
  });

  test("of a text that grows are those of the whole", () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 6 }), (pieces) => {
        const grow = growingBlocks();
        let whole = "";
        for (const piece of pieces) {
          whole += piece;
          expect(grow(whole)).toEqual(blocksOf(whole));
        }
        expect(grow("else")).toEqual(["else"]);
      }),
    );
  });

  test("keep lists, code and formulas in one piece", () => {
    expect(blocksOf("a\n\n- b\n\n- c\n\nd")).toEqual(["a\n\n", "- b\n\n- c\n\n", "d"]);
    expect(blocksOf("a:\n- b\n- c")).toEqual(["a:\n", "- b\n- c"]);
    expect(blocksOf("```\na\n\nb\n```\n\nc")).toEqual(["```\na\n\nb\n```\n\n", "c"]);
    expect(blocksOf("\\[ a\n\nb \\]\n\nc")).toEqual(["\\[ a\n\nb \\]\n\n", "c"]);
    expect(blocksOf("$$\na\n\nb\n$$\n\nc")).toEqual(["$$\na\n\nb\n$$\n\n", "c"]);
  });
});
