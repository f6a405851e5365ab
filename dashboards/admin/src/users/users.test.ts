import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { DAY, PLANS } from "./plans.ts";
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

test("the limits of a day are the API’s", () => {
  const source = rust("domain/src/quota/mod.rs");
  for (const plan of PLANS) {
    const name = plan.charAt(0).toUpperCase() + plan.slice(1);
    const [, tokens, requests] =
      new RegExp(`Plan::${name} => Self::new\\(([\\d_]+), ([\\d_]+)`).exec(source) ?? [];
    const theirs = tokens && requests ? { tokens: number(tokens), requests: number(requests) } : null;
    expect(DAY[plan], plan).toEqual(theirs);
  }
});

const number = (text: string) => Number(text.replaceAll("_", ""));
