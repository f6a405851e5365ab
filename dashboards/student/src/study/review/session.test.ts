import { expect, test } from "vitest";
import type { CardState, Queue, QueueCard } from "../types.ts";
import {
  EMPTY,
  edited,
  isStale,
  rated,
  refilled,
  revealed,
  type Session,
  undone,
  without,
} from "./session.ts";

const next = { interval_seconds: 60, label: "1m" };
const card = (id: string, state: CardState = "review", note = id): QueueCard => ({
  kind: "basic",
  fields: { front: id, back: "" },
  card_id: id,
  note_id: note,
  deck_id: "d",
  deck_title: "D",
  ordinal: 0,
  tags: [],
  source: null,
  state,
  due_at: null,
  reps: 0,
  lapses: 0,
  next: { again: next, hard: next, good: next, easy: next },
});
const queue = (...items: QueueCard[]): Queue => ({
  items,
  counts: { new: 0, learning: 0, due: items.length },
  day: 0,
  day_ends_at: "2026-12-02T04:00:00Z",
  backlog: null,
  learning_due_at: null,
});
const ids = ({ queue }: Session) => queue.map(({ card }) => card.card_id);
const begun = (...items: QueueCard[]) => refilled(EMPTY, queue(...items), false);

test("an answer brings the next card, unseen", () => {
  const session = rated(revealed(begun(card("a"), card("b"))), 3, "key", false);
  expect(ids(session)).toEqual(["b"]);
  expect(session.revealed).toBe(false);
  expect(session.counts.due).toBe(1);
});

test("without network, what was forgotten comes back at the end, with nothing said of its intervals", () => {
  const session = rated(begun(card("a"), card("b")), 1, "key", true);
  expect(ids(session)).toEqual(["b", "a"]);
  expect(session.queue[1]?.unsure).toBe(true);
  expect(session.queue[1]?.card).toMatchObject({ state: "relearning", reps: 1 });
  expect(session.counts).toEqual({ new: 0, learning: 1, due: 1 });
  // With a network the API says when.
  expect(ids(rated(begun(card("a"), card("b")), 1, "key", false))).toEqual(["b"]);
});

test("a card that is read stays where it is when the queue comes anew", () => {
  const session = refilled(
    revealed(begun(card("a"), card("b"))),
    queue(card("c"), card("a"), card("d")),
    true,
  );
  expect(ids(session)).toEqual(["a", "c", "d"]);
  expect(session.revealed).toBe(true);
});

test("what was taken back is asked again, once", () => {
  const before = begun(card("a"), card("b"));
  for (const offline of [true, false]) {
    const session = undone(rated(before, 1, "key", offline), "a");
    expect(ids(session)).toEqual(["a", "b"]);
    expect(session.counts).toEqual(before.counts);
    expect(session.given).toEqual([]);
  }
  expect(undone(before, "unknown")).toBe(before);
});

test("cards that are put aside leave, with their counts", () => {
  const session = without(
    revealed(begun(card("a", "review", "n"), card("b", "review", "n"), card("c"))),
    (each) => each.note_id === "n",
  );
  expect(ids(session)).toEqual(["c"]);
  expect(session.counts.due).toBe(1);
  expect(session.revealed).toBe(false);
});

test("an edited note is shown as it is now", () => {
  const session = edited(begun(card("a")), "a", { front: "new", back: "" });
  expect(session.queue[0]?.card.fields).toEqual({ front: "new", back: "" });
});

test("the queue is asked for anew when a card is due, few are left, or many were answered", () => {
  const now = Date.parse("2026-12-01T12:00:00Z");
  expect(isStale(begun(card("a")), now)).toBe(false);
  expect(isStale({ ...begun(card("a")), learningDueAt: "2026-12-01T11:59:00Z" }, now)).toBe(true);
  expect(isStale(rated(begun(card("a")), 3, "k", false), now)).toBe(true);
  expect(isStale({ ...begun(card("a"), card("b")), since: 20 }, now)).toBe(true);
});
