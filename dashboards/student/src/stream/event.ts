import type { Citation, JobEvent } from "@medai/client";
import { isTerminal } from "@medai/client/protocol";

const KINDS = [
  "queued",
  "started",
  "citations",
  "delta",
  "item",
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

/** One of the things that an answer is made of, where it is no running text: a card, a question, a node of a map. */
export interface Item {
  /** Its place among all of its answer. */
  index: number;
  kind: string;
  item: Readonly<Record<string, unknown>>;
}

/** How many items were asked for, and what became of them. */
export interface Made {
  asked: number;
  delivered: number;
  dropped: number;
  /** Fewer were asked for than the student wanted: no more are left of today. */
  fewer?: boolean;
}

/** What events may say, each only some of it. */
export interface EventData {
  text?: string;
  index?: number;
  kind?: string;
  item?: unknown;
  material?: { kind: string; id: string } | null;
  made?: Made;
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
/**
 * How far the end is ahead of the event before it: it leaves free what a restart and the whole answer take, for those who
 * get that from the database. The whole is one event of text, or as many as there are items.
 */
const roomBeforeEnd = (items: number): number => 2 + Math.max(1, items);

/** An event’s item; undefined where it is none. */
export function itemOf({ index, kind, item }: EventData): Item | undefined {
  if (typeof index !== "number" || typeof kind !== "string") return undefined;
  if (typeof item !== "object" || item === null || Array.isArray(item)) return undefined;
  return { index, kind, item: item as Item["item"] };
}

/**
 * Whether an event can come right after the one numbered `last`, with nothing lost between, when there are so many items.
 * Where something is known to be lost (`gap`), the room before the end does not hide it.
 */
export function follows(event: StreamEvent, last: number, items = 0, gap = false): boolean {
  if (event.number === last + 1) return true;
  const place = event.number % EPOCH;
  const later = Math.floor(event.number / EPOCH) > Math.floor(last / EPOCH);
  if (later && place === 1) return true;
  const room = roomBeforeEnd(items);
  return !gap && isTerminal(event.kind) && (event.number <= last + room || (later && place <= room));
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
