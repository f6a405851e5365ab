/**
 * Reads all that a browser watches over one stream, and tells each of its pages what it asked for. Over HTTP/1.1 a
 * browser opens six connections to a host, for all tabs together: a stream for each page or job leaves none for requests.
 */
import type { ServerEvent } from "../sse.ts";
import { Line } from "./line.ts";
import { isTerminal, type JobEvent, type ToHub, type ToPage } from "./protocol.ts";

/** Jobs that are asked for together are watched by one request. */
const TOGETHER = 20;
/** How long a page may take to renew the sign-in. */
const RENEWAL = 15_000;

/** How a page is told. */
export type Tell = (message: ToPage) => void;

interface Page {
  tell: Tell;
  /** What it has seen of each job that it watches. */
  jobs: Map<string, number>;
  live: boolean;
}

interface Job {
  /** What comes is after this event. */
  from: number;
  events: JobEvent[];
  over: boolean;
  /** The stream that asks for it is not open yet: what comes is that of the one before. */
  asked: boolean;
}

export class Hub {
  #pages = new Set<Page>();
  #jobs = new Map<string, Job>();
  #events: Line;
  #live: Line;
  #connected = false;
  #status: string | undefined;
  #figures: string | undefined;
  #turning: ReturnType<typeof setTimeout> | undefined;
  #renewal: ((ok: boolean) => void) | undefined;

  constructor(get?: typeof fetch) {
    this.#events = new Line(
      {
        url: () => this.#url(),
        take: (event) => this.#take(event),
        onConnection: (connected) => {
          this.#connected = connected;
          this.#tell({ say: "connected", connected });
        },
        renew: (since) => this.#renew(since),
        onRefused: () => undefined,
      },
      get,
    );
    this.#live = new Line(
      {
        url: () => "/api/admin/live",
        take: ({ event, data }) => {
          if (event === "live") this.#tellLive(data);
        },
        onConnection: (connected) => this.#tell({ say: "live-connected", connected }),
        renew: (since) => this.#renew(since),
        onRefused: () => this.#tell({ say: "live", data: null }),
      },
      get,
    );
  }

  /** A page comes. Returns how it says something, until `bye`. */
  join(tell: Tell): (message: ToHub) => void {
    const page: Page = { tell, jobs: new Map(), live: false };
    this.#pages.add(page);
    tell({ say: "connected", connected: this.#connected });
    if (this.#status) tell({ say: "status", data: this.#status });
    this.#events.open();
    return (message) => this.#hear(page, message);
  }

  #hear(page: Page, message: ToHub): void {
    switch (message.say) {
      case "watch":
        this.#watch(page, message.job, message.seen);
        break;
      case "unwatch":
        page.jobs.delete(message.job);
        this.#forget(message.job);
        break;
      case "live":
        page.live = message.wanted;
        if (page.live && this.#figures) page.tell({ say: "live", data: this.#figures });
        this.#onlyWhereWanted();
        break;
      case "wake":
        this.#events.open();
        this.#live.wake();
        break;
      case "renewed":
        this.#renewal?.(message.ok);
        break;
      case "bye":
        this.#pages.delete(page);
        for (const job of page.jobs.keys()) this.#forget(job);
        this.#onlyWhereWanted();
    }
  }

  #watch(page: Page, id: string, seen: number): void {
    const again = page.jobs.has(id);
    page.jobs.set(id, seen);
    const known = this.#jobs.get(id);
    // Who asks again missed something: it is read anew. So is what came before all that is known.
    if (known && !again && seen >= known.from) {
      for (const event of known.events) this.#pass(page, id, event);
      if (known.over) page.tell({ say: "over", job: id });
      return;
    }
    this.#jobs.set(id, { from: seen, events: [], over: false, asked: false });
    this.#turn();
  }

  #forget(id: string): void {
    if ([...this.#pages].every(({ jobs }) => !jobs.has(id))) this.#jobs.delete(id);
  }

  #onlyWhereWanted(): void {
    if ([...this.#pages].some(({ live }) => live)) {
      if (!this.#live.isOpen) this.#live.open();
    } else {
      this.#live.close();
      this.#figures = undefined;
    }
    if (this.#pages.size === 0) {
      this.#events.close();
      this.#connected = false;
      this.#status = undefined;
    }
  }

  #turn(): void {
    this.#turning ??= setTimeout(() => {
      this.#turning = undefined;
      this.#events.turn();
    }, TOGETHER);
  }

  #url(): string {
    const jobs = [...this.#jobs].filter(([, { over }]) => !over);
    const named = jobs.map(([id, job]) => {
      job.asked = true;
      const seen = job.events.at(-1)?.number ?? job.from;
      return seen < 0 ? id : `${id}:${seen}`;
    });
    // The newest: the API takes a hundred, and the others follow as these end.
    return named.length > 0 ? `/api/events?jobs=${named.slice(-100).join(",")}` : "/api/events";
  }

  #take({ id, event, data }: ServerEvent): void {
    if (event === "status") {
      this.#status = data;
      this.#tell({ say: "status", data });
      return;
    }
    const [job = "", text = ""] = (id ?? "").split(":");
    const known = this.#jobs.get(job);
    if (!known?.asked || known.over) return;
    const number = Number(text);
    if (event !== "over" && Number.isSafeInteger(number)) {
      const told = { number, kind: event, data };
      known.events.push(told);
      for (const page of this.#pages) this.#pass(page, job, told);
    }
    if (event !== "over" && !isTerminal(event)) return;
    known.over = true;
    for (const page of this.#pages) if (page.jobs.has(job)) page.tell({ say: "over", job });
    if (this.#jobs.size > 100) this.#turn();
  }

  #pass(page: Page, job: string, event: JobEvent): void {
    const seen = page.jobs.get(job);
    if (seen === undefined || event.number <= seen) return;
    page.jobs.set(job, event.number);
    page.tell({ say: "event", job, event });
  }

  #tell(message: ToPage): void {
    for (const page of this.#pages) page.tell(message);
  }

  #tellLive(data: string): void {
    this.#figures = data;
    for (const page of this.#pages) if (page.live) page.tell({ say: "live", data });
  }

  /** Has a page renew the sign-in: the one that came last is likeliest to be there. */
  #renew(since: number): Promise<boolean> {
    const page = [...this.#pages].at(-1);
    if (!page) return Promise.resolve(false);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#renewal?.(false), RENEWAL);
      this.#renewal = (ok) => {
        clearTimeout(timer);
        this.#renewal = undefined;
        resolve(ok);
      };
      page.tell({ say: "renew", since });
    });
  }
}
