import { expect, test } from "vitest";
import { doubtOf, pageOf } from "./doubt.ts";

test("a page is called as it is printed", () => {
  expect(pageOf({ page: 36, label: "12" })).toBe("12 (36 of the file)");
  expect(pageOf({ page: 4, label: "iv" })).toBe("iv (4 of the file)");
  expect(pageOf({ page: 4, label: "4" })).toBe("4");
  expect(pageOf({ page: 4 })).toBe("4");
});

test("what may have been read wrong says why", () => {
  expect(doubtOf({})).toBeUndefined();
  expect(doubtOf({ check_original: false, recognised: true })).toBeUndefined();
  expect(doubtOf({ check_original: true })).toContain("could not be verified");
  expect(doubtOf({ check_original: true, recognised: true })).toContain("recognised text");
  expect(doubtOf({ check_original: true, changed: true })).toContain("read again");
});
