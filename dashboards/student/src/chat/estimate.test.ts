import type { Message } from "@medai/client";
import { expect, test } from "vitest";
import { estimate } from "./estimate.ts";

const message = (content: string): Message => ({
  id: "1",
  session_id: "s",
  parent_id: null,
  role: "user",
  feature: "chat",
  content,
  status: "complete",
  citations: [],
  created_at: "2026-01-01T00:00:00Z",
});

const turn = (question: string, answer?: string) => ({
  question: message(question),
  wordings: [],
  answer: answer === undefined ? undefined : message(answer),
  answers: [],
});

test("more text is higher, whether its lines are long or many", () => {
  const short = estimate(turn("Why?", "So."));
  expect(estimate(turn("Why?", "word ".repeat(200)))).toBeGreaterThan(short + 300);
  expect(estimate(turn("Why?", "- a\n".repeat(20)))).toBeGreaterThan(short + 300);
});

test("a question without an answer has its room", () => {
  expect(estimate(turn("Why?"))).toBeGreaterThan(100);
});
