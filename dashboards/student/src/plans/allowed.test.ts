import type { Usage } from "@medai/client";
import { expect, test } from "vitest";
import { hasNone, inWords, uploadsOf } from "./allowed.ts";
import { planWith } from "./plans.ts";

const usage = (pdf: number | null, image: number | null) =>
  ({
    features: { pdf: { limit: pdf, used: 0, held: 0 }, image: { limit: image, used: 0, held: 0 } },
  }) as unknown as Usage;

test("nobody is invited to what their plan has none of", () => {
  expect(uploadsOf(usage(0, 0))).toMatchObject({
    none: true,
    words: "PDFs and images come with the Student plan.",
  });
  expect(uploadsOf(usage(0, 10)).label).toBe("Add images");
  expect(uploadsOf(usage(5, 0)).label).toBe("Add PDFs");
  expect(uploadsOf(usage(5, 10)).label).toBe("Add PDFs or images");
});

test("no limit, and a plan that is not known yet, are not none", () => {
  expect(hasNone(usage(null, null), "pdf")).toBe(false);
  expect(hasNone(undefined, "pdf")).toBe(false);
});

test("what is not in a plan says where it is", () => {
  expect(inWords("image")).toBe("Images come with the Student plan.");
});

test("the first plan that has something is named", () => {
  expect([planWith("pdf"), planWith("tokens"), planWith("osce")]).toEqual(["student", "free", undefined]);
});
