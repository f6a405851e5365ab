import { t } from "@lingui/core/macro";
import { useEffect, useState } from "react";
import { duration } from "./format.ts";

/** The time, every `ms`. */
export function useNow(ms = 1000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), ms);
    return () => clearInterval(timer);
  }, [ms]);
  return now;
}

/** Counts down to a moment. Read out once, not each second. */
export function Countdown({ to }: { to: string }) {
  const now = useNow();
  const left = (new Date(to).getTime() - now) / 1000;
  return (
    <time dateTime={to} role="timer" aria-live="off">
      {left > 0 ? duration(left) : t`any moment`}
    </time>
  );
}
