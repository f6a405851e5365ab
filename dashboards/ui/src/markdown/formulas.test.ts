import { expect, test } from "vitest";
import { formulas, hasFormula } from "./formulas.ts";

test.each([
  [String.raw`\(x^2\)`, "$x^2$"],
  ["$CO = HR \\times SV$", "$CO = HR \\times SV$"],
  ["costs $5 and $10", "costs \\$5 and \\$10"],
  ["`$a$` and $b$", "`$a$` and $b$"],
  ["$$\nx\n$$", "$$\nx\n$$"],
  ["an open $x", "an open \\$x"],
])("%j becomes %j", (written, known) => expect(formulas(written)).toBe(known));

test("a displayed formula stands on lines of its own", () => {
  expect(formulas(String.raw`so \[x\] it is`)).toBe("so \n$$\nx\n$$\n it is");
});

test("only what may hold a formula asks for KaTeX", () => {
  expect(hasFormula("preload")).toBe(false);
  expect(hasFormula("$x$")).toBe(true);
});
