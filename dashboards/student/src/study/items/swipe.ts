/** A finger that moves so far to the side turns to the next card or the one before. */
const FAR = 48;

/** By how many cards a move turns: what goes along the page is the page’s. */
export function swiped(dx: number, dy: number, rtl: boolean): -1 | 0 | 1 {
  if (Math.abs(dx) < FAR || Math.abs(dx) < 1.5 * Math.abs(dy)) return 0;
  return dx < 0 !== rtl ? 1 : -1;
}
