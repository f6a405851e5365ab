import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchVisibility } from "./page_visibility.ts";

let page: EventTarget & { hidden: boolean };
const turn = (hidden: boolean) => {
  page.hidden = hidden;
  page.dispatchEvent(new Event("visibilitychange"));
};

beforeEach(() => {
  vi.useFakeTimers();
  page = Object.assign(new EventTarget(), { hidden: false });
  vi.stubGlobal("document", page);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a glance elsewhere changes nothing", () => {
  const [shown, hidden] = [vi.fn(), vi.fn()];
  watchVisibility(shown, hidden);
  expect(shown).not.toHaveBeenCalled();
  turn(true);
  vi.advanceTimersByTime(29_000);
  turn(false);
  vi.advanceTimersByTime(120_000);
  expect(hidden).not.toHaveBeenCalled();
  expect(shown).toHaveBeenCalledTimes(1);
});

test("a page that nobody looks at is left after a while, once, and comes back", () => {
  const [shown, hidden] = [vi.fn(), vi.fn()];
  watchVisibility(shown, hidden);
  turn(true);
  vi.advanceTimersByTime(120_000);
  expect(hidden).toHaveBeenCalledTimes(1);
  expect(shown).not.toHaveBeenCalled();
  turn(false);
  expect(shown).toHaveBeenCalledTimes(1);
});

test("who does not ask any more hears nothing", () => {
  const [shown, hidden] = [vi.fn(), vi.fn()];
  const stop = watchVisibility(shown, hidden);
  turn(true);
  stop();
  vi.advanceTimersByTime(120_000);
  turn(false);
  expect(hidden).not.toHaveBeenCalled();
  expect(shown).not.toHaveBeenCalled();
});
