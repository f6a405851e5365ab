import { expect, test } from "vitest";
import { commandOf, lacking, matching } from "./commands.ts";

test("a command needs its topic, and the words say so", () => {
  expect(lacking("/mcq")).toBe("/mcq needs a topic, for example: /mcq acid–base balance");
  expect(lacking("  /MCQ  \n ")).toContain("/mcq needs a topic");
  expect(lacking("/mcq heart failure")).toBeUndefined();
  expect(commandOf("/mcq heart failure")?.topic).toBe("heart failure");
});

test("a command that nobody knows is told before it is sent", () => {
  expect(lacking("/quiz heart")).toContain("There is no command /quiz.");
  expect(lacking("/")).toContain("There is no command");
});

test("a question is no command, whatever slashes are in it", () => {
  expect(lacking("What is 5 mg/kg?")).toBeUndefined();
  expect(lacking("and/or")).toBeUndefined();
});

test("what is being typed has its commands", () => {
  expect(matching("/h").map(({ name }) => name)).toEqual(["highyield"]);
  expect(matching("/mcq ")).toEqual([]);
});
