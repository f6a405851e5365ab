/** Tells a swipe from a tap, a scroll and a stray movement. */

export interface Touch {
  x: number;
  y: number;
  /** In milliseconds. */
  at: number;
}

export type Way = "left" | "right";

/** So far a finger goes, in pixels or as a share of the width, whichever is less. */
const FAR = 90;
const FAR_SHARE = 0.28;
/** How much more sideways than up or down. */
const FLAT = 1.8;
/** What takes longer is something else, such as a selection. */
const LONGEST_MS = 900;
const TAP = 10;
const LONGEST_TAP_MS = 500;

/** Which way was swiped, if any. */
export function swipeOf(from: Touch, to: Touch, width: number): Way | undefined {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  if (to.at - from.at > LONGEST_MS) return undefined;
  if (Math.abs(dx) < Math.min(FAR, width * FAR_SHARE) || Math.abs(dx) < Math.abs(dy) * FLAT) return undefined;
  return dx > 0 ? "right" : "left";
}

/** Whether it was a press on one place. */
export const isTap = (from: Touch, to: Touch): boolean =>
  Math.hypot(to.x - from.x, to.y - from.y) <= TAP && to.at - from.at <= LONGEST_TAP_MS;
