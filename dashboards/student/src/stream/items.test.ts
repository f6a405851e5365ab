import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { follows, type Item, itemOf, type Kind, type StreamEvent } from "./event.ts";
import { type Answer, hasBegun, NOTHING, reduce, resumed } from "./reduce.ts";

const EPOCH = 2 ** 20;

/** All events of a command's job, and the items that must be there in the end. */
interface Job {
  events: StreamEvent[];
  items: Item[];
}

/** What one start of a worker publishes: it may begin anew within its epoch, and comes to some items. */
const starts = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 3 });

/** The order of a start's items: those that were asked for again come later, at the place that they had. */
const shuffled = (count: number, seed: number): number[] =>
  Array.from({ length: count }, (_, index) => index).sort(
    (a, b) => ((a * 7 + seed) % count) - ((b * 7 + seed) % count),
  );

const job: fc.Arbitrary<Job> = fc
  .tuple(
    fc.array(starts, { minLength: 1, maxLength: 2 }),
    fc.nat(20),
    fc.constantFrom<Kind>("done", "cancelled"),
  )
  .map(([epochs, seed, last]) => {
    const events: StreamEvent[] = [{ number: 0, kind: "queued", data: { position: 0 } }];
    let items: Item[] = [];
    let number = 0;
    for (const [at, counts] of epochs.entries()) {
      number = (at + 1) * EPOCH;
      const say = (kind: Kind, data = {}) => events.push({ number: ++number, kind, data });
      say("started");
      for (const [start, count] of counts.entries()) {
        if (at > 0 || start > 0) say("restart");
        items = shuffled(count, seed + start).map((index) => ({
          index,
          kind: "card",
          item: { id: `${at}.${start}.${index}` },
        }));
        for (const item of items) say("item", item);
      }
      say("usage");
    }
    events.push({ number: number + (items.length ? EPOCH / 2 : 3), kind: last, data: {} });
    return { events, items };
  });

interface Connection {
  length: number;
  again: number;
  lost: number | undefined;
  late: boolean;
}

const connection: fc.Arbitrary<Connection> = fc.record({
  length: fc.nat(20),
  again: fc.nat(5),
  lost: fc.option(fc.nat(10), { nil: undefined }),
  late: fc.boolean(),
});

const whole: Connection = { length: Number.POSITIVE_INFINITY, again: 0, lost: undefined, late: false };

/** The events of one connection. Whoever comes late gets a restart, all items and the end from the database. */
function carried({ events, items }: Job, seen: number, how: Connection): StreamEvent[] {
  const last = events.at(-1);
  const from = (last?.number ?? 0) - Math.max(1, items.length) - 1;
  if (last && (how.late || seen >= from)) {
    const healed: StreamEvent[] = [
      { number: from, kind: "restart", data: {} },
      ...items.map((item, at) => ({ number: from + 1 + at, kind: "item" as const, data: { ...item } })),
      last,
    ];
    return healed.filter((event) => how.late || event.number > seen).slice(0, how.length);
  }
  const next = events.findIndex((event) => event.number > seen);
  const rest = events.slice(Math.max(0, (next < 0 ? events.length : next) - how.again));
  return rest.slice(0, how.length).filter((_, at) => at !== how.lost);
}

function* readings(job: Job, connections: Connection[]): Generator<Answer> {
  let answer = NOTHING;
  for (const how of [...connections, whole]) {
    answer = resumed(answer);
    for (const event of carried(job, answer.seen, how)) {
      answer = reduce(answer, event);
      yield answer;
    }
  }
}

const ids = (items: readonly Item[]) => items.map(({ item }) => item.id);

describe("whoever has seen a command's job end", () => {
  test("has each of its items once, however the stream was cut, repeated, holed, or told from the database", () => {
    fc.assert(
      fc.property(job, fc.array(connection, { maxLength: 12 }), (job, connections) => {
        const answer = [...readings(job, connections)].at(-1);
        expect(ids(answer?.items ?? [])).toEqual(ids(job.items));
        expect(answer?.phase).toBe(job.events.at(-1)?.kind);
      }),
      { numRuns: 1000 },
    );
  });

  test("has seen items come, and only a restart take them", () => {
    fc.assert(
      fc.property(job, fc.array(connection, { maxLength: 8 }), (job, connections) => {
        let before: Answer = NOTHING;
        for (const answer of readings(job, connections)) {
          if (answer.restarts === before.restarts)
            expect(ids(answer.items).slice(0, before.items.length)).toEqual(ids(before.items));
          before = answer;
        }
      }),
    );
  });
});

test("an item that is told twice counts once", () => {
  const item = (number: number): StreamEvent => ({
    number,
    kind: "item",
    data: { index: 0, kind: "card", item: { front: "a" } },
  });
  const answer = [item(EPOCH + 1), item(EPOCH + 2)].reduce(reduce, NOTHING);
  expect(answer.items).toHaveLength(1);
  expect(answer.seen).toBe(EPOCH + 2);
  expect(hasBegun(answer)).toBe(true);
});

test("what is no item is none, and its number counts", () => {
  for (const data of [{}, { index: 1, kind: "card" }, { index: 1, kind: "card", item: [] }])
    expect(itemOf(data)).toBeUndefined();
  expect(reduce(NOTHING, { number: EPOCH + 1, kind: "item", data: {} })).toMatchObject({
    items: [],
    seen: EPOCH + 1,
  });
});

test("an end is not taken where something is known to be lost before it", () => {
  const item = (number: number, index: number): StreamEvent => ({
    number,
    kind: "item",
    data: { index, kind: "card", item: { id: String(index) } },
  });
  // A restart at 6 is lost: what is there by then is not what the end is about.
  const before = [1, 2, 3, 4, 5].map((at) => item(EPOCH + at, at)).reduce(reduce, NOTHING);
  const holed = reduce(before, item(EPOCH + 7, 1));
  expect(holed.gap).toBe(true);
  expect(reduce(holed, { number: EPOCH + 7 + EPOCH / 2, kind: "done", data: {} })).toBe(holed);
});

test("the end of items leaves half of the numbers for them", () => {
  const done = (number: number): StreamEvent => ({ number, kind: "done", data: {} });
  const end = EPOCH + 5 + EPOCH / 2;
  expect(follows(done(end), EPOCH + 5)).toBe(true);
  expect(follows(done(end + 1), EPOCH + 5)).toBe(false);
  expect(follows(done(EPOCH + 8), EPOCH + 5)).toBe(true);
  expect(follows({ ...done(end), kind: "item" }, EPOCH + 5)).toBe(false);
});
