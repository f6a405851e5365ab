import { unwatchJob, watchJob } from "@medai/client";
import { eventOf, type StreamEvent } from "./event.ts";
import { type Answer, hasEnded } from "./reduce.ts";

/** How long after an event was missed the rest is asked for anew. */
const PAUSE = 400;

interface Reader {
  /** What is known so far: a stream is resumed after it. */
  answer: () => Answer;
  take: (event: StreamEvent) => void;
  /** Whether it is connected now. */
  onConnection: (connected: boolean) => void;
  /** The stream begins anew after what was seen. */
  onResume: () => void;
}

/** Reads a job's events to their end, and again from where one was missed. Resolves when there is nothing more to read. */
export function follow(job: string, reader: Reader, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let missed: ReturnType<typeof setTimeout> | undefined;
    const end = () => {
      clearTimeout(missed);
      signal.removeEventListener("abort", end);
      unwatchJob(job);
      resolve();
    };
    const watch = () => {
      missed = undefined;
      reader.onResume();
      watchJob(job, {
        seen: () => reader.answer().seen,
        event: (wire) => {
          const event = eventOf(wire);
          if (event) reader.take(event);
          if (hasEnded(reader.answer())) end();
          else if (reader.answer().gap) missed ??= setTimeout(watch, PAUSE);
        },
        over: end,
        connection: reader.onConnection,
      });
    };
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
    else watch();
  });
}
