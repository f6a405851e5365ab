import { plural, t } from "@lingui/core/macro";
import { cx, duration, useNow } from "@medai/ui";
import { Timer as Clock } from "lucide-react";
import { useEffect, useRef } from "react";
import type { ToldQuiz } from "../results_api.ts";
import { leftOf, warningOf } from "./clock.ts";

/** Where the time is over, the server is asked so often whether it agrees. */
const AGAIN = 2000;

/** The time that is left. It is not read out each second, but shortly before the end. */
export function Timer({ told, onOver }: { told: ToldQuiz; onOver: () => void }) {
  useNow(500);
  const left = leftOf(told.quiz, told.told, performance.now());
  const over = left !== undefined && left <= 0;
  const ask = useRef(onOver);
  ask.current = onOver;
  useEffect(() => {
    if (!over) return undefined;
    ask.current();
    const timer = setInterval(() => ask.current(), AGAIN);
    return () => clearInterval(timer);
  }, [over]);
  if (left === undefined) return null;
  const warning = warningOf(left);
  return (
    <>
      <span
        role="timer"
        aria-live="off"
        aria-label={t`Time left`}
        className={cx(
          "figures flex items-center gap-1.5 font-medium",
          warning === 60 ? "text-danger" : "text-ink",
        )}
      >
        <Clock size={16} aria-hidden /> {duration(left)}
      </span>
      <span role="status" className="sr-only">
        {over
          ? t`The time is over.`
          : warning !== undefined &&
            plural(warning / 60, { one: "# minute is left.", other: "# minutes are left." })}
      </span>
    </>
  );
}
