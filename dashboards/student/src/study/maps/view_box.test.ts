import fc from "fast-check";
import { expect, test } from "vitest";
import { brought, fitted, moved, zoomed } from "./view_box.ts";

const drawing = { width: 1000, height: 400 };
const window = { width: 500, height: 300 };

test("all of it fits, and as much of it as can be read is shown first", () => {
  expect(fitted(drawing, window)).toEqual({ scale: 0.5, x: 0, y: 50 });
  expect(fitted({ width: 3000, height: 400 }, window, true)).toMatchObject({ scale: 0.7, x: 0 });
  expect(fitted({ width: 0, height: 0 }, window)).toEqual({ scale: 1, x: 0, y: 0 });
});

test("what is under the pointer stays there", () => {
  const view = zoomed({ scale: 1, x: 0, y: 0 }, 2, { x: 100, y: 50 }, drawing, window);
  expect(view).toEqual({ scale: 2, x: -100, y: -50 });
});

test("it is never lost out of sight", () => {
  const steps = fc.array(
    fc.tuple(
      fc.integer({ min: -900, max: 900 }),
      fc.integer({ min: -900, max: 900 }),
      fc.float({ min: 0.25, max: 4, noNaN: true }),
    ),
  );
  fc.assert(
    fc.property(steps, (steps) => {
      let view = fitted(drawing, window);
      for (const [dx, dy, by] of steps)
        view = moved(zoomed(view, by, { x: 250, y: 150 }, drawing, window), dx, dy, drawing, window);
      expect(view.x).toBeLessThanOrEqual(window.width - 60);
      expect(view.x + drawing.width * view.scale).toBeGreaterThanOrEqual(59.9);
      expect(view.y).toBeLessThanOrEqual(window.height - 60);
      expect(view.y + drawing.height * view.scale).toBeGreaterThanOrEqual(59.9);
    }),
  );
});

test("a box comes into sight, and moves nothing where it is there already", () => {
  const view = { scale: 1, x: 0, y: 0 };
  expect(brought(view, { x: 200, y: 100, width: 100, height: 40 }, window)).toEqual(view);
  expect(brought(view, { x: 700, y: 100, width: 100, height: 40 }, window)).toMatchObject({
    x: 500 - 766,
    y: 0,
  });
  expect(brought({ ...view, x: -300 }, { x: 100, y: 100, width: 100, height: 40 }, window)).toMatchObject({
    x: -34,
  });
});
