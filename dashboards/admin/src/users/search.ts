import type { components, Plan } from "@medai/client";
import { oneOf, words } from "../app/params.ts";
import { PLANS } from "./plans.ts";

export type AccountStatus = components["schemas"]["AccountStatus"];

export const STATUSES = ["active", "locked", "disabled"] as const satisfies readonly AccountStatus[];

export interface UsersSearch {
  /** Part of the address or the name. */
  q?: string | undefined;
  plan?: Plan | undefined;
  status?: AccountStatus | undefined;
}

/** What of the page is in its address. */
export function search(given: Record<string, unknown>): UsersSearch {
  return { q: words(given.q), plan: oneOf(PLANS, given.plan), status: oneOf(STATUSES, given.status) };
}
