import { t } from "@lingui/core/macro";
import { cx, number } from "@medai/ui";
import { Check, Flag, X } from "lucide-react";
import { useEffect, useRef } from "react";
import type { QuizQuestion } from "../result_types.ts";
import { type Verdict, verdictOf } from "./attempt.ts";

const LOOKS: Record<Verdict, string> = {
  open: "border-line bg-surface text-muted",
  answered: "border-accent bg-accent-soft text-ink",
  right: "border-accent bg-accent-soft text-ink",
  wrong: "border-danger/60 bg-danger-soft text-ink",
};

const verdictName = (verdict: Verdict): string =>
  ({ open: t`not answered`, answered: t`answered`, right: t`right`, wrong: t`wrong` })[verdict];

/** All questions of an attempt, by their numbers, with what was done with each. */
export function Navigator({
  questions,
  at,
  onGo,
}: {
  questions: readonly QuizQuestion[];
  at: number;
  onGo: (at: number) => void;
}) {
  const current = useRef<HTMLButtonElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the one that is looked at is in sight
  useEffect(() => {
    const button = current.current;
    const row = button?.closest("ol");
    if (button && row) row.scrollLeft = button.offsetLeft - row.clientWidth / 2 + button.clientWidth / 2;
  }, [at]);
  return (
    <nav aria-label={t`Questions`} className="print:hidden">
      <ol className="relative flex gap-1.5 overflow-x-auto px-1 py-2">
        {questions.map((question, index) => {
          const verdict = verdictOf(question);
          const said = [
            t`Question ${number(index + 1)}`,
            verdictName(verdict),
            question.flagged && t`flagged`,
          ];
          return (
            <li key={question.question_id} className="shrink-0">
              <button
                ref={index === at ? current : undefined}
                type="button"
                aria-label={said.filter(Boolean).join(", ")}
                aria-current={index === at ? "step" : undefined}
                className={cx(
                  "figures relative grid h-10 min-w-10 place-items-center rounded-md border px-2 text-sm aria-[current=step]:outline-2 aria-[current=step]:outline-accent",
                  LOOKS[verdict],
                )}
                onClick={() => onGo(index)}
              >
                {number(index + 1)}
                {question.flagged && (
                  <Flag
                    size={11}
                    fill="currentColor"
                    aria-hidden
                    className="absolute end-0.5 top-0.5 text-warn"
                  />
                )}
                {verdict === "right" && (
                  <Check size={11} aria-hidden className="absolute end-0.5 bottom-0.5" />
                )}
                {verdict === "wrong" && <X size={11} aria-hidden className="absolute end-0.5 bottom-0.5" />}
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
