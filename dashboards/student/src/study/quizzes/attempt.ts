/** What a student has done with an attempt, also where that is not stored yet. Pure. */
import { toggled } from "../items/keys.ts";
import type { Answered, Mode, QuizQuestion } from "../result_types.ts";

/** What was done and is on its way to be stored, by the question’s id. */
export type Unsaved = Readonly<Record<string, Answered>>;

/** The questions as they are to be shown: what was done here counts before it is stored. */
export function shown(questions: readonly QuizQuestion[], unsaved: Unsaved): QuizQuestion[] {
  return questions.map((question) => {
    const done = unsaved[question.question_id];
    if (!done) return question;
    const { option, flagged = question.flagged, eliminated = question.eliminated } = done;
    // Whoever was told the answer has answered.
    return { ...question, option: isRevealed(question) ? question.option : option, flagged, eliminated };
  });
}

export const isRevealed = ({ answer }: Pick<QuizQuestion, "answer">): boolean => answer != null;

const asIs = ({ option, flagged, eliminated }: QuizQuestion): Answered => ({ option, flagged, eliminated });

/** An option is chosen; one that was struck out comes back by that. Undefined where it changes nothing. */
export function chosen(question: QuizQuestion, option: number): Answered | undefined {
  const none = option < 0 || option >= question.options.length || question.option === option;
  if (none || isRevealed(question)) return undefined;
  const eliminated = question.eliminated.filter((each) => each !== option);
  return { ...asIs(question), option, eliminated };
}

/** An option is struck out or comes back; what is struck out is not what is chosen. */
export function struck(question: QuizQuestion, option: number, mode: Mode): Answered | undefined {
  if (isRevealed(question) || option < 0 || option >= question.options.length) return undefined;
  const eliminated = toggled(question.eliminated, option);
  const given = mode === "exam" && eliminated.includes(option) && question.option === option;
  return { ...asIs(question), option: given ? null : question.option, eliminated };
}

export const flagged = (question: QuizQuestion): Answered => ({
  ...asIs(question),
  flagged: !question.flagged,
});

/** What was stored is no longer on its way, unless more was done since. */
export function saved(unsaved: Unsaved, id: string, done: Answered): Unsaved {
  if (unsaved[id] !== done) return unsaved;
  const { [id]: _stored, ...others } = unsaved;
  return others;
}

export type Verdict = "open" | "answered" | "right" | "wrong";

export function verdictOf({ option, answer }: Pick<QuizQuestion, "option" | "answer">): Verdict {
  if (answer == null) return option === null ? "open" : "answered";
  if (option === null) return "open";
  return option === answer ? "right" : "wrong";
}

/** Where an attempt goes on: at the first question that is not answered. */
export const firstOpen = (questions: readonly QuizQuestion[]): number =>
  Math.max(
    0,
    questions.findIndex(({ option }) => option === null),
  );

export type Filter = "all" | "wrong" | "open" | "flagged";

export const filtered = (questions: readonly QuizQuestion[], filter: Filter): QuizQuestion[] =>
  questions.filter((question) => {
    if (filter === "all") return true;
    return filter === "flagged" ? question.flagged : verdictOf(question) === filter;
  });
