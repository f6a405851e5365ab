import { FEATURE_NAMES } from "../parts/names.ts";

/** The feature whose keys are shown; without one, all. */
export interface KeySearch {
  feature?: string | undefined;
}

export function search(given: Record<string, unknown>): KeySearch {
  const known = FEATURE_NAMES.find(([feature]) => feature === given.feature);
  return known ? { feature: known[0] } : {};
}
