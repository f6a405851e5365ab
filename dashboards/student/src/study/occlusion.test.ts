import fc from "fast-check";
import { expect, test } from "vitest";
import { between, byKey, coversOf, inside, LEAST, moved, pointIn, resized } from "./occlusion.ts";
import type { Occlusion } from "./types.ts";

test("two corners make a box, whichever came first", () => {
  const box = { x: 0.2, y: 0.3, w: 0.3, h: 0.2 };
  expect(between({ x: 0.2, y: 0.3 }, { x: 0.5, y: 0.5 })).toEqual(box);
  expect(between({ x: 0.5, y: 0.5 }, { x: 0.2, y: 0.3 })).toEqual(box);
  expect(between({ x: 0.5, y: 0.5 }, { x: 0.502, y: 0.5 })).toBeUndefined();
});

test("a box stays in its picture, however it is moved", () => {
  const share = fc.double({ min: -2, max: 3, noNaN: true });
  fc.assert(
    fc.property(share, share, share, share, share, share, (x, y, w, h, dx, dy) => {
      for (const box of [moved(inside({ x, y, w, h }), dx, dy), resized(inside({ x, y, w, h }), dx, dy)]) {
        expect(box.x).toBeGreaterThanOrEqual(0);
        expect(box.y).toBeGreaterThanOrEqual(0);
        expect(box.w).toBeGreaterThanOrEqual(LEAST - 1e-9);
        expect(box.h).toBeGreaterThanOrEqual(LEAST - 1e-9);
        expect(box.x + box.w).toBeLessThanOrEqual(1 + 1e-4);
        expect(box.y + box.h).toBeLessThanOrEqual(1 + 1e-4);
      }
    }),
  );
});

test("arrow keys move it, with Shift its size changes, and its label stays", () => {
  const box = { x: 0.5, y: 0.5, w: 0.2, h: 0.2, label: "Aorta" };
  expect(byKey(box, "ArrowRight", { resize: false, fine: false })).toEqual({ ...box, x: 0.51 });
  expect(byKey(box, "ArrowUp", { resize: true, fine: true })).toEqual({ ...box, h: 0.198 });
  expect(byKey(box, "a", { resize: false, fine: false })).toBeUndefined();
});

test("a press is a place in the picture", () => {
  const frame = { left: 100, top: 50, width: 200, height: 100 };
  expect(pointIn(frame, { clientX: 200, clientY: 100 })).toEqual({ x: 0.5, y: 0.5 });
  expect(pointIn(frame, { clientX: 0, clientY: 900 })).toEqual({ x: 0, y: 1 });
});

test("what is covered on a card, before and after its answer", () => {
  const box = { x: 0, y: 0, w: 0.1, h: 0.1 };
  const fields: Occlusion = { boxes: [box, box, box], mode: "hide_all", header: "", extra: "" };
  expect(coversOf(fields, 1, false)).toEqual(["covered", "asked", "covered"]);
  expect(coversOf(fields, 1, true)).toEqual(["open", "answer", "open"]);
  expect(coversOf({ ...fields, mode: "hide_one" }, 1, false)).toEqual(["open", "asked", "open"]);
});
