import fc from "fast-check";
import { expect, test } from "vitest";
import { sentOf } from "./sent.ts";

test("of a file never more than all of it has gone, and at the end all", () => {
  fc.assert(
    fc.property(
      fc.nat(1e9),
      fc.nat(5000),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (size, around, share) => {
        const total = size + around;
        const sent = Math.floor(total * share);
        expect(sentOf(sent, total, size)).toBeLessThanOrEqual(size);
        expect(sentOf(sent, total, size)).toBeGreaterThanOrEqual(0);
        expect(sentOf(total, total, size)).toBe(size);
      },
    ),
  );
});
