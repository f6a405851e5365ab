import fc from "fast-check";
import { expect, test } from "vitest";
import { clozed, piecesOf } from "./cloze.ts";

test("gaps are open in front and filled behind", () => {
  const text = "The {{c1::left}} ventricle has the {{c2::thicker::how thick?}} wall.";
  expect(clozed(text, false)).toBe("The **[…]** ventricle has the **[how thick?]** wall.");
  expect(clozed(text, true)).toBe("The **left** ventricle has the **thicker** wall.");
});

test("a formula keeps its braces", () => {
  const text = "It is {{c1::$\\frac{SV}{EDV}$}} of it, or {{c2::$\\frac{a}{b}}}";
  expect(piecesOf(text)).toEqual([
    "It is ",
    { number: 1, hidden: "$\\frac{SV}{EDV}$", hint: undefined },
    " of it, or ",
    { number: 2, hidden: "$\\frac{a}{b}", hint: undefined },
  ]);
});

test("what is no gap stays as it is", () => {
  for (const text of ["", "no gap", "{{c1::open", "{{cx::a}}", "a }} b"])
    expect(clozed(text, true)).toBe(text);
});

test("no text breaks it", () => {
  const text = fc
    .array(fc.constantFrom("{{c1::", "}}", "{", "}", "::", "a", "$"))
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (text) => {
      expect(typeof clozed(text, false)).toBe("string");
    }),
  );
});
