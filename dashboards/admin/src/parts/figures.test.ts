import { expect, test } from "vitest";
import { between, ms, NONE, rate, span } from "./figures.ts";

test("times are as long as they need to be", () => {
  expect(ms(null)).toBe(NONE);
  expect(ms(0.2)).toBe("0 ms");
  expect(ms(410.4)).toBe("410 ms");
  expect(ms(1200)).toBe("1.2 s");
  expect(ms(2000)).toBe("2 s");
  expect(span(9.96)).toBe("10 s");
  expect(span(99.6)).toBe("2 min");
  expect(span(185)).toBe("3 min");
  expect(span(2 * 3600 + 300)).toBe("2 h 5 min");
  expect(span(2 * 3600)).toBe("2 h");
  expect(span(3 * 86_400)).toBe("3 d");
  expect(span(-5)).toBe("0 ms");
});

test("rates keep a digit while they are small", () => {
  expect([rate(0), rate(0.44), rate(3), rate(12.4), rate(1234.5), rate(undefined)]).toEqual([
    "0",
    "0.4",
    "3",
    "12",
    "1,235",
    NONE,
  ]);
});

test("between two moments lie seconds", () => {
  expect(between("2026-11-24T10:00:00Z", "2026-11-24T10:01:00.500Z")).toBe(60.5);
});
