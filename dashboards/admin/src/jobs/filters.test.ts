import fc from "fast-check";
import { expect, test } from "vitest";
import { changed, described, isFiltered, queryOf, STATES, search } from "./filters.ts";

const USER = "01a20e39-173a-7227-a686-af089215da1b";

test("an address holds filters, and what is none is left out", () => {
  const found = search({ state: "running", queue: " chat ", name: "", user: USER, q: 503, more: true });
  expect(found).toEqual({ state: "running", queue: "chat", user: USER, q: "503" });
  expect(search({ state: "sleeping", user: "me", q: null, queue: ["chat"] })).toEqual({});
});

test("what becomes empty is gone from the address", () => {
  expect(changed({ queue: "chat", q: "503" }, { q: "", state: "ready" })).toEqual({
    queue: "chat",
    state: "ready",
  });
  expect(isFiltered({ queue: undefined, q: "  " })).toBe(false);
  expect(isFiltered({ state: "done" })).toBe(true);
});

test("any address gives filters that give themselves again", () => {
  const value = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom(...STATES.map(([state]) => state), USER),
  );
  const keys = fc.constantFrom("state", "queue", "name", "user", "q", "x");
  fc.assert(
    fc.property(fc.dictionary(keys, value), (given) => {
      const once = search(given);
      expect(search({ ...once })).toEqual(once);
    }),
  );
});

test("filters can be said in a sentence", () => {
  expect(described({})).toBe("jobs");
  expect(described({ name: "probe_key", state: "failed", queue: "probe", q: "503" })).toBe(
    "probe_key jobs that are failed in probe that fit “503”",
  );
});

test("housekeeping is left out until it is asked for, and failed is more than a state", () => {
  expect(queryOf({})).toEqual({ asked_for: true });
  expect(queryOf({ state: "failed" })).toEqual({ failed: true, asked_for: true });
  expect(queryOf({ state: "done", all: true })).toEqual({ state: "done" });
  expect(queryOf({ queue: "maintenance" })).toEqual({ queue: "maintenance" });
});
