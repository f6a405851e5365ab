import { plural, t } from "@lingui/core/macro";
import type { Citation } from "@medai/client";
import { ErrorState, Skeleton, say, toast } from "@medai/ui";
import { useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { told } from "../../app/api_message.ts";
import { Part } from "../../app/fetched.tsx";
import { focusOpener, rememberOpener } from "../../app/focus.ts";
import { useShortcut } from "../../app/shortcuts.ts";
import { SidePanel } from "../../app/side_panel.tsx";
import { useTitle } from "../../app/title.ts";
import { SourcePanel } from "../../source/chunk.ts";
import { withCard, withNotes } from "../api.ts";
import { NoteDialog } from "../deck/chunks.ts";
import type { QueueCard, Rating, Source } from "../types.ts";
import { CardView } from "./card_view.tsx";
import { Ended } from "./ended.tsx";
import { RateBar } from "./rate_bar.tsx";
import { ReviewBar } from "./review_bar.tsx";
import type { Told } from "./sender.ts";
import type { Session } from "./session.ts";
import { type Review, useReview } from "./use_review.ts";

/** Cards that are due, one after the other. */
export default function ReviewPage() {
  useTitle(t`Review`);
  const { deck } = useSearch({ strict: false }) as { deck?: string };
  const [editing, setEditing] = useState<string>();
  const [source, setSource] = useState<Source>();
  const review: Review = useReview(deck, (news) => tellOf(news, review.session, setEditing));
  const actions = useActions(review, setEditing);
  const { session, problem, loading } = review;
  const card = session.queue[0]?.card;
  const openSource = (of: Source) => {
    rememberOpener();
    setSource(of);
  };
  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <ReviewBar review={review} deck={deck} actions={actions} />
        {card ? (
          <>
            <CardView
              key={`${card.card_id} ${session.given.length}`}
              card={card}
              revealed={session.revealed}
              onReveal={review.reveal}
              onRate={actions.rate}
              onSource={openSource}
            />
            <RateBar
              held={session.queue[0]}
              revealed={session.revealed}
              onReveal={review.reveal}
              onRate={actions.rate}
            />
          </>
        ) : loading ? (
          <Skeleton className="m-6 h-64" />
        ) : problem ? (
          <ErrorState
            message={told(problem)}
            requestId={problem.requestId}
            onRetry={() => void review.refill()}
          />
        ) : (
          <Ended review={review} deck={deck} />
        )}
      </div>
      {source && (
        <SidePanel
          title={t`Source`}
          onClose={() => {
            setSource(undefined);
            focusOpener();
          }}
        >
          <Part fallback={<Skeleton className="m-4 h-96" />}>
            <SourcePanel citation={cited(source)} />
          </Part>
        </SidePanel>
      )}
      {editing && (
        <Part>
          <NoteDialog
            note={editing}
            onClose={() => setEditing(undefined)}
            onSaved={(note) => void review.readAgain(note).catch((error: unknown) => say(told(error)))}
          />
        </Part>
      )}
    </div>
  );
}

/** What a card's source is as a citation: its quote is the passage. */
const cited = ({ document_id, title, page, label, quote }: Source): Citation => ({
  n: 1,
  document_id,
  title,
  page,
  label,
  text: quote,
  start: 0,
  end: 0,
  score: 1,
});

/** What became of an answer, where that must be known. */
function tellOf(news: Told, { given }: Session, edit: (note: string) => void): void {
  if (news.what === "refused") say(t`An answer did not count: ${told(news.problem)}`);
  if (news.what !== "taken" || !news.reviewed.card.leech) return;
  const note = given.findLast(({ key }) => key === news.answer.key)?.held.card.note_id;
  toast(
    plural(news.reviewed.card.lapses, {
      one: "This card was forgotten # time, and is suspended. A clearer wording may help.",
      other: "This card was forgotten # times, and is suspended. A clearer wording may help.",
    }),
    { ms: 10_000, ...(note !== undefined && { action: { label: t`Edit`, run: () => edit(note) } }) },
  );
}

export interface Actions {
  rate: (rating: Rating) => void;
  undo: () => void;
  edit: () => void;
  bury: () => void;
  suspendCard: () => void;
  suspendNote: () => void;
}

function useActions(review: Review, setEditing: (note: string) => void): Actions {
  const { session } = review;
  const card = session.queue[0]?.card;
  const isRevealed = useRef(false);
  isRevealed.current = session.revealed;
  const aside = async (
    work: (card: QueueCard) => Promise<unknown>,
    gone: (each: QueueCard) => boolean,
    text: string,
  ) => {
    if (!card) return;
    try {
      await work(card);
      review.leaveOut(gone);
      say(text);
    } catch (error) {
      say(told(error));
    }
  };
  const same = (each: QueueCard) => each.card_id === card?.card_id;
  const actions: Actions = {
    rate: (rating) => isRevealed.current && review.rate(rating),
    undo: () => void review.takeBack().catch((error: unknown) => say(told(error))),
    edit: () => card && setEditing(card.note_id),
    bury: () => void aside(({ card_id }) => withCard(card_id, "bury"), same, t`Buried until tomorrow`),
    suspendCard: () => void aside(({ card_id }) => withCard(card_id, "suspend"), same, t`Card suspended`),
    suspendNote: () =>
      void aside(
        ({ note_id }) => withNotes([note_id], "suspend"),
        ({ note_id }) => note_id === card?.note_id,
        t`All cards of the note are suspended`,
      ),
  };
  const flip = () => (isRevealed.current ? review.rate(3) : review.reveal());
  useShortcut("flip", flip);
  useShortcut("flipToo", flip);
  useShortcut("rateAgain", () => actions.rate(1));
  useShortcut("rateHard", () => actions.rate(2));
  useShortcut("rateGood", () => actions.rate(3));
  useShortcut("rateEasy", () => actions.rate(4));
  useShortcut("undoReview", actions.undo);
  useShortcut("editCard", actions.edit);
  useShortcut("buryCard", actions.bury);
  useShortcut("suspendCard", actions.suspendCard);
  useShortcut("suspendNote", actions.suspendNote);
  const empty = !card;
  // Whoever came here with the keyboard goes on with it at the end.
  useEffect(() => {
    if (empty && document.activeElement === document.body) document.getElementById("main")?.focus();
  }, [empty]);
  return actions;
}
