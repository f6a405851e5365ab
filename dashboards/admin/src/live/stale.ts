import { useEffect, useState } from "react";
import type { Live } from "./types.ts";

/** Figures come each second. Where none came for so long, those that are shown are old, whatever the line says. */
const OLD = 6_000;

/** Whether no figures have come for a while. By our own clock: the server's may be another. */
export function useStale(live: Live | undefined): boolean {
  const [old, setOld] = useState<Live>();
  useEffect(() => {
    const timer = setTimeout(() => setOld(live), OLD);
    return () => clearTimeout(timer);
  }, [live]);
  return live !== undefined && old === live;
}
