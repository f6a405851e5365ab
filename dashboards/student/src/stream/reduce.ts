/**
 * What a reader knows of an answer, from the events so far. Pure: whatever is repeated, resumed or begun anew, who has
 * seen all events of a job has the same text.
 */
import type { Citation } from "@medai/client";
import { isTerminal, type Terminal } from "@medai/client/protocol";
import { type EventData, follows, type Item, itemOf, type StreamEvent } from "./event.ts";

export type Phase = "queued" | "waiting" | "writing" | Terminal;

export interface Answer {
  /** The number of the last event that counted; -1 before the first. */
  seen: number;
  text: string;
  /** What it is made of where it is no text, in the order in which it came. */
  items: readonly Item[];
  phase: Phase;
  /** Jobs in front of it. */
  position: number;
  /** When a job that waits goes on. */
  retryAt: string | undefined;
  /** Why it waits: `no_key` can serve, or the student’s `own_answers` may use up the day. */
  waitsFor: string | undefined;
  /** How often what had been written was discarded. */
  restarts: number;
  citations: Citation[] | undefined;
  /** How far a long job is. */
  progress: EventData | undefined;
  /** What the end said. */
  ending: EventData | undefined;
  /** An event is missing: what comes is not taken until the stream was resumed after `seen`. */
  gap: boolean;
}

export const NOTHING: Answer = {
  seen: -1,
  text: "",
  items: [],
  phase: "queued",
  position: 0,
  retryAt: undefined,
  waitsFor: undefined,
  restarts: 0,
  citations: undefined,
  progress: undefined,
  ending: undefined,
  gap: false,
};

/** Whether nothing more will come. */
export const hasEnded = (answer: Answer): boolean => answer.ending !== undefined;

/** Whether there is something of it to read. */
export const hasBegun = (answer: Answer | undefined): boolean =>
  answer !== undefined && (answer.text !== "" || answer.items.length > 0);

/** Takes one event. */
export function reduce(before: Answer, event: StreamEvent): Answer {
  // Seen already, or from a worker that was taken for dead.
  if (event.number <= before.seen || hasEnded(before)) return before;
  // A restart needs nothing of what was before it.
  if (event.kind !== "restart" && !follows(event, before.seen, before.items.length, before.gap))
    return before.gap ? before : { ...before, gap: true };
  const answer = { ...before, seen: event.number, gap: false };
  const { data } = event;
  switch (event.kind) {
    case "queued":
      return { ...answer, phase: "queued", position: data.position ?? 0 };
    case "started":
      return { ...answer, phase: "writing", retryAt: undefined };
    case "citations":
      return { ...answer, citations: data.citations ?? [] };
    case "delta":
      return { ...answer, phase: "writing", text: answer.text + (data.text ?? "") };
    case "item":
      return { ...answer, phase: "writing", items: withItem(answer.items, itemOf(data)) };
    case "restart": {
      const discarded = hasBegun(answer) ? 1 : 0;
      return { ...answer, phase: "writing", text: "", items: [], restarts: answer.restarts + discarded };
    }
    case "waiting":
      return { ...answer, phase: "waiting", retryAt: data.retry_at, waitsFor: data.reason };
    case "progress":
      return { ...answer, phase: "writing", progress: data };
    case "usage":
      return answer;
    default:
      return { ...answer, phase: isTerminal(event.kind) ? event.kind : answer.phase, ending: data };
  }
}

/** Whoever is told of one item twice has it once. */
function withItem(items: readonly Item[], item: Item | undefined): readonly Item[] {
  const known = !item || items.some(({ index }) => index === item.index);
  return known ? items : [...items, item];
}

/** Resumes: what comes next is read after `seen`. */
export const resumed = (answer: Answer): Answer => ({ ...answer, gap: false });
