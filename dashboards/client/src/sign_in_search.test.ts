import { expect, test } from "vitest";
import { signInFirst, signInSearch } from "./sign_in_search.ts";

test("who signs in goes on where they wanted to", () => {
  expect(signInSearch({ ...signInFirst("/chat/7?at=3#m4") })).toEqual({ next: "/chat/7?at=3#m4" });
  expect(signInFirst("/").next).toBeUndefined();
});

test("a link to the page to sign in leads to no other site", () => {
  const others = [
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "evil.example",
    "",
  ];
  for (const next of [...others, 7, null, undefined, ["/chat"], { href: "/" }])
    expect(signInSearch({ next }).next, String(next)).toBeUndefined();
});

test("that the session has ended is said by the app only, and by nothing that looks like it", () => {
  expect(signInSearch({ ended: true }).ended).toBe(true);
  for (const ended of ["true", 1, false, undefined]) expect(signInSearch({ ended }).ended).toBeUndefined();
});
