import { expect, test } from "vitest";
import { dayOf, given, oneOf, words } from "./params.ts";

test("what the router took for a number is a text again", () => {
  expect(words(42)).toBe("42");
  expect(words(true)).toBe("true");
  expect(words("  ada ")).toBe("ada");
  for (const nothing of [undefined, null, "", "  ", {}, []]) expect(words(nothing)).toBeUndefined();
  expect(words("x".repeat(500))).toHaveLength(200);
});

test("only what can be is taken from an address", () => {
  expect(oneOf(["free", "pro"], "pro")).toBe("pro");
  expect(oneOf(["free", "pro"], "gold")).toBeUndefined();
  expect(oneOf(["free", "pro"], ["free"])).toBeUndefined();
  expect(dayOf("2026-11-24")).toBe("2026-11-24");
  for (const wrong of ["2026-13-01", "2026-11-24T00:00", "yesterday", 2026])
    expect(dayOf(wrong)).toBeUndefined();
});

test("what is undefined is left out, and null stays", () => {
  expect(Object.keys(given({ a: undefined, b: null, c: 0 }))).toEqual(["b", "c"]);
});
