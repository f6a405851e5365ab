import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

/** What each plan allows a day: the guide's limits. An admin may set others; what holds for a student, the API says. */
export const PLANS = ["free", "student", "pro"] as const;
export type PaidPlan = (typeof PLANS)[number];

const NAMES = { free: msg`Free`, student: msg`Student`, pro: msg`Pro`, admin: msg`Admin` };

export const planName = (plan: keyof typeof NAMES): string => i18n._(NAMES[plan]);

export const LIMITS: readonly {
  feature: string;
  label: MessageDescriptor;
  limits: readonly [number, number, number];
}[] = [
  { feature: "tokens", label: msg`Tokens`, limits: [10_000, 50_000, 200_000] },
  { feature: "requests", label: msg`Questions`, limits: [20, 100, 500] },
  { feature: "mcq", label: msg`MCQs`, limits: [5, 50, 200] },
  { feature: "flashcard", label: msg`Flashcards`, limits: [10, 100, 500] },
  { feature: "pdf", label: msg`PDF uploads`, limits: [0, 5, 50] },
  { feature: "image", label: msg`Images`, limits: [0, 10, 50] },
];

/** The first plan that has any of it. */
export function planWith(feature: string): PaidPlan | undefined {
  const row = LIMITS.find((each) => each.feature === feature);
  const at = row?.limits.findIndex((limit) => limit > 0) ?? -1;
  return at < 0 ? undefined : PLANS[at];
}
