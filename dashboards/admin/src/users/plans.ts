import type { Plan } from "@medai/client";

export const PLANS = ["free", "student", "pro", "admin"] as const satisfies readonly Plan[];

export const PLAN_NAMES: Record<Plan, string> = {
  free: "Free",
  student: "Student",
  pro: "Pro",
  admin: "Admin",
};
