import { type PlanView, Problem, type Usage } from "@medai/client";
import { plansQuery, queryClient, usePlans } from "@medai/client/react";
import { useUsage } from "../usage/usage.ts";
import { hasNone, inWords, uploadsOf } from "./allowed.ts";

export const useUploads = () => uploadsOf(useUsage(), usePlans());

/** Said before a large file is sent to hear it from the API. */
export function notInPlan(usage: Usage | undefined, feature: "pdf" | "image"): Problem | undefined {
  if (!hasNone(usage, feature)) return undefined;
  const plans: PlanView[] | undefined = queryClient.getQueryData(plansQuery.queryKey);
  const uploads = uploadsOf(usage, plans);
  return new Problem(429, {
    code: `${feature.toUpperCase()}_LIMIT_EXCEEDED`,
    message: uploads.none ? uploads.words : inWords(feature, plans),
    details: { limit: 0, used: 0 },
  });
}
