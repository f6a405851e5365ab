/** What a quiz is begun with, as it is chosen: pure. */
import type { Mode, NewQuiz, QuestionSet, Topic } from "../result_types.ts";

export type From = "sets" | "topics" | "wrong";

export interface Chosen {
  from: From;
  sets: readonly string[];
  topics: readonly string[];
  count: number;
  mode: Mode;
  /** Seconds a question; 0 is without a limit. */
  seconds: number;
}

export const SECONDS = [0, 45, 60, 90, 120, 180] as const;
export const MOST = 200;

/** How many questions there are to choose from. */
export function available(chosen: Chosen, sets: readonly QuestionSet[], topics: readonly Topic[]): number {
  if (chosen.from === "sets")
    return sets
      .filter(({ id }) => chosen.sets.includes(id))
      .reduce((sum, { count, reported }) => sum + Math.max(0, count - reported), 0);
  if (chosen.from === "topics")
    return topics
      .filter(({ topic }) => chosen.topics.includes(topic))
      .reduce((sum, { questions }) => sum + questions, 0);
  return topics.reduce((sum, { answered, right }) => sum + Math.max(0, answered - right), 0);
}

/** What the API is asked; undefined where nothing is chosen to ask from. */
export function newQuiz(chosen: Chosen, there: number): NewQuiz | undefined {
  const count = Math.min(Math.max(1, Math.round(chosen.count)), MOST, there);
  if (!(there > 0) || !Number.isFinite(count)) return undefined;
  const from =
    chosen.from === "sets"
      ? { question_set_ids: [...chosen.sets] }
      : chosen.from === "topics"
        ? { topics: [...chosen.topics] }
        : { wrong_only: true };
  // Only an exam is timed: whoever learns reads explanations in between.
  const timed = chosen.mode === "exam" && chosen.seconds > 0;
  return { ...from, count, mode: chosen.mode, ...(timed && { seconds_per_question: chosen.seconds }) };
}
