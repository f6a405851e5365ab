import { expect, test } from "vitest";
import { othersTake, type Process, rolesOf } from "./state.ts";

const process = (name: string, change: Partial<Process> = {}): Process => ({
  name,
  host: "server-1",
  pid: 1,
  version: "1",
  roles: ["worker"],
  state: "up",
  started_at: "2026-11-24T20:00:00Z",
  seen_at: "2026-11-24T20:00:00Z",
  draining_since: null,
  running: 0,
  queues: [],
  longest: [],
  ...change,
});

test("a drain leaves nobody to take jobs where no other worker is up", () => {
  const one = process("one");
  expect(othersTake([one, process("two")], "one")).toBe(true);
  expect(othersTake([one], "one")).toBe(false);
  expect(othersTake([one, process("two", { state: "drained" })], "one")).toBe(false);
  expect(othersTake([one, process("two", { state: "lost" })], "one")).toBe(false);
  expect(othersTake([one, process("two", { roles: ["api"] })], "one")).toBe(false);
});

test("a process may have several roles", () => {
  expect(rolesOf(process("one", { roles: ["api", "worker", "scheduler"] }))).toBe("API, Worker, Scheduler");
});
