import { expect, test } from "vitest";
import { queryOf, search } from "./search.ts";

test("what is open is shown, unless the address says otherwise", () => {
  expect(queryOf(search({}))).toEqual({ state: "open" });
  expect(queryOf(search({ state: "handled", kind: "unsafe" }))).toEqual({ state: "handled", kind: "unsafe" });
  expect(queryOf(search({ state: "all" }))).toEqual({});
  expect(queryOf(search({ state: "lost", kind: 7 }))).toEqual({ state: "open" });
});
