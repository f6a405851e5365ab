import type { Plan } from "@medai/client";

export const PLANS = ["free", "student", "pro", "admin"] as const satisfies readonly Plan[];

export const PLAN_NAMES: Record<Plan, string> = {
  free: "Free",
  student: "Student",
  pro: "Pro",
  admin: "Admin",
};

/** The guide's limits of a day; an admin has none. */
export const DAY: Record<Plan, { tokens: number; requests: number } | null> = {
  free: { tokens: 10_000, requests: 20 },
  student: { tokens: 50_000, requests: 100 },
  pro: { tokens: 200_000, requests: 500 },
  admin: null,
};
