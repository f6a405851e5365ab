/** What a page and the hub say to each other: by messages, for the hub may be a worker that all tabs share. */

/** An event of a job, as it came over the wire. */
export interface JobEvent {
  /** Its number; events of a job are in their order. */
  number: number;
  kind: string;
  /** JSON. */
  data: string;
}

export type ToHub =
  /** Tells the events of a job after the one numbered `seen`; -1 is all of them. */
  | { say: "watch"; job: string; seen: number }
  | { say: "unwatch"; job: string }
  /** Whether the live figures of admins are wanted. */
  | { say: "live"; wanted: boolean }
  /** The network is back, or the page is looked at: no reason to wait longer. */
  | { say: "wake" }
  /** Whether the sign-in could be renewed, as it was asked. */
  | { say: "renewed"; ok: boolean }
  | { say: "bye" };

export type ToPage =
  | { say: "event"; job: string; event: JobEvent }
  /** Nothing more comes of a job. */
  | { say: "over"; job: string }
  /** Whether the stream of events is open. */
  | { say: "connected"; connected: boolean }
  /** The body of `/api/status`. */
  | { say: "status"; data: string }
  /** The live figures; null where this server or role has none. */
  | { say: "live"; data: string | null }
  | { say: "live-connected"; connected: boolean }
  /** Asks the page to renew the sign-in, if it was not since, which a worker cannot: it sees no cookies. */
  | { say: "renew"; since: number };

const TERMINAL = ["done", "truncated", "blocked", "cancelled", "error"] as const;
export type Terminal = (typeof TERMINAL)[number];

/** Whether nothing comes after an event of this kind. */
export const isTerminal = (kind: string): kind is Terminal => TERMINAL.some((each) => each === kind);
