import { Problem } from "../problem.ts";
import { readEvents, type ServerEvent } from "../sse.ts";

const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 10_000;
/** The API says every 15 s that a stream lives. One that says nothing for so long is dead, whatever the network says. */
const SILENCE = 40_000;

interface Reader {
  /** Where the stream is now. */
  url: () => string;
  take: (event: ServerEvent) => void;
  onConnection: (connected: boolean) => void;
  /** Renews the sign-in, if it was not since; false where it has ended. */
  renew: (since: number) => Promise<boolean>;
  /** The API will not have it: not worth to come back. */
  onRefused: () => void;
}

/** One stream of events that is kept open: it comes back after lost networks, silence, and servers that restart. */
export class Line {
  #reader: Reader;
  #fetch: typeof fetch;
  #stop: AbortController | undefined;
  #cut: AbortController | undefined;
  #wake: () => void = () => undefined;

  constructor(reader: Reader, get: typeof fetch = (...args) => fetch(...args)) {
    this.#reader = reader;
    this.#fetch = get;
  }

  get isOpen(): boolean {
    return this.#stop !== undefined;
  }

  open(): void {
    if (this.#stop) this.wake();
    else {
      this.#stop = new AbortController();
      void this.#run(this.#stop.signal);
    }
  }

  close(): void {
    this.#stop?.abort();
    this.#stop = undefined;
    this.#cut?.abort();
    this.#wake();
  }

  /** Where the stream is has changed: reads there. */
  turn(): void {
    if (this.#stop) {
      this.#cut?.abort("turn");
      this.#wake();
    } else this.open();
  }

  /** Does not wait any longer, where it waits to come back. */
  wake(): void {
    this.#wake();
  }

  async #run(stop: AbortSignal): Promise<void> {
    let pause = FIRST_PAUSE;
    while (!stop.aborted) {
      const cut = new AbortController();
      this.#cut = cut;
      const outcome = await this.#connect(cut);
      if (stop.aborted) return;
      if (cut.signal.reason === "turn") continue;
      this.#reader.onConnection(false);
      if (outcome === "refused") {
        this.#stop = undefined;
        this.#reader.onRefused();
        return;
      }
      if (outcome === "received") pause = FIRST_PAUSE;
      // Where too many streams are open, the API says when there may be room.
      const room = typeof outcome === "number" ? outcome * 1000 : 0;
      await this.#nap(Math.max(pause * (0.75 + Math.random() / 2), room));
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }

  /** One connection. A number is in how many seconds to come back. */
  async #connect(cut: AbortController): Promise<"received" | "silent" | "refused" | number> {
    let watchdog: ReturnType<typeof setTimeout> | undefined;
    let outcome: "received" | "silent" = "silent";
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => cut.abort(), SILENCE);
    };
    alive();
    try {
      const response = await this.#get(cut.signal);
      if (!response.ok || !response.body) {
        const { status, retryAfter } = await Problem.of(response);
        if (status === 429) return retryAfter ?? "silent";
        return status >= 400 && status < 500 ? "refused" : "silent";
      }
      this.#reader.onConnection(true);
      for await (const event of readEvents(response.body, alive)) {
        if (cut.signal.aborted) break;
        outcome = "received";
        this.#reader.take(event);
      }
      return outcome;
    } catch {
      return outcome;
    } finally {
      clearTimeout(watchdog);
      if (!cut.signal.aborted) cut.abort();
    }
  }

  async #get(signal: AbortSignal): Promise<Response> {
    const get = () =>
      this.#fetch(this.#reader.url(), {
        headers: { accept: "text/event-stream" },
        signal,
        cache: "no-store",
      });
    const began = Date.now();
    const response = await get();
    if (response.status !== 401) return response;
    return (await this.#reader.renew(began)) ? get() : response;
  }

  #nap(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake = () => undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#wake = done;
    });
  }
}
