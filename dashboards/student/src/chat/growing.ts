import { startTransition, useEffect, useState } from "react";
import type { Line } from "./line.ts";

/** So many turns are there at once, and so many more each time the browser has nothing else to do. */
export const AT_ONCE = 6;
const MORE = 24;

/** How many turns of a conversation are in the page, counted from its end. */
export function useGrowing(session: string, turns: number, line: Line): number {
  const [grown, setGrown] = useState({ session, to: AT_ONCE });
  const to = grown.session === session ? grown.to : AT_ONCE;
  const whole = to >= turns;
  useEffect(() => {
    if (whole) return undefined;
    return line.join({
      // Before those that are only to be written out.
      at: Number.POSITIVE_INFINITY,
      near: false,
      run: (now) => {
        const grow = () => setGrown({ session, to: now ? turns : to + MORE });
        if (now) grow();
        else startTransition(grow);
      },
    });
  }, [session, to, turns, whole, line]);
  return Math.min(to, turns);
}
