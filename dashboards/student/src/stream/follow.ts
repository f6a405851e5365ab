import { Problem, readEvents, withSession } from "@medai/client";
import { eventOf, type StreamEvent } from "./event.ts";
import { type Answer, hasEnded } from "./reduce.ts";

/** The API says every 15 s that a stream lives. One that says nothing for so long is dead, whatever the network says. */
const SILENCE = 40_000;
const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 10_000;

interface Reader {
  /** What is known so far: a stream is resumed after it. */
  answer: () => Answer;
  take: (event: StreamEvent) => void;
  /** Whether it is connected now. */
  onConnection: (connected: boolean) => void;
  /** The stream begins anew after what was seen. */
  onResume: () => void;
}

/**
 * Reads a job's events to their end, through reloads, lost networks and servers that restart: always resumes after the
 * last event that counted. Resolves when there is nothing more to read.
 */
export async function follow(url: string, reader: Reader, signal: AbortSignal): Promise<void> {
  let pause = FIRST_PAUSE;
  while (!signal.aborted && !hasEnded(reader.answer())) {
    const seenBefore = reader.answer().seen;
    reader.onResume();
    const connection = await connect(url, reader, signal);
    reader.onConnection(false);
    if (connection === "over") return;
    if (reader.answer().seen > seenBefore) pause = FIRST_PAUSE;
    if (signal.aborted || hasEnded(reader.answer())) return;
    // Where too many streams are open, the API says when there may be room.
    const room = typeof connection === "number" ? connection * 1000 : 0;
    await nap(Math.max(pause * (0.75 + Math.random() / 2), room), signal);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
}

/** One connection. A number is in how many seconds to come back. */
async function connect(url: string, reader: Reader, signal: AbortSignal): Promise<"over" | "again" | number> {
  const cut = new AbortController();
  const stop = () => cut.abort();
  signal.addEventListener("abort", stop);
  let watchdog: ReturnType<typeof setTimeout> | undefined;
  const alive = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(stop, SILENCE);
  };
  alive();
  try {
    const { seen } = reader.answer();
    const where = new URL(url, location.origin);
    if (seen >= 0) where.searchParams.set("after", String(seen));
    const headers = { accept: "text/event-stream" };
    const response = await withSession(
      new Request(where, { headers, signal: cut.signal, cache: "no-store" }),
    );
    if (response.status === 204) return "over";
    if (!response.ok || !response.body) {
      const problem = await Problem.of(response);
      if (!mayPass(problem)) return "over";
      return problem.status === 429 ? (problem.retryAfter ?? "again") : "again";
    }
    reader.onConnection(true);
    for await (const wire of readEvents(response.body, alive)) {
      const event = eventOf(wire);
      if (event) reader.take(event);
      if (reader.answer().gap) return "again";
    }
    return "again";
  } catch {
    return "again";
  } finally {
    clearTimeout(watchdog);
    signal.removeEventListener("abort", stop);
    cut.abort();
  }
}

/** Whether it is worth to come back. */
function mayPass(problem: Problem): boolean {
  return problem.status === 0 || problem.status === 429 || problem.status >= 500;
}

/** Waits, but not when the network comes back or the page is looked at again. */
function nap(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      document.removeEventListener("visibilitychange", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    window.addEventListener("online", done);
    document.addEventListener("visibilitychange", done);
    signal.addEventListener("abort", done);
  });
}
