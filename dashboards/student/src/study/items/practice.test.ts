import { describe, expect, test } from "vitest";
import type { Question } from "../result_types.ts";
import { optionKey, toggled } from "./keys.ts";
import { BEGUN, choose, scoreOf, strike, turnTo } from "./practice.ts";

const question = (id: string, answer: number): Question => ({
  id,
  stem: "",
  lead_in: "",
  options: [0, 1, 2, 3].map((at) => ({ text: String(at) })),
  answer,
  difficulty: "easy",
  topic: "",
});
const A = question("a", 0);
const B = question("b", 3);

describe("a practice", () => {
  test("counts the first answer to each question", () => {
    let practice = choose(choose(BEGUN, A, 1), A, 0);
    expect(practice.chosen).toEqual({ a: 1 });
    practice = choose(practice, B, 3);
    expect(scoreOf(practice, [A, B])).toEqual({ answered: 2, right: 1 });
    expect(choose(BEGUN, A, 4)).toBe(BEGUN);
  });

  test("keeps what was answered when more questions come", () => {
    const practice = choose(BEGUN, A, 0);
    expect(scoreOf(practice, [A])).toEqual({ answered: 1, right: 1 });
    expect(scoreOf(practice, [A, B])).toEqual({ answered: 1, right: 1 });
    expect(turnTo(practice, 5, 2).at).toBe(1);
    expect(turnTo(practice, -1, 2).at).toBe(0);
  });

  test("strikes out until it is answered", () => {
    const struck = strike(strike(strike(BEGUN, A, 2), A, 1), A, 2);
    expect(struck.struck).toEqual({ a: [1] });
    const answered = choose(struck, A, 0);
    expect(strike(answered, A, 3)).toBe(answered);
  });
});

describe("keys", () => {
  const press = (key: string, more = {}) =>
    optionKey({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more }, 4);

  test("choose by number and by letter", () => {
    expect(press("1")).toEqual({ option: 0, strike: false });
    expect(press("d")).toEqual({ option: 3, strike: false });
    expect(press("4", { code: "Digit4" })).toEqual({ option: 3, strike: false });
  });

  test("strike out with Shift, whatever sign that makes of a digit", () => {
    expect(press("B", { shiftKey: true })).toEqual({ option: 1, strike: true });
    expect(press('"', { code: "Digit2", shiftKey: true })).toEqual({ option: 1, strike: true });
  });

  test("leave all others alone", () => {
    for (const key of ["5", "e", "Enter", "abcd", "", " ", "ab"]) expect(press(key)).toBeUndefined();
    expect(press("a", { ctrlKey: true })).toBeUndefined();
  });

  test("toggle", () => {
    expect(toggled([2], 0)).toEqual([0, 2]);
    expect(toggled([0, 2], 2)).toEqual([0]);
  });
});
