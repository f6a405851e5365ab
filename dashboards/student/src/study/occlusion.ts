/** Boxes over a picture, in shares of its width and height. */
import type { Box, Occlusion } from "./types.ts";

/** A box must be large enough to be seen and hit. */
export const LEAST = 0.02;
export const MOST_BOXES = 100;
/** How far an arrow key moves a box, and how far with Shift. */
export const STEP = 0.01;
export const FINE_STEP = 0.002;

export interface Point {
  x: number;
  y: number;
}

const within = (value: number, least: number, most: number): number =>
  Math.min(Math.max(value, least), Math.max(least, most));
/** What is stored needs no more digits than a picture has pixels. */
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

/** A box that lies in its picture. */
export function inside(box: Box): Box {
  const w = within(box.w, LEAST, 1);
  const h = within(box.h, LEAST, 1);
  return {
    ...box,
    x: rounded(within(box.x, 0, 1 - w)),
    y: rounded(within(box.y, 0, 1 - h)),
    w: rounded(w),
    h: rounded(h),
  };
}

/** The box between two corners; undefined where they are too near for one. */
export function between(a: Point, b: Point): Box | undefined {
  const [left, right] = [Math.min(a.x, b.x), Math.max(a.x, b.x)].map((value) => within(value, 0, 1));
  const [top, bottom] = [Math.min(a.y, b.y), Math.max(a.y, b.y)].map((value) => within(value, 0, 1));
  if (left === undefined || right === undefined || top === undefined || bottom === undefined)
    return undefined;
  if (right - left < LEAST / 2 || bottom - top < LEAST / 2) return undefined;
  return inside({ x: left, y: top, w: right - left, h: bottom - top });
}

export const moved = (box: Box, dx: number, dy: number): Box =>
  inside({ ...box, x: box.x + dx, y: box.y + dy });

/** Its corner at the end is moved; the other one stays. */
export const resized = (box: Box, dw: number, dh: number): Box =>
  inside({
    ...box,
    w: Math.min(Math.max(box.w + dw, LEAST), 1 - box.x),
    h: Math.min(Math.max(box.h + dh, LEAST), 1 - box.y),
  });

/** Where something was pressed, in shares of the picture. */
export function pointIn(
  frame: { left: number; top: number; width: number; height: number },
  at: { clientX: number; clientY: number },
): Point {
  return {
    x: within((at.clientX - frame.left) / (frame.width || 1), 0, 1),
    y: within((at.clientY - frame.top) / (frame.height || 1), 0, 1),
  };
}

/** What an arrow key does with a box; undefined for other keys. */
export function byKey(
  box: Box,
  key: string,
  { resize, fine }: { resize: boolean; fine: boolean },
): Box | undefined {
  const step = fine ? FINE_STEP : STEP;
  const ways: Record<string, [number, number]> = {
    ArrowLeft: [-step, 0],
    ArrowRight: [step, 0],
    ArrowUp: [0, -step],
    ArrowDown: [0, step],
  };
  const way = ways[key];
  if (!way) return undefined;
  return resize ? resized(box, ...way) : moved(box, ...way);
}

export type Cover = "asked" | "covered" | "answer" | "open";

/** What each box is on the card that asks for the box at `ordinal`. */
export function coversOf({ boxes, mode }: Occlusion, ordinal: number, revealed: boolean): Cover[] {
  return boxes.map((_, at) => {
    if (at === ordinal) return revealed ? "answer" : "asked";
    return mode === "hide_all" && !revealed ? "covered" : "open";
  });
}
