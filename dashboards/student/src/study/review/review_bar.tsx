import { plural, t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { IconButton, Menu, number } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronLeft, CloudOff, EllipsisVertical, Undo2 } from "lucide-react";
import { decksQuery } from "../api.ts";
import { shortTitle } from "../deck_tree.ts";
import type { Actions } from "./review_page.tsx";
import { useLine } from "./sender.ts";
import type { Review } from "./use_review.ts";

/** Above a card: where one is, how much is left, and what else can be done with it. */
export function ReviewBar({
  review,
  deck,
  actions,
}: {
  review: Review;
  deck: string | undefined;
  actions: Actions;
}) {
  const { session, offline } = review;
  const { waiting } = useLine();
  const title = useQuery(decksQuery).data?.find(({ id }) => id === deck)?.title;
  const { counts } = session;
  const asked = session.queue.length > 0;
  return (
    <header className="shrink-0 border-line border-b print:hidden">
      <div className="flex min-h-12 items-center gap-1 px-1.5 sm:px-4">
        <Link
          to="/study"
          className="flex min-h-10 min-w-0 items-center gap-1 rounded-md pe-2 text-muted hover:bg-sunken hover:text-ink"
        >
          <ChevronLeft size={19} className="shrink-0 rtl:-scale-x-100" aria-hidden />
          <h1 className="truncate font-medium font-sans text-base tracking-normal">
            {title ? <bdi>{shortTitle(title)}</bdi> : <Trans>Review</Trans>}
          </h1>
        </Link>
        <p className="figures ms-auto flex shrink-0 gap-2 text-sm" aria-label={leftOf(counts)} role="img">
          <Count value={counts.new} sign={t`N`} />
          <Count value={counts.learning} sign={t`L`} />
          <Count value={counts.due} sign={t`D`} />
        </p>
        <IconButton
          label={t`Take back the last answer`}
          icon={<Undo2 size={18} className="rtl:-scale-x-100" />}
          onClick={actions.undo}
        />
        <Menu
          label={t`What to do with this card`}
          trigger={
            <IconButton
              label={t`What to do with this card`}
              tip={false}
              icon={<EllipsisVertical size={18} />}
              disabled={!asked}
            />
          }
          items={[
            { label: t`Edit the card`, onSelect: actions.edit },
            { label: t`Bury the card until tomorrow`, onSelect: actions.bury },
            { label: t`Suspend the card`, onSelect: actions.suspendCard },
            { label: t`Suspend all cards of the note`, onSelect: actions.suspendNote },
          ]}
        />
      </div>
      <p role="status" className="flex items-center gap-2 px-4 text-muted text-sm empty:hidden">
        {(offline || waiting > 1) && (
          <>
            <CloudOff size={15} aria-hidden className="my-1.5 shrink-0" />
            <span className="py-1">
              {waiting > 0 ? (
                <Plural
                  value={waiting}
                  one="# answer waits to be sent. You can go on."
                  other="# answers wait to be sent. You can go on."
                />
              ) : (
                <Trans>No network. You can go on with the cards that are here.</Trans>
              )}
            </span>
          </>
        )}
      </p>
    </header>
  );
}

/** A letter says what a colour would. */
const Count = ({ value, sign }: { value: number; sign: string }) => (
  <span className={value > 0 ? "text-muted" : "text-faint"}>
    {sign} {number(value)}
  </span>
);

const leftOf = ({ new: fresh, learning, due }: { new: number; learning: number; due: number }): string =>
  [
    plural(fresh, { one: "# new card", other: "# new cards" }),
    plural(learning, { one: "# card in learning", other: "# cards in learning" }),
    plural(due, { one: "# card to review", other: "# cards to review" }),
  ].join(", ");
