import type { Accepted, Message } from "@medai/client";
import { expect, test } from "vitest";
import { echo, pendingAnswer } from "./ahead.ts";
import { turnsOf } from "./branches.ts";

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

const QUESTION = message("0193a000-0000-7000-8000-000000000001", null, "user");
const FIRST = message("0193a000-0000-7000-8000-000000000002", QUESTION.id, "assistant");
// Of a receipt, this is all that is looked at.
const receipt = {
  message: QUESTION,
  answer_id: "0193a000-0000-7000-8000-000000000008",
  job: { id: "0193a000-0000-7000-8000-000000000009" },
} as Accepted;

test("the answer that is being written is the one that is seen, also beside older ones", () => {
  const [turn] = turnsOf([QUESTION, FIRST, pendingAnswer(receipt)], {});
  expect(turn?.answer?.status).toBe("pending");
  expect(turn?.answers.length).toBe(2);
});

test("a question in other words is seen at once, and its answer with it", () => {
  const words = echo("s", "In other words", null);
  expect(turnsOf([QUESTION, FIRST, words], {}).map(({ question }) => question.content)).toEqual([
    "In other words",
  ]);
});
