import { expect, test, vi } from "vitest";
import { asKind, emptyNote, isEmpty, missingIn } from "./deck/empty_note.ts";
import { fileName } from "./deck/export.ts";
import { importedOf } from "./deck/imported.ts";
import { linesOf, ordinalsOf, tagsOf } from "./note_text.ts";
import { isNews } from "./time_zone.ts";

vi.hoisted(() => vi.stubGlobal("location", { origin: "http://localhost" }));

test("a note in a line", () => {
  expect(linesOf({ kind: "basic", fields: { front: "**What**\nis [it](x)?", back: "`a`" } })).toEqual({
    front: "What is it?",
    back: "a",
  });
  expect(linesOf({ kind: "cloze", fields: { text: "{{c1::a::h}} b", extra: "" } }).front).toBe("a b");
});

test("which cards a note makes", () => {
  expect(ordinalsOf({ kind: "basic_reversed", fields: { front: "a", back: "b" } })).toEqual([0, 1]);
  expect(ordinalsOf({ kind: "cloze", fields: { text: "{{c3::a}} {{c1::b}}", extra: "" } })).toEqual([1, 3]);
});

test("tags are words, none twice", () => {
  expect(tagsOf(" heart, Heart step::1  ")).toEqual(["heart", "step::1"]);
});

test("what is written stays when the kind changes", () => {
  const note = asKind({ kind: "basic", fields: { front: "a", back: "b" } }, "cloze");
  expect(note).toEqual({ kind: "cloze", fields: { text: "a", extra: "b" } });
  expect(missingIn(note)).toBe("cloze");
  expect(missingIn(asKind(note, "image_occlusion"))).toBe("picture");
  expect(missingIn(emptyNote("basic"))).toBe("text");
  expect(isEmpty(emptyNote("image_occlusion"))).toBe(true);
});

test("a deck's title as the name of a file", () => {
  expect(fileName("Medicine::Heart/Lung?", "apkg")).toBe("Medicine - Heart Lung.apkg");
  expect(fileName("???", "csv")).toBe("deck.csv");
});

test("what an import says is taken, and nothing else", () => {
  expect(importedOf({ notes_created: 3, notes_updated: 1, warnings: ["a", 2] })).toEqual({
    made: 3,
    updated: 1,
    notes: ["a"],
  });
  expect(importedOf(undefined)).toEqual({ notes: [] });
});

test("a zone is told once a session", () => {
  expect(isNews(null, "Europe/Berlin")).toBe(true);
  expect(isNews("Europe/Berlin", "Europe/Berlin")).toBe(false);
  expect(isNews(null, undefined)).toBe(false);
});
