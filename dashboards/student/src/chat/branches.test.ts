import type { Message } from "@medai/client";
import fc from "fast-check";
import { expect, test } from "vitest";
import { leafOf, placeOf, turnsOf } from "./branches.ts";

const message = (id: string, parent: string | null, role: "user" | "assistant"): Message => ({
  id,
  parent_id: parent,
  role,
  session_id: "s",
  feature: "chat",
  content: id,
  status: "complete",
  citations: [],
  created_at: "2026-01-01T00:00:00Z",
});

const ids = (messages: Message[], choice = {}) =>
  turnsOf(messages, choice).map(({ question, answer }) => [question.id, answer?.id]);

const talk = [
  message("1", null, "user"),
  message("2", "1", "assistant"),
  message("3", "2", "user"),
  message("4", "3", "assistant"),
  // The first question in other words, and another answer to those.
  message("5", null, "user"),
  message("6", "5", "assistant"),
  message("7", "5", "assistant"),
];

test("without a choice the branch with the newest message is shown", () => {
  expect(ids(talk)).toEqual([["5", "7"]]);
});

test("a choice shows another branch, and all that follows in it", () => {
  expect(ids(talk, { root: "1" })).toEqual([
    ["1", "2"],
    ["3", "4"],
  ]);
  expect(ids(talk, { 5: "6" })).toEqual([["5", "6"]]);
});

test("siblings are told", () => {
  const [turn] = turnsOf(talk, {});
  expect(turn?.wordings.map(({ id }) => id)).toEqual(["1", "5"]);
  expect(turn?.answers.map(({ id }) => id)).toEqual(["6", "7"]);
});

test("of any tree, one path is shown: each message follows the one before, and the newest is its end", () => {
  const tree = fc.array(fc.nat(), { minLength: 1, maxLength: 30 }).map((picks) =>
    picks.reduce<Message[]>((messages, pick, at) => {
      const parent = at === 0 ? undefined : messages[pick % (at + 1)];
      const role = parent?.role === "user" ? "assistant" : "user";
      return [...messages, message(String(at).padStart(3, "0"), parent?.id ?? null, role)];
    }, []),
  );
  fc.assert(
    fc.property(tree, (messages) => {
      const turns = turnsOf(messages, {});
      const path = turns.flatMap(({ question, answer }) => (answer ? [question, answer] : [question]));
      path.forEach((each, at) => {
        expect(placeOf(each)).toBe(path[at - 1]?.id ?? "root");
      });
      expect(leafOf(turns)?.id).toBe(messages.at(-1)?.id);
    }),
  );
});
