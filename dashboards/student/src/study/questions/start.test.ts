import { expect, test } from "vitest";
import type { QuestionSet } from "../result_types.ts";
import { available, type Chosen, newQuiz } from "./start.ts";

const sets = [
  { id: "a", count: 10, reported: 2 },
  { id: "b", count: 5, reported: 0 },
] as QuestionSet[];
const topics = [
  { topic: "heart", questions: 9, answered: 5, right: 3 },
  { topic: "kidney", questions: 4, answered: 1, right: 1 },
];
const chosen: Chosen = {
  from: "sets",
  sets: ["a"],
  topics: ["kidney"],
  count: 20,
  mode: "exam",
  seconds: 90,
};

test("reported questions are not asked, and not more than there are", () => {
  expect(available(chosen, sets, topics)).toBe(8);
  expect(newQuiz(chosen, 8)).toEqual({
    question_set_ids: ["a"],
    count: 8,
    mode: "exam",
    seconds_per_question: 90,
  });
});

test("only an exam is timed", () => {
  expect(newQuiz({ ...chosen, mode: "tutor" }, 8)).toEqual({
    question_set_ids: ["a"],
    count: 8,
    mode: "tutor",
  });
  expect(newQuiz({ ...chosen, seconds: 0 }, 8)).not.toHaveProperty("seconds_per_question");
});

test("by topics, and of what was missed", () => {
  expect(available({ ...chosen, from: "topics" }, sets, topics)).toBe(4);
  expect(newQuiz({ ...chosen, from: "topics" }, 4)).toMatchObject({ topics: ["kidney"], count: 4 });
  expect(available({ ...chosen, from: "wrong" }, sets, topics)).toBe(2);
  expect(newQuiz({ ...chosen, from: "wrong", count: 1 }, 2)).toMatchObject({ wrong_only: true, count: 1 });
});

test("nothing is asked of nothing", () => {
  expect(newQuiz(chosen, 0)).toBeUndefined();
  expect(newQuiz({ ...chosen, count: Number.NaN }, 5)).toBeUndefined();
});
