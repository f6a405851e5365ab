/** The live figures, read once however many parts of the page, and tabs of the browser, look at them. */
import { watchLive } from "@medai/client";
import { useSyncExternalStore } from "react";
import { extend, type Sample, sampleOf } from "./trace.ts";
import type { Live } from "./types.ts";

export interface LiveState {
  live: Live | undefined;
  /** `off` where this server or role has none. */
  link: "connecting" | "live" | "lost" | "off";
  /** The last minutes, of what the figures say only of now. */
  trace: readonly Sample[];
}

let state: LiveState = { live: undefined, link: "connecting", trace: [] };
const listeners = new Set<() => void>();
let reading: (() => void) | undefined;

function set(change: Partial<LiveState>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

/** What the last look showed, and whether it still holds. */
export function useLive(): LiveState {
  return useSyncExternalStore(subscribe, () => state);
}

/** A part of it: renders again only when that changes. `pick` must give the same value for the same state. */
export function useLivePart<T extends string | number | boolean | undefined>(
  pick: (state: LiveState) => T,
): T {
  return useSyncExternalStore(subscribe, () => pick(state));
}

/** For who is signed out. */
export function forgetLive(): void {
  stop();
  state = { live: undefined, link: "connecting", trace: [] };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  reading ??= watchLive({ figures: take, connection: (connected) => !connected && lose() });
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) stop();
  };
}

function stop(): void {
  reading?.();
  reading = undefined;
}

function take(data: string | null): void {
  if (data === null) set({ link: "off" });
  else {
    const live = JSON.parse(data) as Live;
    set({ live, link: "live", trace: extend(state.trace, sampleOf(live)) });
  }
}

function lose(): void {
  if (state.live && state.link === "live") set({ link: "lost" });
}
