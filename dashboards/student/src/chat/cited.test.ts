import type { Citation } from "@medai/client";
import { expect, test } from "vitest";
import { citedIn } from "./cited.ts";

const citation = (n: number): Citation => ({
  n,
  document_id: "018f",
  title: "Heart",
  page: 1,
  start: 0,
  end: 9,
  score: 0.5,
});

test("only what the text names is a source of it", () => {
  const all = [1, 2, 3, 4].map(citation);
  const named = (text: string) => citedIn(text, all).map(({ n }) => n);
  expect(named("Preload rises [1]. Then it falls [2, 4].")).toEqual([1, 2, 4]);
  expect(named("See [this](x), a[0] and [9].")).toEqual([]);
  expect(named("")).toEqual([]);
  expect(named("`a[1]`, $\\sqrt[3]{x}$, x[2], [1](y), [3, 4] mmol/L\n```\n[4]\n```\nrises [2].")).toEqual([
    2,
  ]);
});
