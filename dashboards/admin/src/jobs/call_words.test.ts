import { expect, test } from "vitest";
import { keyName, outcome, price, tokens, tone } from "./call_words.ts";

const key = { id: "k", name: null, key_masked: "…4444" };

test("a key is named as it is known, and a student’s own is not", () => {
  expect(keyName({ key })).toBe("…4444");
  expect(keyName({ key: { ...key, name: "Ours" } })).toBe("Ours (…4444)");
  expect(keyName({ key: { ...key, key_masked: null } })).toBe("a deleted key");
  expect(keyName({ key: null })).toBe("the student’s own key");
});

test("how it came out is told in words", () => {
  expect([outcome("ok"), outcome("cancelled"), outcome("quota")]).toEqual([
    "Answered",
    "Stopped",
    "Quota used up",
  ]);
  expect([tone("ok"), tone("cancelled"), tone("quota")]).toEqual(["good", "neutral", "bad"]);
});

test("what it used is told, and whether that is known or estimated", () => {
  expect(tokens({ prompt_tokens: 1812, completion_tokens: 240, tokens_exact: true })).toBe("1,812 + 240");
  expect(tokens({ prompt_tokens: 10, completion_tokens: 2, tokens_exact: false })).toBe("about 10 + 2");
  expect(tokens({ prompt_tokens: 0, completion_tokens: 0, tokens_exact: false })).toBe("–");
  expect(price({ key, cost: 0.000_123 })).toBe("$0.000123");
  expect(price({ key, cost: null })).toBe("not known");
  expect(price({ key: null, cost: null })).toBe("–");
});
