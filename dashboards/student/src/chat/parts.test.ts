import type { Session } from "@medai/client";
import { expect, test } from "vitest";
import { grouped, isIn } from "./parts.ts";

const session = (more: Partial<Session> = {}): Session => ({
  id: "1",
  title: "Heart",
  pinned: false,
  archived: false,
  created_at: "2026-11-24T08:00:00Z",
  updated_at: "2026-11-24T08:00:00Z",
  ...more,
});

test("what is pinned is at the top, whatever folder it is in", () => {
  const places = (more: Partial<Session>) =>
    [{ loose: true as const }, { folder: "a" }, { archived: true as const }].filter((part) =>
      isIn(part, session(more)),
    );
  expect(places({})).toEqual([{ loose: true }]);
  expect(places({ folder_id: "a" })).toEqual([{ folder: "a" }]);
  expect(places({ folder_id: "b" })).toEqual([]);
  expect(places({ folder_id: "a", pinned: true })).toEqual([{ loose: true }, { folder: "a" }]);
  expect(places({ folder_id: "a", pinned: true, archived: true })).toEqual([{ archived: true }]);
});

test("days are named as people remember them, in the order of the list", () => {
  const at = (updated_at: string) => session({ id: updated_at, updated_at });
  const all = [
    at("2026-11-24T08:00:00"),
    at("2026-11-23T23:00:00"),
    at("2026-11-18T12:00:00"),
    at("2025-01-01T12:00:00"),
  ];
  const names = grouped(all, new Date("2026-11-24T09:00:00")).map(([name, items]) => [name, items.length]);
  expect(names).toEqual([
    ["Today", 1],
    ["Yesterday", 1],
    ["This week", 1],
    ["Earlier", 1],
  ]);
});
