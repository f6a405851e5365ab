import { call } from "@medai/client";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Analytics as Shape } from "../live/types.ts";

/** The plan is `deleted` where the accounts are gone; keys that are kept for any feature have `*`. */
export interface Analytics extends Omit<Shape, "by_plan" | "burn"> {
  by_plan: (Omit<Shape["by_plan"][number], "plan"> & { plan: string })[];
  burn: (Omit<Shape["burn"][number], "feature"> & { feature: string; unknown_keys?: number })[];
}

export const analyticsQuery = (days: number) =>
  queryOptions({
    queryKey: ["analytics", days],
    staleTime: 60_000,
    refetchInterval: 5 * 60_000,
    placeholderData: keepPreviousData,
    queryFn: () => call<Analytics>("GET", `/api/admin/analytics?days=${days}`),
  });
