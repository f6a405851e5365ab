import { describe, expect, test } from "vitest";
import type { QuizQuestion } from "../result_types.ts";
import { chosen, filtered, firstOpen, flagged, saved, shown, struck, verdictOf } from "./attempt.ts";

const question = (by: Partial<QuizQuestion> = {}): QuizQuestion => ({
  position: 0,
  question_id: "q",
  stem: "",
  lead_in: "",
  options: ["a", "b", "c", "d"].map((text) => ({ text })),
  topic: "",
  difficulty: "easy",
  option: null,
  flagged: false,
  eliminated: [],
  ...by,
});

describe("what is done with a question", () => {
  test("is shown before it is stored, and until then", () => {
    const done = chosen(question(), 2);
    if (!done) throw new Error("nothing was chosen");
    const unsaved = { q: done };
    expect(shown([question()], unsaved)[0]).toMatchObject({ option: 2 });
    expect(saved(unsaved, "q", { ...done })).toBe(unsaved);
    expect(saved(unsaved, "q", done)).toEqual({});
  });

  test("keeps all else", () => {
    const before = question({ option: 1, flagged: true, eliminated: [0, 3] });
    expect(chosen(before, 3)).toEqual({ option: 3, flagged: true, eliminated: [0] });
    expect(flagged(before)).toEqual({ option: 1, flagged: false, eliminated: [0, 3] });
    expect(struck(before, 2, "exam")).toEqual({ option: 1, flagged: true, eliminated: [0, 2, 3] });
  });

  test("an option that is struck out is not chosen in an exam", () => {
    expect(struck(question({ option: 1 }), 1, "exam")).toMatchObject({ option: null, eliminated: [1] });
  });

  test("is over once its answer was told", () => {
    const told = question({ option: 1, answer: 2 });
    expect(chosen(told, 2)).toBeUndefined();
    expect(struck(told, 2, "tutor")).toBeUndefined();
    expect(shown([told], { q: { option: 3 } })[0]?.option).toBe(1);
    expect(flagged(told)).toMatchObject({ option: 1, flagged: true });
  });

  test("what changes nothing is not sent", () => {
    expect(chosen(question({ option: 1 }), 1)).toBeUndefined();
    expect(chosen(question(), 4)).toBeUndefined();
    expect(struck(question(), -1, "exam")).toBeUndefined();
  });
});

test("an attempt goes on at its first open question", () => {
  expect(firstOpen([question({ option: 1 }), question(), question()])).toBe(1);
  expect(firstOpen([question({ option: 1 })])).toBe(0);
});

test("verdicts and filters", () => {
  const right = question({ option: 1, answer: 1 });
  const wrong = question({ option: 2, answer: 1, flagged: true });
  const open = question({ answer: 1 });
  expect([right, wrong, open, question({ option: 0 })].map(verdictOf)).toEqual([
    "right",
    "wrong",
    "open",
    "answered",
  ]);
  expect(filtered([right, wrong, open], "wrong")).toEqual([wrong]);
  expect(filtered([right, wrong, open], "open")).toEqual([open]);
  expect(filtered([right, wrong, open], "flagged")).toEqual([wrong]);
  expect(filtered([right, wrong, open], "all")).toHaveLength(3);
});
