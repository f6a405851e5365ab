import type { Plan } from "@medai/client";
import { usePlans } from "@medai/client/react";

/** What a plan allows a day; null is without limits, as an admin's is, or not yet known. */
export function useDay(plan: Plan): { tokens?: number | null; requests?: number | null } | null {
  return usePlans()?.find((each) => each.plan === plan) ?? null;
}
