import { expect, test } from "vitest";
import { BLANK, bodyOf, changesOf, formOf, problemsOf } from "./form.ts";
import type { KeyView } from "./keys.ts";

const key: KeyView = {
  id: "k",
  provider: "gemini",
  feature: "chat",
  key_masked: "…4444",
  priority: 5,
  status: "active",
  failure_count: 0,
  limits: { rpm: 15, rpd: null, tpm: null },
  day_ends_at: "2026-11-25T08:00:00Z",
  day_zone: "America/Los_Angeles",
  last_failures: [],
  learnt: [],
  refusals: 0,
  history: [],
  created_at: "2026-11-24T12:00:00Z",
  model: "flash",
  price_per_million: { prompt: 0.3, completion: 2.5 },
};

test("what is empty is not sent", () => {
  expect(bodyOf({ ...BLANK, key: " sk-1234 \n" })).toEqual({
    provider: "gemini",
    feature: "*",
    priority: 0,
    key: "sk-1234",
  });
});

test("limits and prices are sent as numbers", () => {
  const body = bodyOf({ ...BLANK, rpm: "15", prompt: "0.3", completion: "2.5", skip_test: true });
  expect(body.limits).toEqual({ rpm: 15, rpd: null, tpm: null });
  expect(body.price_per_million).toEqual({ prompt: 0.3, completion: 2.5 });
  expect(body.skip_test).toBe(true);
});

test("a form that was only looked at changes nothing", () => {
  expect(changesOf(key, formOf(key))).toEqual({});
});

test("what is emptied is taken away", () => {
  const form = { ...formOf(key), model: " ", rpm: "", prompt: "", completion: "", priority: "7" };
  expect(changesOf(key, form)).toEqual({
    model: null,
    limits: { rpm: null, rpd: null, tpm: null },
    price_per_million: null,
    priority: 7,
  });
});

test("half a price is none, and is said to be", () => {
  expect(problemsOf(BLANK)).toEqual({});
  expect(Object.keys(problemsOf({ ...BLANK, prompt: "1" }))).toEqual(["completion"]);
  expect(Object.keys(problemsOf({ ...BLANK, priority: "1.5", rpm: "0", tpm: "x" }))).toEqual([
    "priority",
    "rpm",
    "tpm",
  ]);
});
