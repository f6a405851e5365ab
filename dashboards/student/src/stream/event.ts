import type { Citation, JobEvent } from "@medai/client";
import { isTerminal } from "@medai/client/protocol";

const KINDS = [
  "queued",
  "started",
  "citations",
  "delta",
  "restart",
  "waiting",
  "progress",
  "usage",
  "done",
  "truncated",
  "blocked",
  "cancelled",
  "error",
] as const;

export type Kind = (typeof KINDS)[number];

/** One event of a job. */
export interface StreamEvent {
  /** `epoch · 2²⁰ + n`; `queued` is 0. */
  number: number;
  kind: Kind;
  data: EventData;
}

/** What events may say, each only some of it. */
export interface EventData {
  text?: string;
  position?: number;
  retry_at?: string;
  citations?: Citation[];
  message_id?: string;
  code?: string;
  message?: string;
  reason?: string;
  details?: unknown;
  percent?: number;
  pages_done?: number;
  pages?: number;
  chunks_done?: number;
  chunks?: number;
  step?: string;
  finish_reason?: string;
  pictures_left_out?: number;
}

/** An epoch has room for so many events. */
const EPOCH = 2 ** 20;
/** How far the end is ahead of the event before it. */
const ROOM_BEFORE_END = 3;

/** Whether an event can come right after the one numbered `last`, with nothing lost between. */
export function follows(event: StreamEvent, last: number): boolean {
  if (event.number === last + 1) return true;
  const place = event.number % EPOCH;
  const later = Math.floor(event.number / EPOCH) > Math.floor(last / EPOCH);
  if (later && place === 1) return true;
  // The end leaves two numbers free, for those who get the text from the database.
  const end = isTerminal(event.kind);
  return end && (event.number <= last + ROOM_BEFORE_END || (later && place === ROOM_BEFORE_END));
}

/** An event as it came over the wire; undefined where it is none that is known. */
export function eventOf({ number, kind: name, data }: JobEvent): StreamEvent | undefined {
  const kind = KINDS.find((known) => known === name);
  if (!kind) return undefined;
  try {
    return { number, kind, data: JSON.parse(data) as EventData };
  } catch {
    return undefined;
  }
}
