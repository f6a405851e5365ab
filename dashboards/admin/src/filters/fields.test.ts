import { expect, test } from "vitest";
import { search as audit } from "../audit/search.ts";
import { search as jobs, readFilter } from "../jobs/filters.ts";
import { search as users } from "../users/search.ts";
import { fieldsOf, same, summary } from "./fields.ts";

test("a filter that is kept is the same when it is applied", () => {
  const job = jobs({ state: "failed", queue: "chat", q: "401", all: true });
  expect(readFilter(fieldsOf(job))).toEqual(job);
  const user = users({ q: "ada", plan: "pro" });
  expect(users(fieldsOf(user))).toEqual(user);
  const entries = audit({ action: "sign_in", from: "2026-11-24" });
  expect(audit(fieldsOf(entries))).toEqual(entries);
});

test("only what says something is kept", () => {
  expect(fieldsOf({ q: undefined, plan: "pro", name: "", all: false })).toEqual({ plan: "pro" });
  expect(summary({ plan: "pro", q: "ada" })).toBe("plan: pro, q: ada");
  expect(summary({})).toBe("everything");
});

test("filters are the same whatever the order of their fields", () => {
  expect(same({ a: "1", b: "2" }, { b: "2", a: "1" })).toBe(true);
  expect(same({ a: "1" }, { a: "1", b: "2" })).toBe(false);
  expect(same({}, {})).toBe(true);
});
