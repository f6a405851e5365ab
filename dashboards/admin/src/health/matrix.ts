import type { components } from "@medai/client";
import { number } from "@medai/ui";
import type { FeatureHealth, Health, Level, LogEntry, Provider, ProviderHealth } from "./health.ts";

export interface Row {
  feature: FeatureHealth;
  /** A cell a provider, in the order of the columns; none where a provider has no key for the feature. */
  cells: (ProviderHealth | undefined)[];
}

/** Features down, providers across. Columns stand in the order in which providers are asked. */
export function matrix(features: FeatureHealth[]): { providers: Provider[]; rows: Row[] } {
  const providers: Provider[] = [];
  for (const { providers: asked } of features) {
    let at = 0;
    for (const { provider } of asked) {
      const known = providers.indexOf(provider);
      if (known >= 0) at = known + 1;
      else providers.splice(at++, 0, provider);
    }
  }
  const rows = features.map((feature) => ({
    feature,
    cells: providers.map((provider) => feature.providers.find((each) => each.provider === provider)),
  }));
  return { providers, rows };
}

const STATES = [
  ["active", "ready"],
  ["cooling", "resting"],
  ["degraded", "degraded"],
  ["disabled", "disabled"],
  ["pending", "not tried"],
] as const;

/** `2 ready, 1 resting` */
export function countsIn(counts: components["schemas"]["Counts"]): string {
  const parts = STATES.filter(([state]) => counts[state] > 0).map(
    ([state, word]) => `${counts[state]} ${word}`,
  );
  return parts.join(", ") || "no key";
}

/** What is left of the day's quota, as far as it is known. */
export function quotaIn({ requests, unknown_keys: unknown }: Health["quota_left"]): string {
  const keys = `${unknown} ${unknown === 1 ? "key" : "keys"}`;
  if (requests == null) return unknown > 0 ? "not known" : "none";
  return unknown > 0 ? `${number(requests)} and ${keys} unknown` : number(requests);
}

/** How things stand in one sentence: the worst first. */
export function verdict(features: FeatureHealth[]): {
  level: Level;
  down: FeatureHealth[];
  degraded: FeatureHealth[];
} {
  const of = (level: Level) => features.filter((each) => each.level === level);
  const [down, degraded] = [of("down"), of("degraded")];
  return { level: down.length > 0 ? "down" : degraded.length > 0 ? "degraded" : "healthy", down, degraded };
}

/** What happened to a key. */
export function happened({
  from,
  to,
  class: kind,
}: Pick<LogEntry, "from" | "to" | "class">): "failed" | "worse" | "better" | "changed" {
  const order = ["active", "degraded", "disabled"];
  const [before, after] = [order.indexOf(from), order.indexOf(to)];
  if (from === to) return kind ? "failed" : "changed";
  // One that was not tried yet works, or does not.
  if (before < 0) return to === "active" ? "better" : "worse";
  return after > before ? "worse" : "better";
}
