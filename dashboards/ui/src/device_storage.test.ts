import { afterEach, expect, test, vi } from "vitest";
import { keep, kept } from "./device_storage.ts";

afterEach(() => vi.unstubAllGlobals());

test("what is kept is there again, until it is forgotten", () => {
  const stored = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  });
  keep("theme", "dark");
  expect(kept("theme")).toBe("dark");
  keep("theme", null);
  expect(kept("theme")).toBeNull();
});

test("where storage is forbidden, nothing is kept and nothing breaks", () => {
  const forbidden = () => {
    throw new DOMException("denied", "SecurityError");
  };
  vi.stubGlobal("localStorage", { getItem: forbidden, setItem: forbidden, removeItem: forbidden });
  expect(() => keep("theme", "dark")).not.toThrow();
  expect(() => keep("theme", null)).not.toThrow();
  expect(kept("theme")).toBeNull();
});
