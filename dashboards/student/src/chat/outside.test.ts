import type { Picture } from "@medai/client";
import { expect, test } from "vitest";
import { isOutside } from "./outside.ts";

const FACTS = {
  message: { feature: "chat", created_at: "2026-01-02T00:00:00Z" },
  question: {},
  shown: { face: "done", text: "In general …", citations: [], live: undefined },
  searchedSince: "2026-01-01T00:00:00Z",
} as const satisfies Parameters<typeof isOutside>[0] | object;

const outside = (more: object = {}) => isOutside({ ...FACTS, ...more } as Parameters<typeof isOutside>[0]);

test("an answer from no passage says so, where there were documents to search", () => {
  expect(outside()).toBe(true);
  expect(outside({ searchedSince: undefined })).toBe(false);
  expect(outside({ searchedSince: "2026-01-03T00:00:00Z" })).toBe(false);
});

test("a question about a picture is not one about documents", () => {
  expect(outside({ question: { attachments: [{ id: "1" } as Picture] } })).toBe(false);
});
