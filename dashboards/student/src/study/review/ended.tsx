import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Button, Countdown, clock, LinkLook } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { decksQuery, todayQuery } from "../api.ts";
import { BacklogLine } from "../backlog_line.tsx";
import { CareLine } from "../care_line.tsx";
import { shortTitle } from "../deck_tree.ts";
import type { Deck } from "../types.ts";
import type { Review } from "./use_review.ts";

/** Nothing is asked now: why, and what comes next. */
export function Ended({ review, deck }: { review: Review; deck: string | undefined }) {
  const { session, refill } = review;
  const { learningDueAt, given } = session;
  useEffect(() => {
    if (!learningDueAt) return;
    const wait = Math.max(500, Date.parse(learningDueAt) - Date.now() + 500);
    const timer = setTimeout(() => void refill(), wait);
    return () => clearTimeout(timer);
  }, [learningDueAt, refill]);
  const { data: today } = useQuery(todayQuery);
  const { data: decks } = useQuery(decksQuery);
  const others = decks?.filter((each) => each.id !== deck && waits(each)).slice(0, 3) ?? [];
  return (
    <div className="scrolls flex min-h-0 flex-1 flex-col overflow-y-auto px-4 py-10">
      <div className="mx-auto flex w-full max-w-[34rem] flex-1 flex-col gap-4">
        <h2 className="text-[1.75rem]">
          {learningDueAt ? t`A short break` : given.length > 0 ? t`Done for now` : t`Nothing is due now`}
        </h2>
        <div role="status" className="flex flex-col gap-2">
          {learningDueAt && (
            <p>
              <Trans>
                A card that you are learning comes back in <Countdown to={learningDueAt} />.
              </Trans>
            </p>
          )}
          {today && today.reviewed_today > 0 && (
            <p className="text-muted">
              <Trans>
                Done today: <Plural value={today.reviewed_today} one="# review" other="# reviews" />,{" "}
                <Plural value={Math.round(today.minutes_today)} one="# minute" other="# minutes" />
              </Trans>
            </p>
          )}
          <BacklogLine backlog={session.backlog} />
          {!learningDueAt && session.dayEndsAt && (
            <p className="text-muted">
              <Trans>The next day begins at {clock(session.dayEndsAt)}: then more cards may be due.</Trans>
            </p>
          )}
        </div>
        <div className="flex flex-wrap gap-2">
          {learningDueAt && (
            <Button onClick={() => void refill()}>
              <Trans>Look again</Trans>
            </Button>
          )}
          <Button asChild look="primary">
            <Link to="/study">
              <Trans>To the decks</Trans>
            </Link>
          </Button>
          <Button asChild>
            <Link to="/study/statistics">
              <Trans>Statistics</Trans>
            </Link>
          </Button>
        </div>
        {others.length > 0 && (
          <section aria-labelledby="go-on" className="mt-2">
            <h3 id="go-on" className="mb-1 text-lg">
              <Trans>Go on with</Trans>
            </h3>
            <ul>
              {others.map(({ id, title }) => (
                <li key={id}>
                  <Link
                    to="/study/review"
                    search={{ deck: id }}
                    className={`${LinkLook} inline-flex min-h-9 pointer-coarse:min-h-11 items-center`}
                  >
                    <bdi>{shortTitle(title)}</bdi>
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        )}
        <CareLine className="mt-auto pt-6" />
      </div>
    </div>
  );
}

const waits = ({ counts }: Deck): boolean => counts.due + counts.learning + counts.new > 0;
