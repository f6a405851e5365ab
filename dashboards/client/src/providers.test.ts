import { expect, test } from "vitest";
import { CHOICES, described, PROVIDERS, providerName } from "./providers.ts";

test("every provider is described once, and only those that people add keys of are offered", () => {
  const names = PROVIDERS.map((provider) => provider.name);
  expect(new Set(names).size).toBe(names.length);
  expect(CHOICES.map((provider) => provider.name)).toEqual(names.filter((name) => name !== "demo"));
  expect(CHOICES.length).toBeGreaterThan(2);
});

test("what is not known is shown as it is stored", () => {
  expect(providerName("openai")).toBe("OpenAI");
  expect(providerName("of_tomorrow")).toBe("of_tomorrow");
  expect(described("ollama")?.needs_key).toBe(false);
});
