import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { follows, type Kind, type StreamEvent } from "./event.ts";
import { type Answer, hasEnded, NOTHING, reduce, resumed } from "./reduce.ts";

const EPOCH = 2 ** 20;

/** All events of a job, in order, as its workers published them. */
interface Job {
  events: StreamEvent[];
  /** What must be read in the end. */
  text: string;
}

type Step = { kind: "delta"; text: string } | { kind: "restart" } | { kind: "waiting" } | { kind: "usage" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant("delta" as const), text: fc.string({ minLength: 1 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "restart" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "waiting" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "usage" as const }) },
);

const end = fc.constantFrom<Kind>("done", "truncated", "blocked", "cancelled");

/** One to three workers in turn: each later one begins with a restart, since the one before it had spoken. */
const job: fc.Arbitrary<Job> = fc
  .tuple(fc.array(fc.array(step, { maxLength: 12 }), { minLength: 1, maxLength: 3 }), end)
  .map(([epochs, last]) => {
    const events: StreamEvent[] = [{ number: 0, kind: "queued", data: { position: 0 } }];
    let text = "";
    let number = 0;
    for (const [at, steps] of epochs.entries()) {
      number = (at + 1) * EPOCH;
      const say = (kind: Kind, data = {}) => events.push({ number: ++number, kind, data });
      say("started");
      if (at > 0) {
        say("restart");
        text = "";
      }
      for (const each of steps) {
        if (each.kind === "restart") text = "";
        if (each.kind === "delta") text += each.text;
        say(each.kind, each);
      }
    }
    events.push({ number: number + 3, kind: last, data: {} });
    return { events, text };
  });

/** What the network and the reader do in one connection. */
interface Connection {
  /** Ends after so many events. */
  length: number;
  /** So many events before the place of resumption come again. */
  again: number;
  /** This one of its events gets lost. */
  lost: number | undefined;
  /** The bus has forgotten, the job has ended: its text comes from the database. */
  late: boolean;
}

const connection: fc.Arbitrary<Connection> = fc.record({
  length: fc.nat(20),
  again: fc.nat(5),
  lost: fc.option(fc.nat(10), { nil: undefined }),
  late: fc.boolean(),
});

/** The events that a connection carries to a reader who has `seen` so much. */
function carried({ events, text }: Job, seen: number, how: Connection): StreamEvent[] {
  const last = events.at(-1);
  // Who was cut off in the midst of what the database told is told the rest of it.
  if (last && (how.late || seen >= last.number - 2)) {
    const healed: StreamEvent[] = [
      { number: last.number - 2, kind: "restart", data: {} },
      { number: last.number - 1, kind: "delta", data: { text } },
      last,
    ];
    return healed.filter((event) => how.late || event.number > seen).slice(0, how.length);
  }
  const from = events.findIndex((event) => event.number > seen);
  const rest = events.slice(Math.max(0, (from < 0 ? events.length : from) - how.again));
  return rest.slice(0, how.length).filter((_, at) => at !== how.lost);
}

const whole: Connection = { length: Number.POSITIVE_INFINITY, again: 0, lost: undefined, late: false };

function read(job: Job, connections: Connection[]): Answer {
  let answer = NOTHING;
  for (const how of [...connections, whole]) {
    answer = resumed(answer);
    for (const event of carried(job, answer.seen, how)) answer = reduce(answer, event);
  }
  return answer;
}

describe("whoever has seen a job end", () => {
  test("has its text, however often the stream was cut, repeated, holed, or told from the database", () => {
    fc.assert(
      fc.property(job, fc.array(connection, { maxLength: 12 }), (job, connections) => {
        const answer = read(job, connections);
        expect(answer.text).toBe(job.text);
        expect(answer.phase).toBe(job.events.at(-1)?.kind);
      }),
      { numRuns: 1000 },
    );
  });

  test("has it also when two connections carry the same job at once", () => {
    const order = fc.array(fc.boolean(), { minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(job, order, (job, order) => {
        const lanes = [[...job.events], [...job.events]];
        let answer = NOTHING;
        for (const first of order) {
          const event = lanes[first ? 0 : 1]?.shift();
          if (event) answer = reduce(answer, event);
        }
        for (const event of lanes.flat()) answer = reduce(answer, event);
        expect(answer.text).toBe(job.text);
      }),
    );
  });

  test("changes nothing more", () => {
    fc.assert(
      fc.property(job, (job) => {
        const answer = read(job, []);
        expect(hasEnded(answer)).toBe(true);
        for (const event of job.events) expect(reduce(answer, event)).toBe(answer);
      }),
    );
  });
});

test("at no time is there text on the page that is not the beginning of what was written", () => {
  fc.assert(
    fc.property(job, fc.array(connection, { maxLength: 8 }), (job, connections) => {
      // All that was ever to be read, of every start.
      const texts = new Set<string>([""]);
      let text = "";
      for (const event of job.events) {
        if (event.kind === "restart") text = "";
        if (event.kind === "delta") text += event.data.text;
        texts.add(text);
      }
      texts.add(job.text);
      let answer = NOTHING;
      for (const how of [...connections, whole]) {
        answer = resumed(answer);
        for (const event of carried(job, answer.seen, how)) {
          answer = reduce(answer, event);
          expect(texts).toContain(answer.text);
        }
      }
    }),
  );
});

test("a hole is seen, and nothing is taken until the stream was resumed", () => {
  const delta = (number: number, text: string): StreamEvent => ({ number, kind: "delta", data: { text } });
  let answer = reduce(NOTHING, { number: EPOCH + 1, kind: "started", data: {} });
  answer = reduce(reduce(answer, delta(EPOCH + 2, "a")), delta(EPOCH + 4, "c"));
  expect([answer.gap, answer.text, answer.seen]).toEqual([true, "a", EPOCH + 2]);
  answer = reduce(reduce(resumed(answer), delta(EPOCH + 3, "b")), delta(EPOCH + 4, "c"));
  expect([answer.gap, answer.text]).toEqual([false, "abc"]);
});

test("the numbers follow each other as the workers give them", () => {
  const event = (number: number, kind: Kind = "delta"): StreamEvent => ({ number, kind, data: {} });
  expect(follows(event(EPOCH + 1), 0)).toBe(true);
  expect(follows(event(2 * EPOCH + 1), EPOCH + 7)).toBe(true);
  expect(follows(event(2 * EPOCH + 2), EPOCH + 7)).toBe(false);
  expect(follows(event(EPOCH + 9), EPOCH + 7)).toBe(false);
  expect(follows(event(EPOCH + 10, "done"), EPOCH + 7)).toBe(true);
  expect(follows(event(EPOCH + 11, "done"), EPOCH + 7)).toBe(false);
});
