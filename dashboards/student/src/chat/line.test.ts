import fc from "fast-check";
import { expect, test } from "vitest";
import { Line, next, type Waiter } from "./line.ts";

const waiter = (at: number, near = false): Waiter => ({ at, near, run: () => undefined });

test("what is in sight goes first, then what is furthest down", () => {
  expect(next([waiter(1), waiter(9), waiter(3, true), waiter(2, true)])?.at).toBe(3);
  expect(next([waiter(1), waiter(9), waiter(3)])?.at).toBe(9);
  expect(next([])).toBeUndefined();
});

test("everybody has their turn once, one at a time, whoever leaves before", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ near: fc.boolean(), leaves: fc.boolean() })), (who) => {
      const calls: (() => void)[] = [];
      const line = new Line((work) => calls.push(work));
      const ran: number[] = [];
      who.forEach(({ near, leaves }, at) => {
        const leave = line.join({ at, near, run: () => ran.push(at) });
        if (leaves) leave();
      });
      for (let call = calls.shift(); call; call = calls.shift()) {
        const before = ran.length;
        call();
        expect(ran.length - before).toBeLessThanOrEqual(1);
      }
      const stayed = who.flatMap(({ leaves }, at) => (leaves ? [] : [at]));
      expect([...ran].sort((a, b) => a - b)).toEqual(stayed);
    }),
  );
});

test("a printer does not wait", () => {
  const line = new Line(() => undefined);
  const ran: number[] = [];
  for (const at of [0, 1, 2]) line.join({ at, near: false, run: () => ran.push(at) });
  line.flush();
  expect(ran).toEqual([0, 1, 2]);
  expect(line.waits).toBe(false);
});
