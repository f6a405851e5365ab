import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { check, draftOf, effect, isSet, type Limits } from "./limits.ts";
import { label, STUDENT_FEATURES } from "./names.ts";

const rust = (path: string) =>
  readFileSync(fileURLToPath(new URL(`../../../../${path}`, import.meta.url)), "utf8");
const limit = fc.integer({ min: 0, max: 1_000_000 });
const plans = fc
  .record({ free: limit, student: limit, pro: limit }, { requiredKeys: [] })
  .filter((each) => Object.keys(each).length > 0);

test("what is set comes back from the form as it was", () => {
  fc.assert(
    fc.property(fc.oneof(fc.constant(null), limit, plans), (limits) => {
      expect(check(draftOf(limits as Limits))).toEqual({ limits });
    }),
  );
});

test("what is no number of uses is named by its plan", () => {
  const each = { free: "-1", student: "1.5", pro: "1000001" };
  const answer = check({ mode: "each", every: "", each });
  expect("problems" in answer && Object.keys(answer.problems)).toEqual(["free", "student", "pro"]);
  expect(check({ mode: "every", every: " ", each })).toEqual({ problems: { every: "is missing" } });
});

test("no number for any plan is as the plans say", () => {
  expect(check({ mode: "each", every: "7", each: { free: "", student: " ", pro: "" } })).toEqual({
    limits: null,
  });
});

test("a number for one plan leaves the others alone", () => {
  const limits = { free: 3 } as Limits;
  expect([isSet(limits, "free"), isSet(limits, "pro"), isSet(5, "pro"), isSet(null, "pro")]).toEqual([
    true,
    false,
    true,
    false,
  ]);
});

test("what is off is said in the API’s words", () => {
  const words = effect({ enabled: false, level: "none", status: "disabled" }, label("mcq"));
  expect(words).toContain("The MCQ feature is switched off at the moment.");
  expect(rust("api/src/error.rs")).toContain("The {} feature is switched off at the moment.");
  expect(effect({ enabled: true, level: "soft", status: "maintenance" }, "MCQ")).toContain(
    "closed for maintenance",
  );
});

test("the features are the API’s, and so are their names in sentences", () => {
  const source = rust("domain/src/feature.rs");
  const [, list] = /STUDENT: \[Self; 11\] = \[([^\]]+)\]/.exec(source) ?? [];
  const theirs = [...(list ?? "").matchAll(/Self::(\w+)/g)].map(([, name]) => name?.toLowerCase());
  expect([...STUDENT_FEATURES]).toEqual(theirs);
  for (const [, variant, text] of source.matchAll(/Self::(\w+) => "([A-Z]+)"/g))
    expect(label(variant?.toLowerCase() as "mcq")).toBe(text);
});
