import { Problem, type Usage } from "@medai/client";
import { useUsage } from "../usage/usage.ts";
import { hasNone, inWords, uploadsOf } from "./allowed.ts";

export const useUploads = () => uploadsOf(useUsage());

/** Said before a large file is sent to hear it from the API. */
export function notInPlan(usage: Usage | undefined, feature: "pdf" | "image"): Problem | undefined {
  if (!hasNone(usage, feature)) return undefined;
  return new Problem(429, {
    code: `${feature.toUpperCase()}_LIMIT_EXCEEDED`,
    message: uploadsOf(usage).none ? uploadsOf(usage).words : inWords(feature),
    details: { limit: 0, used: 0 },
  });
}
