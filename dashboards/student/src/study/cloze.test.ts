import fc from "fast-check";
import { expect, test } from "vitest";
import { clozeMarkdown, leaveOut, nextNumber, noCloze, numbersIn, pieces, plainCloze } from "./cloze.ts";

test("numbers, hints and nested deletions are read", () => {
  const text = "{{c1::Preload}} is {{c2::{{c3::end-diastolic}} volume::which?}}";
  expect(numbersIn(text)).toEqual([1, 2, 3]);
  expect(plainCloze(text)).toBe("Preload is end-diastolic volume");
  expect(clozeMarkdown(text, 2, false)).toBe("Preload is <ins>[which?]</ins>");
  expect(clozeMarkdown(text, 2, true)).toBe("Preload is <ins>end-diastolic volume</ins>");
  expect(clozeMarkdown(text, 3, false)).toBe("Preload is <ins>[…]</ins> volume");
});

test("a gap in a formula is one of TeX", () => {
  expect(clozeMarkdown("$EDV - {{c1::ESV}}$", 1, false)).toBe("$EDV - \\boxed{\\ldots}$");
  expect(clozeMarkdown("$EDV - {{c1::ESV}}$", 1, true)).toBe("$EDV - \\boxed{ESV}$");
  expect(clozeMarkdown("\\(a\\) is {{c1::b}}", 1, false)).toBe("\\(a\\) is <ins>[…]</ins>");
  expect(clozeMarkdown("$${{c1::x::hint}}$$", 1, false)).toBe("$$\\boxed{\\text{hint}}$$");
  expect(clozeMarkdown("It costs $5 for {{c1::two}}", 1, false)).toBe("It costs $5 for <ins>[…]</ins>");
  // Whole formulas may be left out.
  expect(clozeMarkdown("is {{c1::$a$}} and", 1, true)).toBe("is <ins>$a$</ins> and");
});

test("a deletion of some lines keeps them", () => {
  expect(clozeMarkdown("{{c1::- a\n- b}}", 1, true)).toBe("- a\n- b");
});

test("what is no cloze says why", () => {
  expect(noCloze("nothing")).toBe("nothing");
  expect(noCloze("{{c1::a")).toBe("open");
  expect(noCloze("{{c1:: }}")).toBe("empty");
  expect(noCloze("{{c1::::hint}}")).toBe("empty");
  expect(noCloze("{{c0::a}}")).toBe("nothing");
  expect(noCloze("{{c1::a}}")).toBeUndefined();
  expect(clozeMarkdown("{{c1::a", 1, false)).toBe("{{c1::a");
});

test("what is selected is left out, on a new card or on the last one", () => {
  const once = leaveOut("The heart beats", 4, 9);
  expect(once.text).toBe("The {{c1::heart}} beats");
  expect(once.text.slice(once.from, once.to)).toBe("heart");
  expect(leaveOut(once.text, once.text.length - 5, once.text.length).text).toBe(
    "The {{c1::heart}} {{c2::beats}}",
  );
  expect(nextNumber(once.text, true)).toBe(1);
});

test("no text breaks it, and none of it is lost", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("{{c1::", "{{c2::", "}}", "::", "$", "\\(", "a", " ", "\n")),
      (parts) => {
        const text = parts.join("");
        const found = pieces(text);
        if (typeof found === "string") expect(clozeMarkdown(text, 1, false)).toBe(text);
        else if (numbersIn(text).length === 0) expect(plainCloze(text)).toBe(text);
        else expect(clozeMarkdown(text, 1, true)).not.toContain("{{c1::");
      },
    ),
  );
});
