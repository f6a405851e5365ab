/** What the API tells by itself: events of jobs, what works, and to admins how everything is. */
import { renewedSince } from "../session.ts";
import type { Status } from "../types.ts";
import { Hub } from "./hub.ts";
import { watchVisibility } from "./page_visibility.ts";
import type { JobEvent, ToHub, ToPage } from "./protocol.ts";

export type { JobEvent } from "./protocol.ts";

export interface Watcher {
  /** The last event that counted; -1 before the first. */
  seen: () => number;
  event: (event: JobEvent) => void;
  /** Nothing more comes. */
  over: () => void;
  connection: (connected: boolean) => void;
}

export interface LiveWatcher {
  /** JSON; null where this server or role has none. */
  figures: (data: string | null) => void;
  connection: (connected: boolean) => void;
}

const watchers = new Map<string, Watcher>();
let onStatus: ((status: Status) => void) | undefined;
let live: LiveWatcher | undefined;
let connected = false;
let say: ((message: ToHub) => void) | undefined;

/** Tells the events of a job after those seen. Watching again reads them anew. */
export function watchJob(job: string, watcher: Watcher): void {
  watchers.set(job, watcher);
  watcher.connection(connected);
  joined()({ say: "watch", job, seen: watcher.seen() });
}

export function unwatchJob(job: string): void {
  if (watchers.delete(job)) say?.({ say: "unwatch", job });
}

/** Tells from now on what works, as `/api/status` has it, and at once when it changes. For who is signed in. */
export function attend(listener: (status: Status) => void): void {
  onStatus = listener;
  joined()({ say: "wake" });
}

/** Tells admins how everything is, about each second, while the page is looked at. */
export function watchLive(watcher: LiveWatcher): () => void {
  const begin = () => {
    if (live === watcher) return;
    live = watcher;
    joined()({ say: "live", wanted: true });
  };
  const end = () => {
    live = undefined;
    say?.({ say: "live", wanted: false });
  };
  if (!document.hidden) begin();
  const stop = watchVisibility(begin, end);
  return () => {
    stop();
    end();
  };
}

/** For who signs out: nothing is read any more. */
export function leave(): void {
  say?.({ say: "bye" });
  say = undefined;
  connected = false;
  onStatus = undefined;
  watchers.clear();
}

function hear(message: ToPage): void {
  switch (message.say) {
    case "event":
      watchers.get(message.job)?.event(message.event);
      break;
    case "over":
      watchers.get(message.job)?.over();
      break;
    case "connected":
      connected = message.connected;
      for (const watcher of [...watchers.values()]) watcher.connection(connected);
      break;
    case "status":
      onStatus?.(JSON.parse(message.data) as Status);
      break;
    case "live":
      live?.figures(message.data);
      break;
    case "live-connected":
      live?.connection(message.connected);
      break;
    case "renew":
      void renewed(message.since).then((ok) => say?.({ say: "renewed", ok }));
  }
}

const renewed = (since: number) => renewedSince(since).catch(() => false);

function joined(): (message: ToHub) => void {
  say ??= typeof SharedWorker === "undefined" ? alone() : shared();
  return say;
}

function shared(): (message: ToHub) => void {
  const worker = new SharedWorker(new URL("./worker.ts", import.meta.url), { type: "module", name: "medai" });
  worker.port.onmessage = ({ data }) => hear(data);
  listen();
  return (message) => worker.port.postMessage(message);
}

function alone(): (message: ToHub) => void {
  listen();
  return new Hub().join(hear);
}

/** Goes, for as long as nobody looks. */
function rest(): void {
  say?.({ say: "bye" });
  say = undefined;
  connected = false;
}

/** Is back, and asks for what it has not seen. */
function resume(): void {
  if (say || !onStatus) return;
  const tell = joined();
  for (const [job, watcher] of watchers) tell({ say: "watch", job, seen: watcher.seen() });
  if (live) tell({ say: "live", wanted: true });
}

let listening = false;
function listen(): void {
  if (listening) return;
  listening = true;
  addEventListener("online", () => say?.({ say: "wake" }));
  addEventListener("pagehide", rest);
  addEventListener("pageshow", resume);
  watchVisibility(
    () => {
      resume();
      say?.({ say: "wake" });
    },
    () => {
      // Without a worker each page has a stream of its own.
      if (typeof SharedWorker === "undefined") rest();
    },
  );
}
