/**
 * Answers on their way to the API, in the order in which they were given. Pure but for what it is given: where they are
 * kept, and what sends one.
 */
import { Problem } from "@medai/client";
import type { Answer } from "../api.ts";
import type { Reviewed } from "../types.ts";

/** An answer that waits, and the place that it has among all. */
export interface Waiting extends Answer {
  seq: number;
}

export interface AnswerStore {
  add: (answer: Answer) => Promise<void>;
  /** In their order. */
  all: () => Promise<Waiting[]>;
  remove: (seq: number) => Promise<void>;
}

export interface Sending {
  send: (answer: Answer) => Promise<Reviewed>;
  /** It counts. */
  taken: (answer: Answer, reviewed: Reviewed) => void;
  /** It never will: its card is gone, or somewhere else it was answered since. */
  refused: (answer: Answer, problem: Problem) => void;
}

/** What will not change when it is sent again. All else is tried again later, so that nothing is lost by a bad moment. */
const FINAL = new Set([400, 404, 409, 410, 413, 422]);

/** Sends what waits. Says whether all is sent, or what keeps the rest. Only one at a time may do this: see `inTurn`. */
export async function sendAll(
  store: AnswerStore,
  { send, taken, refused }: Sending,
): Promise<Problem | undefined> {
  const first = async () => (await store.all())[0];
  for (let next = await first(); next; next = await first()) {
    const { seq, ...answer } = next;
    try {
      const reviewed = await send(answer);
      await store.remove(seq);
      taken(answer, reviewed);
    } catch (error) {
      const problem = Problem.wrap(error);
      if (!FINAL.has(problem.status)) return problem;
      await store.remove(seq);
      refused(answer, problem);
    }
  }
  return undefined;
}

const LOCK = "medai-study-answers";

/** One after the other over all tabs: what one of them sends or takes back, no other one does. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  // Browsers offer locks on HTTPS and on localhost.
  if (navigator.locks) return navigator.locks.request(LOCK, work) as Promise<T>;
  chain = chain.then(work, work);
  return chain as Promise<T>;
}
let chain: Promise<unknown> = Promise.resolve();

/** How long to wait before the next try, in milliseconds. */
export function pauseAfter(problem: Problem, tries: number): number {
  if (problem.retryAfter !== undefined) return problem.retryAfter * 1000;
  return Math.min(60_000, 2000 * 2 ** Math.min(tries, 5));
}
