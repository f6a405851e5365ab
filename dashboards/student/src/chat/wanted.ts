/** What other parts of the app want to be written where questions are: it waits until that is there. */
import { useEffect, useRef } from "react";

let wanted: string | undefined;
let taker: ((text: string) => void) | undefined;

export function want(text: string): void {
  if (taker) taker(text);
  else wanted = text;
}

/** Takes what is wanted. */
export function useWanted(take: (text: string) => void): void {
  const current = useRef(take);
  current.current = take;
  useEffect(() => {
    const own = (text: string) => current.current(text);
    taker = own;
    if (wanted !== undefined) own(wanted);
    wanted = undefined;
    return () => {
      if (taker === own) taker = undefined;
    };
  }, []);
}
