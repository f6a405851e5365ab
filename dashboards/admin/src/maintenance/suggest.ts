import type { Feature } from "@medai/client";
import type { FeatureHealth } from "../health/health.ts";
import type { StateView } from "./maintenance.ts";

/** What may be left, and why. */
export interface Suggestion {
  /** Closed since nothing could serve, and now something can. */
  served: StateView[];
  /** Closed by an admin, with a time of restoration that has passed. */
  overdue: StateView[];
}

/** What may be left. Windows end by themselves; what an admin closed is theirs to judge until it should be over. */
export function suggestion(
  states: StateView[],
  features: FeatureHealth[],
  now: Date,
): Suggestion | undefined {
  const canServe = (state: StateView) => {
    // The platform is closed by itself when nothing can serve chat.
    const cause: Feature = state.feature ?? "chat";
    const health = features.find(({ feature }) => feature === cause);
    return health !== undefined && health.level !== "down" && health.serving !== null;
  };
  const served = states.filter((state) => state.source === "automatic" && canServe(state));
  const overdue = states.filter(
    ({ source, estimated_restoration: until }) =>
      source === "admin" && until != null && new Date(until) <= now,
  );
  return served.length + overdue.length > 0 ? { served, overdue } : undefined;
}
