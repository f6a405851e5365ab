/** Questions of a conversation, answered one after the other, as more of them come. */
import type { Question } from "../result_types.ts";
import { toggled } from "./keys.ts";

export interface Practice {
  /** The question that is looked at. */
  at: number;
  /** What was chosen, by the question’s id: the first answer stands. */
  chosen: Readonly<Record<string, number>>;
  struck: Readonly<Record<string, readonly number[]>>;
}

export const BEGUN: Practice = { at: 0, chosen: {}, struck: {} };

export function choose(practice: Practice, { id, options }: Question, option: number): Practice {
  if (practice.chosen[id] !== undefined || option < 0 || option >= options.length) return practice;
  return { ...practice, chosen: { ...practice.chosen, [id]: option } };
}

export function strike(practice: Practice, { id }: Question, option: number): Practice {
  if (practice.chosen[id] !== undefined) return practice;
  return { ...practice, struck: { ...practice.struck, [id]: toggled(practice.struck[id] ?? [], option) } };
}

export const turnTo = (practice: Practice, at: number, of: number): Practice => ({
  ...practice,
  at: Math.max(0, Math.min(at, of - 1)),
});

/** How many were answered, and how many of them right. */
export function scoreOf(
  { chosen }: Practice,
  questions: readonly Question[],
): { answered: number; right: number } {
  const answered = questions.filter(({ id }) => chosen[id] !== undefined);
  return {
    answered: answered.length,
    right: answered.filter(({ id, answer }) => chosen[id] === answer).length,
  };
}
