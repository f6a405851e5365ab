import { expect, test } from "vitest";
import { search } from "./search.ts";
import { columns, compact, counted, failureRate, money, month, part, startOf } from "./sums.ts";

test("sums of money keep what counts", () => {
  expect(money(21.4, "USD")).toBe("$21.40");
  expect([money(0, "USD"), money(-0, "USD")]).toEqual(["$0.00", "$0.00"]);
  expect(money(0.0042, "USD")).toBe("$0.0042");
  expect(money(0.5, "USD")).toBe("$0.50");
  expect(money(1234.5, "USD")).toBe("$1,234.50");
  expect(money(null, "USD")).toBe("–");
});

test("small parts are not nothing", () => {
  expect([part(0), part(0.0002), part(0.0123), part(0.15), part(1)]).toEqual([
    "0%",
    "< 0.1%",
    "1.2%",
    "15%",
    "100%",
  ]);
});

test("what failed is a part of all that ended", () => {
  expect(failureRate({ requests: 90, failed: 10 })).toBe(0.1);
  expect(failureRate({ requests: 0, failed: 0 })).toBe(0);
});

test("large figures are short", () => {
  expect([compact(999), compact(1250), compact(12_400_000)]).toEqual(["999", "1.3K", "12.4M"]);
});

test("a chart of requests has all of them, and those that failed in front", () => {
  const day = { day: "2026-11-24", requests: 8, failed: 2, tokens: 100, users: 3, cost: 0 };
  expect(columns([day], "requests")).toEqual({ xs: [startOf("2026-11-24")], ys: [[10], [2]] });
  expect(columns([day], "tokens").ys).toEqual([[100]]);
  expect(columns([day], "cost").ys).toEqual([[0]]);
  expect(new Date(startOf("2026-11-24") * 1000).getDate()).toBe(24);
});

test("a month has its days", () => {
  expect(month("2026-11-24")).toEqual({ gone: 24, all: 30 });
  expect(month("2028-02-10")).toEqual({ gone: 10, all: 29 });
  expect(month("2026-12-31")).toEqual({ gone: 31, all: 31 });
});

test("an address has days that can be", () => {
  expect(search({ days: 90, metric: "cost" })).toEqual({ days: 90, metric: "cost" });
  expect(search({ days: "7" })).toEqual({ days: 7, metric: undefined });
  for (const days of [0, 367, 1.5, "all", undefined]) expect(search({ days }).days).toBeUndefined();
});

test("nouns go with the figure that is shown", () => {
  expect([counted(1, "request"), counted(0, "request"), counted(1.5, "request")]).toEqual([
    "1 request",
    "0 requests",
    "1.5 requests",
  ]);
  // It is shown as 1.
  expect(counted(1.02, "token")).toBe("1 token");
});
