import type { Message } from "@medai/client";
import { expect, test } from "vitest";
import { markdownOf } from "./as_markdown.ts";
import { turnsOf } from "./branches.ts";
import { choiceOf } from "./found.ts";

const message = (id: string, parent: string | null, role: "user" | "assistant", content: string) =>
  ({ id, parent_id: parent, role, content, citations: [], status: "complete" }) as unknown as Message;

const MESSAGES = [
  message("1", null, "user", "What is preload?\nIn short."),
  message("2", "1", "assistant", "The stretch [1]."),
  message("3", "2", "user", "And afterload?"),
  message("4", "3", "assistant", "The resistance."),
  message("5", "1", "assistant", "Another answer."),
];

test("a conversation is saved with what its answers cite", () => {
  const cited = { n: 1, title: "Physiology", page: 7, label: "iii" };
  const messages = MESSAGES.slice(0, 2).map((each) => ({
    ...each,
    citations: each.id === "2" ? [cited] : [],
  }));
  expect(markdownOf("Heart", messages as unknown as Message[])).toBe(
    "# Heart\n\n## What is preload?\n## In short.\n\nThe stretch [1].\n\n[1] Physiology, page iii (7 of the file)  \n",
  );
});

test("a message that was found is shown, on whichever branch it is", () => {
  const shown = (id: string) => {
    const turns = turnsOf(MESSAGES, choiceOf(MESSAGES, id));
    return turns.flatMap(({ question, answer }) => [question.id, answer?.id]);
  };
  expect(shown("4")).toEqual(["1", "2", "3", "4"]);
  expect(shown("2")).toContain("2");
  expect(shown("5")).toEqual(["1", "5"]);
  expect(choiceOf(MESSAGES, "none")).toEqual({});
});
