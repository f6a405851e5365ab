import type { PlanView, Usage } from "@medai/client";
import { expect, test } from "vitest";
import { hasNone, inWords, uploadsOf } from "./allowed.ts";
import { planWith } from "./plans.ts";

const usage = (pdf: number | null, image: number | null) =>
  ({
    features: { pdf: { limit: pdf, used: 0, held: 0 }, image: { limit: image, used: 0, held: 0 } },
  }) as unknown as Usage;

const plans = [
  { plan: "free", tokens: 10_000, requests: 20, features: { pdf: 0, image: 0, mcq: 5, chat: null } },
  { plan: "student", tokens: 50_000, requests: 100, features: { pdf: 5, image: 10, mcq: 50, chat: null } },
  { plan: "pro", tokens: 200_000, requests: 500, features: { pdf: 50, image: 50, mcq: 200, chat: null } },
] as unknown as PlanView[];
const without = plans.map((each) => ({ ...each, features: { ...each.features, pdf: 0 } }));

test("nobody is invited to what their plan has none of", () => {
  expect(uploadsOf(usage(0, 0), plans)).toMatchObject({
    none: true,
    words: "PDFs and images come with the Student plan.",
  });
  expect(uploadsOf(usage(0, 10), plans).label).toBe("Add images");
  expect(uploadsOf(usage(5, 0), plans).label).toBe("Add PDFs");
  expect(uploadsOf(usage(5, 10), plans).label).toBe("Add PDFs or images");
});

test("no limit, and a plan that is not known yet, are not none", () => {
  expect(hasNone(usage(null, null), "pdf")).toBe(false);
  expect(hasNone(undefined, "pdf")).toBe(false);
});

test("what is not in a plan says where it is", () => {
  expect(inWords("image", plans)).toBe("Images come with the Student plan.");
  expect(inWords("pdf", without)).toBe("PDFs are in no plan at the moment.");
  expect(inWords("pdf", undefined)).toBe("PDFs are not in your plan.");
});

test("the first plan that has something is named", () => {
  expect(["pdf", "tokens", "chat"].map((what) => planWith(plans, what))).toEqual(["student", "free", "free"]);
  expect([planWith(without, "pdf"), planWith(undefined, "pdf")]).toEqual([undefined, undefined]);
});
