import type { LiveFeature } from "../live/types.ts";

/** Less than this is soon enough to do something about it now. */
const SOON = 2 * 3600;
/** Beyond this a straight line says nothing any more. */
const FAR = 48 * 3600;

export type Runway = "over" | "soon" | "today" | "far" | "unknown";

/** How near the end of a quota is. */
export function runway(feature: LiveFeature, now: number): Runway {
  if (feature.quota_left.requests === 0 && feature.quota_left.unknown_keys === 0) return "over";
  if (!feature.runs_out_at) return "unknown";
  const left = (new Date(feature.runs_out_at).getTime() - now) / 1000;
  if (left <= 0) return "over";
  if (left < SOON) return "soon";
  return left < FAR ? "today" : "far";
}

/** What ends first is first; then what is closed; the rest as it comes. */
export function byUrgency(features: LiveFeature[]): LiveFeature[] {
  const end = (feature: LiveFeature) =>
    feature.runs_out_at ? new Date(feature.runs_out_at).getTime() : Number.POSITIVE_INFINITY;
  const closed = (feature: LiveFeature) => (feature.level === "none" && feature.enabled ? 1 : 0);
  return [...features].sort((a, b) => closed(a) - closed(b) || compare(end(a), end(b)));
}

// Infinity minus itself is no number.
const compare = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1);
