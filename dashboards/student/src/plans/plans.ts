/** What each plan allows a day: the guide's limits. An admin may set others; what holds for a student, the API says. */
export const PLANS = ["free", "student", "pro"] as const;
export type PaidPlan = (typeof PLANS)[number];

export const PLAN_NAMES = { free: "Free", student: "Student", pro: "Pro", admin: "Admin" } as const;

export const LIMITS: readonly {
  feature: string;
  label: string;
  limits: readonly [number, number, number];
}[] = [
  { feature: "tokens", label: "Tokens", limits: [10_000, 50_000, 200_000] },
  { feature: "requests", label: "Questions", limits: [20, 100, 500] },
  { feature: "mcq", label: "MCQs", limits: [5, 50, 200] },
  { feature: "flashcard", label: "Flashcards", limits: [10, 100, 500] },
  { feature: "pdf", label: "PDF uploads", limits: [0, 5, 50] },
  { feature: "image", label: "Images", limits: [0, 10, 50] },
];

/** The first plan that has any of it. */
export function planWith(feature: string): PaidPlan | undefined {
  const row = LIMITS.find((each) => each.feature === feature);
  const at = row?.limits.findIndex((limit) => limit > 0) ?? -1;
  return at < 0 ? undefined : PLANS[at];
}
