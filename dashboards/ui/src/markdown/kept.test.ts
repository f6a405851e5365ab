import { expect, test } from "vitest";
import { Kept } from "./kept.ts";
import { safeUrl } from "./url.ts";

test("what is asked for again is not made again, and what is oldest goes first", () => {
  const made: string[] = [];
  const kept = new Kept<string>(6);
  const get = (text: string) =>
    kept.get(text, (text) => {
      made.push(text);
      return text.toUpperCase();
    });
  for (const text of ["aa", "bb", "aa", "cc", "dd", "aa", "bb"]) expect(get(text)).toBe(text.toUpperCase());
  expect(made).toEqual(["aa", "bb", "cc", "dd", "bb"]);
  // Longer than all that may be kept, and still there.
  expect(get("long enough")).toBe("LONG ENOUGH");
  expect(get("long enough")).toBe("LONG ENOUGH");
  expect(made.filter((text) => text === "long enough")).toHaveLength(1);
});

test.each([
  ["https://a.test/x", true],
  ["mailto:ada@example.org", true],
  ["javascript:alert(1)", false],
  ["JAVASCRIPT:alert(1)", false],
  ["data:text/html,x", false],
  ["//a.test", false],
  ["/api/auth/logout", false],
  ["#x", false],
  [undefined, false],
])("%j as an address: %s", (url, safe) => expect(safeUrl(url)).toBe(safe ? url : undefined));
