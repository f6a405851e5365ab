import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, cx } from "@medai/ui";
import { intervalOf } from "../interval.ts";
import type { Rating, RatingName } from "../types.ts";
import type { Held } from "./session.ts";

const RATINGS: [Rating, RatingName, MessageDescriptor, string][] = [
  [1, "again", msg`Again`, "border-danger/50 text-danger"],
  [2, "hard", msg`Hard`, "border-warn/50 text-warn"],
  [3, "good", msg`Good`, "border-accent/60 bg-accent-soft text-accent"],
  [4, "easy", msg`Easy`, "border-edge/60 text-ink"],
];

/** At the bottom, where a thumb is. */
export function RateBar({
  held,
  revealed,
  onReveal,
  onRate,
}: {
  held: Held | undefined;
  revealed: boolean;
  onReveal: () => void;
  onRate: (rating: Rating) => void;
}) {
  if (!held) return null;
  return (
    <div className="shrink-0 border-line border-t bg-surface px-2 pt-2 pb-[max(0.5rem,env(safe-area-inset-bottom))] print:hidden sm:px-4">
      {revealed ? (
        // biome-ignore lint/a11y/useSemanticElements: four buttons are no set of fields
        <div
          role="group"
          aria-label={t`How well did you know it?`}
          className="mx-auto grid max-w-[44rem] grid-cols-4 gap-1.5 sm:gap-2"
        >
          {RATINGS.map(([rating, name, label, look]) => {
            const interval = held.unsure ? undefined : intervalOf(held.card.next[name].interval_seconds);
            return (
              <button
                key={rating}
                type="button"
                className={cx(
                  "flex min-h-14 flex-col items-center justify-center rounded-md border bg-surface px-1 font-medium hover:bg-sunken",
                  look,
                )}
                onClick={() => onRate(rating)}
              >
                <span>{i18n._(label)}</span>
                {interval && <span className="figures font-normal text-muted text-xs">{interval}</span>}
              </button>
            );
          })}
        </div>
      ) : (
        <Button look="primary" className="mx-auto flex min-h-14 w-full max-w-[44rem]" onClick={onReveal}>
          <Trans>Show the answer</Trans>
        </Button>
      )}
    </div>
  );
}
