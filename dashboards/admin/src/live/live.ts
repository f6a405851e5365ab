/**
 * The live figures, read once however many parts of the page look at them. Read by `fetch`, not `EventSource`, so
 * that a refused sign-in is seen and renewed.
 */
import { Problem, readEvents, withSession } from "@medai/client";
import { useSyncExternalStore } from "react";
import { pause } from "./pause.ts";
import { extend, type Sample, sampleOf } from "./trace.ts";
import type { Live } from "./types.ts";

/** A stream that says nothing for so long is dead, whatever the network says. */
const SILENCE = 20_000;
/** Nobody looks at a hidden page; after this long its stream is closed. */
const HIDDEN = 30_000;

export interface LiveState {
  live: Live | undefined;
  /** `off` where this server or role has none. */
  link: "connecting" | "live" | "lost" | "off";
  /** The last minutes, of what the figures say only of now. */
  trace: readonly Sample[];
}

let state: LiveState = { live: undefined, link: "connecting", trace: [] };
const listeners = new Set<() => void>();
let reading: AbortController | undefined;
let closing: ReturnType<typeof setTimeout> | undefined;

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
  if (listeners.size === 1) document.addEventListener("visibilitychange", onVisibility);
  onVisibility();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    document.removeEventListener("visibilitychange", onVisibility);
    stop();
  };
}

function onVisibility(): void {
  clearTimeout(closing);
  if (document.hidden) closing = setTimeout(stop, HIDDEN);
  else if (!reading) {
    reading = new AbortController();
    void read(reading.signal);
  }
}

function stop(): void {
  reading?.abort();
  reading = undefined;
}

async function read(signal: AbortSignal): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const before = state.live;
    const refused = await connect(signal);
    if (signal.aborted) return;
    if (refused === true) {
      set({ link: "off" });
      return;
    }
    failures = state.live === before ? failures + 1 : 0;
    set({ link: "lost" });
    await nap(Math.max(pause(failures), refused === false ? 0 : refused * 1000), signal);
  }
}

/** Reads until the stream ends. True where it is not worth to come back; a number is in how many seconds it may be. */
async function connect(signal: AbortSignal): Promise<boolean | number> {
  const cut = new AbortController();
  const end = () => cut.abort();
  signal.addEventListener("abort", end);
  let watchdog: ReturnType<typeof setTimeout> | undefined;
  const alive = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(end, SILENCE);
  };
  alive();
  try {
    const response = await withSession(
      new Request(new URL("/api/admin/live", location.origin), {
        headers: { accept: "text/event-stream" },
        signal: cut.signal,
        cache: "no-store",
      }),
    );
    if (!response.ok || !response.body) {
      const { status, retryAfter } = await Problem.of(response);
      if (status === 429) return retryAfter ?? false;
      return status >= 400 && status < 500;
    }
    for await (const { event, data } of readEvents(response.body, alive)) {
      if (event !== "live") continue;
      const live = JSON.parse(data) as Live;
      set({ live, link: "live", trace: extend(state.trace, sampleOf(live)) });
    }
    return false;
  } catch {
    return false;
  } finally {
    clearTimeout(watchdog);
    signal.removeEventListener("abort", end);
    cut.abort();
  }
}

/** Waits, but not when the network comes back. */
function nap(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    window.addEventListener("online", done);
    signal.addEventListener("abort", done);
  });
}
