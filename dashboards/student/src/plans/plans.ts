import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Feature, PlanView } from "@medai/client";

const NAMES = { free: msg`Free`, student: msg`Student`, pro: msg`Pro`, admin: msg`Admin` };

export const planName = (plan: keyof typeof NAMES): string => i18n._(NAMES[plan]);

type Limited = "tokens" | "requests" | Feature;

/** What plans are compared by. */
export const COMPARED: readonly { what: Limited; label: MessageDescriptor }[] = [
  { what: "tokens", label: msg`Tokens` },
  { what: "requests", label: msg`Questions` },
  { what: "mcq", label: msg`MCQs` },
  { what: "flashcard", label: msg`Flashcards` },
  { what: "pdf", label: msg`PDF uploads` },
  { what: "image", label: msg`Images` },
];

/** What a plan allows a day; null is without limit. */
export const limitOf = (plan: PlanView, what: string): number | null =>
  (what === "tokens" || what === "requests" ? plan[what] : plan.features[what]) ?? null;

/** The first plan that has any of it. */
export const planWith = (plans: PlanView[] | undefined, what: string): PlanView["plan"] | undefined =>
  plans?.find((plan) => limitOf(plan, what) !== 0)?.plan;
