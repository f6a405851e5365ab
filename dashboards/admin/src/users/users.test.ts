import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { ROLES, withinReach } from "./rules.ts";
import { search } from "./search.ts";

const rust = (path: string) =>
  readFileSync(fileURLToPath(new URL(`../../../../${path}`, import.meta.url)), "utf8");

test("an address gives the filters that can be", () => {
  expect(search({ q: " ada ", plan: "pro", status: "locked" })).toEqual({
    q: "ada",
    plan: "pro",
    status: "locked",
  });
  expect(search({ q: 2026, plan: "gold", status: 1, other: "x" })).toEqual({
    q: "2026",
    plan: undefined,
    status: undefined,
  });
});

test("nobody reaches an account above their own", () => {
  for (const mine of ROLES) {
    expect(withinReach(mine, null)).toBe(true);
    expect(withinReach(mine, mine)).toBe(true);
  }
  expect(withinReach("support", "admin")).toBe(false);
  expect(withinReach("admin", "super_admin")).toBe(false);
  expect(withinReach("super_admin", "admin")).toBe(true);
});

test("roles stand in the API’s order", () => {
  const [, body] = /pub enum Role \{([^}]+)\}/.exec(rust("domain/src/users/mod.rs")) ?? [];
  const theirs = [...(body ?? "").matchAll(/^\s+(\w+),/gm)].map(([, name]) =>
    name?.replace(/(?<!^)([A-Z])/g, "_$1").toLowerCase(),
  );
  expect([...ROLES]).toEqual(theirs);
});
