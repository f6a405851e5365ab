import fc from "fast-check";
import { expect, test } from "vitest";
import { place } from "./place.ts";

const marked = (pieces: string[], passage: string) =>
  place(pieces, passage)?.map(({ piece, from, to }) => pieces[piece]?.slice(from, to));

test("a passage is found across pieces, whatever became of its spaces, hyphens and ligatures", () => {
  const pieces = ["The heart fails. The e", "ﬀect of pre-", "load on ", "stroke volume is", " known. More."];
  expect(marked(pieces, "The effect of preload on stroke volume is known.")).toEqual([
    "The e",
    "ﬀect of pre-",
    "load on ",
    "stroke volume is",
    " known",
  ]);
});

test("a passage that something interrupts is marked on both sides of it", () => {
  const first = "Preload is the stretch on the ventricle at the end of diastole";
  const second = "and is judged by the end-diastolic volume of the ventricle";
  expect(marked([first, "Page 12 of 300, draft", second], `${first} ${second}`)).toEqual([first, second]);
});

test("what is not on the page is not placed", () => {
  expect(
    place(["Afterload is the pressure that the ventricle must overcome."], "Preload is the stretch."),
  ).toBe(undefined);
  expect(place([], "Preload")).toBe(undefined);
  expect(place(["text"], " … ")).toBe(undefined);
});

test("whatever part of a page is asked for is found, and nothing but it is marked", () => {
  const word = fc.stringMatching(/^[a-z]{1,9}$/);
  const page = fc.array(fc.array(word, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(page, fc.nat(), fc.nat(), (lines, a, b) => {
      const pieces = lines.map((line) => line.join(" "));
      const words = lines.flat();
      const [from, to] = [a % words.length, b % words.length].sort((x, y) => x - y);
      const passage = words.slice(from, (to ?? 0) + 1).join("  ");
      const text = marked(pieces, passage)?.join("").replace(/ /g, "");
      expect(text).toBe(passage.replace(/ /g, ""));
    }),
  );
});

test("of a passage that is quoted, its sentences are marked and nothing between them", () => {
  const pieces = ["Preload is one. After", "load is two. Preload is a third. It", " rises. Preload is one."];
  const passage = "Afterload is two. Preload is a third. It rises.";
  const of = (...quotes: string[]) =>
    place(pieces, passage, quotes)?.map(({ piece, from, to }) => pieces[piece]?.slice(from, to));
  expect(of("Preload is a third.")).toEqual(["Preload is a third"]);
  expect(of("It rises.", "Afterload is two.")).toEqual(["After", "load is two", "It", " rises"]);
  expect(of("Afterload is two.", "load is two. Preload")).toEqual(["After", "load is two. Preload"]);
  // What is not in the passage is no quote of it, wherever else it stands.
  expect(of("Preload is one.")).toEqual(marked(pieces, passage));
});
