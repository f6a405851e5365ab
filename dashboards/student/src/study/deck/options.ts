/** The options of a deck as they are typed. */
import type { Deck, DeckChange } from "../types.ts";

export interface Typed {
  title: string;
  new_per_day: string;
  reviews_per_day: string;
  /** In percent. */
  retention: string;
  steps: string;
}

export type Wrong = Partial<Record<keyof Typed, "number" | "range" | "steps">>;

export const RETENTION = [70, 97] as const;
export const MOST_A_DAY = 9999;
const MOST_STEPS = 10;
/** 23 hours: what takes a day is no step. */
const LONGEST_STEP = 1380;

export const typedOf = (deck: Deck): Typed => ({
  title: deck.title,
  new_per_day: String(deck.new_per_day),
  reviews_per_day: String(deck.reviews_per_day),
  retention: String(Math.round(deck.desired_retention * 100)),
  steps: deck.learning_steps.map(stepText).join(" "),
});

/** Minutes as Anki writes them: `10m`, `1h`. */
export function stepText(minutes: number): string {
  return minutes % 60 === 0 && minutes > 0 ? `${minutes / 60}h` : `${minutes}m`;
}

/** `1m 10m`, `1 10`; undefined where it is something else. */
export function stepsOf(text: string): number[] | undefined {
  const words = text
    .trim()
    .split(/[\s,]+/)
    .filter(Boolean);
  if (words.length > MOST_STEPS) return undefined;
  const steps = words.map((word) => {
    const [, digits, unit] = /^(\d{1,4})(m|h)?$/i.exec(word) ?? [];
    if (digits === undefined) return Number.NaN;
    const minutes = Number(digits) * (unit?.toLowerCase() === "h" ? 60 : 1);
    return minutes >= 1 && minutes <= LONGEST_STEP ? minutes : Number.NaN;
  });
  return steps.some(Number.isNaN) ? undefined : steps;
}

const whole = (text: string): number | undefined =>
  /^\d{1,6}$/.test(text.trim()) ? Number(text) : undefined;

/** What is to be changed; or what is wrong with what was typed. */
export function changeOf(typed: Typed): { change: DeckChange } | { wrong: Wrong } {
  const wrong: Wrong = {};
  const limit = (name: "new_per_day" | "reviews_per_day") => {
    const value = whole(typed[name]);
    if (value === undefined) wrong[name] = "number";
    else if (value > MOST_A_DAY) wrong[name] = "range";
    return value ?? 0;
  };
  const new_per_day = limit("new_per_day");
  const reviews_per_day = limit("reviews_per_day");
  const percent = whole(typed.retention);
  if (percent === undefined) wrong.retention = "number";
  else if (percent < RETENTION[0] || percent > RETENTION[1]) wrong.retention = "range";
  const learning_steps = stepsOf(typed.steps);
  if (!learning_steps) wrong.steps = "steps";
  if (Object.keys(wrong).length > 0 || !learning_steps || percent === undefined) return { wrong };
  return {
    change: {
      title: typed.title.trim(),
      new_per_day,
      reviews_per_day,
      desired_retention: percent / 100,
      learning_steps,
    },
  };
}
