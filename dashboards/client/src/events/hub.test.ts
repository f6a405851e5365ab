import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Hub } from "./hub.ts";
import type { ToHub, ToPage } from "./protocol.ts";

/** A server whose streams the test writes to. */
function server() {
  const streams: { url: string; send: (text: string) => void; end: () => void; signal: AbortSignal }[] = [];
  const answers: Response[] = [];
  const get = ((url: string, { signal }: { signal: AbortSignal }) => {
    const planned = answers.shift();
    if (planned) return Promise.resolve(planned);
    let controller: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start: (it) => {
        controller = it;
        signal.addEventListener("abort", () => it.error(signal.reason), { once: true });
      },
    });
    streams.push({
      url,
      signal,
      send: (text) => controller.enqueue(new TextEncoder().encode(text)),
      end: () => controller.close(),
    });
    return Promise.resolve(new Response(body));
  }) as unknown as typeof fetch;
  return { get, streams, answers, last: () => streams.at(-1) as (typeof streams)[0] };
}

function page(hub: Hub) {
  const messages: ToPage[] = [];
  const say: (message: ToHub) => void = hub.join((message) => messages.push(message));
  const events = () => messages.flatMap((it) => (it.say === "event" ? [`${it.job} ${it.event.number}`] : []));
  return { messages, say, events };
}

const event = (job: string, number: number, kind = "delta") =>
  `id: ${job}:${number}\nevent: ${kind}\ndata: {}\n\n`;

const settle = () => vi.advanceTimersByTimeAsync(50);

describe("the hub", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("reads everything over one stream, and tells each page what it asked for", async () => {
    const { get, streams, last } = server();
    const hub = new Hub(get);
    const [one, two] = [page(hub), page(hub)];
    one.say({ say: "watch", job: "a", seen: -1 });
    two.say({ say: "watch", job: "b", seen: 7 });
    await settle();
    expect(last().url).toBe("/api/events?jobs=a,b:7");
    last().send(event("a", 0, "queued") + event("b", 8) + event("c", 1));
    await settle();
    expect(one.events()).toEqual(["a 0"]);
    expect(two.events()).toEqual(["b 8"]);
    expect(streams.filter(({ signal }) => !signal.aborted)).toHaveLength(1);
  });

  it("tells who comes later what was told already", async () => {
    const { get, streams, last } = server();
    const hub = new Hub(get);
    const one = page(hub);
    one.say({ say: "watch", job: "a", seen: -1 });
    await settle();
    last().send(event("a", 0) + event("a", 1) + event("a", 2, "done"));
    await settle();
    const before = streams.length;
    const two = page(hub);
    two.say({ say: "watch", job: "a", seen: 0 });
    await settle();
    expect(two.events()).toEqual(["a 1", "a 2"]);
    expect(two.messages.at(-1)).toEqual({ say: "over", job: "a" });
    expect(streams.length).toBe(before);
  });

  it("asks anew for who knows less than it, and repeats nothing to the others", async () => {
    const { get, last } = server();
    const hub = new Hub(get);
    const one = page(hub);
    one.say({ say: "watch", job: "a", seen: 5 });
    await settle();
    last().send(event("a", 6));
    const two = page(hub);
    two.say({ say: "watch", job: "a", seen: -1 });
    await settle();
    expect(last().url).toBe("/api/events?jobs=a");
    last().send(event("a", 0) + event("a", 6) + event("a", 7));
    await settle();
    expect(one.events()).toEqual(["a 6", "a 7"]);
    expect(two.events()).toEqual(["a 0", "a 6", "a 7"]);
  });

  it("comes back after what it saw, and says that it was away", async () => {
    const { get, streams, last } = server();
    const hub = new Hub(get);
    const one = page(hub);
    one.say({ say: "watch", job: "a", seen: -1 });
    await settle();
    last().send(event("a", 3));
    await settle();
    const before = streams.length;
    last().end();
    await settle();
    expect(one.messages.at(-1)).toEqual({ say: "connected", connected: false });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(streams.length).toBe(before + 1);
    expect(last().url).toBe("/api/events?jobs=a:3");
    expect(one.messages.at(-1)).toEqual({ say: "connected", connected: true });
  });

  it("has a page renew the sign-in, and goes on", async () => {
    const { get, answers, streams } = server();
    answers.push(new Response(null, { status: 401 }));
    const hub = new Hub(get);
    const one = page(hub);
    await settle();
    expect(one.messages.at(-1)).toMatchObject({ say: "renew" });
    expect(streams).toHaveLength(0);
    one.say({ say: "renewed", ok: true });
    await settle();
    expect(streams).toHaveLength(1);
  });

  it("closes what nobody wants any more", async () => {
    const { get, streams } = server();
    const hub = new Hub(get);
    const one = page(hub);
    one.say({ say: "live", wanted: true });
    await settle();
    const open = () => streams.filter(({ signal }) => !signal.aborted).map(({ url }) => url);
    expect(open()).toEqual(["/api/events", "/api/admin/live"]);
    one.say({ say: "live", wanted: false });
    await settle();
    expect(open()).toEqual(["/api/events"]);
    one.say({ say: "bye" });
    await settle();
    expect(open()).toEqual([]);
  });
});
