/**
 * Who waits to be written out. A conversation of hundreds of answers is all in the page, so that the browser finds what
 * is in it; but one answer at a time, so that no task is long. What comes into sight goes first, then the newest.
 */
export interface Waiter {
  /** Its place in the conversation. */
  at: number;
  near: boolean;
  /** `now` where nothing may be put off. */
  run: (now: boolean) => void;
}

/** Who is next: of those in sight, else of all, the one furthest down. */
export function next(waiting: Iterable<Waiter>): Waiter | undefined {
  let best: Waiter | undefined;
  for (const each of waiting) {
    if (!best || (each.near === best.near ? each.at > best.at : each.near)) best = each;
  }
  return best;
}

export class Line {
  #waiting = new Set<Waiter>();
  #called = false;
  readonly #soon: (work: () => void) => void;

  constructor(soon: (work: () => void) => void) {
    this.#soon = soon;
  }

  /** Waits; returns how to leave. */
  join(waiter: Waiter): () => void {
    this.#waiting.add(waiter);
    this.#call();
    return () => this.#waiting.delete(waiter);
  }

  /** Whether anybody waits. */
  get waits(): boolean {
    return this.#waiting.size > 0;
  }

  /** All at once, for who cannot wait, such as a printer. */
  flush(): void {
    const all = [...this.#waiting];
    this.#waiting.clear();
    for (const waiter of all) waiter.run(true);
  }

  #call(): void {
    if (this.#called || this.#waiting.size === 0) return;
    this.#called = true;
    this.#soon(() => {
      this.#called = false;
      const first = next(this.#waiting);
      if (!first) return;
      this.#waiting.delete(first);
      first.run(false);
      this.#call();
    });
  }
}

/** When the browser has nothing else to do; at the latest in a moment. Safari does not say when that is. */
export const whenIdle = (work: () => void): void => {
  if ("requestIdleCallback" in window) requestIdleCallback(work, { timeout: 100 });
  else setTimeout(work, 16);
};
