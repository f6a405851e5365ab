import { PROVIDERS, type Provider } from "@medai/client/providers";
import type { Tone } from "@medai/ui";
import type { KeyView } from "./keys.ts";

/** Keys that are used in one order: those that serve, those that serve when nothing else is left, the others. */
export interface Lane {
  kind: "serving" | "reserve" | "out";
  keys: KeyView[];
}

export interface ProviderPool {
  provider: Provider;
  lanes: Lane[];
}

const LANES: Record<KeyView["status"], Lane["kind"]> = {
  active: "serving",
  degraded: "reserve",
  pending: "out",
  disabled: "out",
};

/**
 * The pool by provider, each in the order of use for a feature, or for all. Keys kept for a feature and those for any
 * are in one order: it is the priority that counts.
 */
export function poolOf(keys: readonly KeyView[], feature?: string): ProviderPool[] {
  const fit = keys.filter((key) => !feature || key.feature === "*" || key.feature === feature);
  return PROVIDERS.map(({ name: provider }) => ({
    provider,
    lanes: (["serving", "reserve", "out"] as const)
      .map((kind) => ({
        kind,
        keys: fit
          .filter((key) => key.provider === provider && LANES[key.status] === kind)
          .sort((a, b) => b.priority - a.priority || a.id.localeCompare(b.id)),
      }))
      .filter((lane) => lane.keys.length > 0),
  })).filter((pool) => pool.lanes.length > 0);
}

/** The place of each key in its lane, from 1. Keys of one priority take turns, at one place. */
export function places(keys: readonly Pick<KeyView, "priority">[]): number[] {
  return keys.map(
    (key) =>
      1 + new Set(keys.filter((each) => each.priority > key.priority).map((each) => each.priority)).size,
  );
}

/** How a key is, in a word, and until when where that is known. */
export function stateOf(
  key: Pick<KeyView, "status" | "cooldown_until">,
  now: number,
): { word: string; tone: Tone; until: string | undefined } {
  const until =
    key.cooldown_until && new Date(key.cooldown_until).getTime() > now ? key.cooldown_until : undefined;
  switch (key.status) {
    case "disabled":
      return { word: "Disabled", tone: "neutral", until: undefined };
    case "pending":
      return { word: "Being tried", tone: "neutral", until: undefined };
    case "degraded":
      return { word: "Degraded", tone: "bad", until };
    default:
      return until ? { word: "Cooling", tone: "warn", until } : { word: "Active", tone: "good", until };
  }
}

/** A key as it is spoken of. */
export function nameOf(key: Pick<KeyView, "key_masked" | "base_url"> & { name?: string | null }): string {
  const value = key.key_masked === "none" ? (key.base_url ?? "without a key") : key.key_masked;
  return key.name ? `${key.name} (${value})` : value;
}

/** What is to be typed before a key is deleted. */
export const lastFour = (key: Pick<KeyView, "key_masked">): string => key.key_masked.replace(/^…/, "");
