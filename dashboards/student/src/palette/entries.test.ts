import { expect, test } from "vitest";
import { commandText, type Entry, type Group, matching, queryOf } from "./entries.ts";

const entry = (group: Group, label: string, also?: string): Entry => ({
  id: label,
  group,
  label,
  ...(also && { also }),
  run: () => undefined,
});

const ALL = [
  entry("Do", "New question"),
  entry("Do", "Dark theme", "appearance night"),
  entry("Go to", "Documents", "PDFs"),
  entry("Commands", "/mcq", "Multiple-choice questions"),
  entry("Conversations", "What does a larger preload do to the stroke volume?"),
  entry("Conversations", "Über die Nieren"),
  entry("Documents", "Guyton, Physiology"),
];

const found = (typed: string) =>
  matching(ALL, typed).flatMap(([, entries]) => entries.map(({ label }) => label));

test("what is typed is found by its beginnings, by letters that are left out, and whatever its accents", () => {
  expect(found("doc")[0]).toBe("Documents");
  expect(found("night")).toEqual(["Dark theme"]);
  expect(found("strke vol")[0]).toBe("What does a larger preload do to the stroke volume?");
  expect(found("uber")[0]).toBe("Über die Nieren");
  expect(found("pdf")[0]).toBe("Documents");
  expect(found("/mcq")[0]).toBe("/mcq");
  expect(found("zzxqj")).toEqual([]);
});

test("before anything is typed there is what can be done, and no wall of documents", () => {
  const groups = matching(ALL, " ").map(([group]) => group);
  expect(groups).toEqual(["Do", "Go to", "Commands", "Conversations"]);
  const many = Array.from({ length: 40 }, (_, at) => entry("Conversations", `Conversation ${at}`));
  expect(matching(many, "")[0]?.[1]).toHaveLength(5);
  expect(matching(many, "conversation")[0]?.[1]).toHaveLength(8);
});

test("a command is looked for by its name, and takes its topic along", () => {
  expect(queryOf("/mcq heart failure")).toBe("/mcq");
  expect(queryOf("heart /mcq")).toBe("heart /mcq");
  expect(commandText("mcq", "/mc heart failure")).toBe("/mcq heart failure");
  expect(commandText("mcq", "mcq")).toBe("/mcq ");
});
