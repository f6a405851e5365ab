import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { EVENTS, eventName, inOrder } from "./events.ts";
import { isEmail, isPhone, listed, plainPhone, wrongIn } from "./recipients.ts";
import { search } from "./search.ts";

test("recipients are one a line, once each", () => {
  expect(listed(" a@b.example \n\nc@d.example, a@b.example;")).toEqual(["a@b.example", "c@d.example"]);
  expect(listed(" \n ")).toEqual([]);
});

test("phones are international, however they are grouped", () => {
  expect(isPhone(plainPhone("+49 151 123-456 78"))).toBe(true);
  for (const wrong of ["0151123456", "+0151123456", "+49 151", "+49abc1234567"])
    expect(isPhone(plainPhone(wrong))).toBe(false);
});

test("what can’t be is named", () => {
  expect(wrongIn(["a@b.example", "nobody"], isEmail, 50)).toBe("has what can’t be: nobody");
  expect(wrongIn(["a@b.example", "c@d.example"], isEmail, 1)).toBe("has more than 1");
  expect(wrongIn([], isEmail, 1)).toBeUndefined();
});

test("each event of the API has words here", () => {
  const rust = readFileSync(
    fileURLToPath(new URL("../../../../jobs/src/admin_events/event.rs", import.meta.url)),
    "utf8",
  );
  const theirs = [...rust.matchAll(/^ {4}\w+ = "(\w+)", "/gm)].map(([, name]) => name);
  expect(theirs.length).toBeGreaterThan(10);
  expect(Object.keys(EVENTS).sort()).toEqual(theirs.sort());
  expect(eventName("not_known")).toBe("not known");
  expect(inOrder(["zzz", "key_added", "maintenance_entered"])).toEqual([
    "maintenance_entered",
    "key_added",
    "zzz",
  ]);
});

test("only states that there are come from the address", () => {
  expect(search({ state: "failed" })).toEqual({ state: "failed" });
  expect(search({ state: "lost" })).toEqual({ state: undefined });
});
