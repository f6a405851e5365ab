/** A session of reviews: which card is asked, which come after it, and what was done. Pure. */
import type { Backlog, Queue, QueueCard, QueueCounts, Rating } from "../types.ts";

/** A card of the local queue. */
export interface Held {
  card: QueueCard;
  /** It was answered here, and the API has not said yet what comes next: its intervals are not known. */
  unsure: boolean;
}

export interface Given {
  held: Held;
  rating: Rating;
  /** By which the answer is known. */
  key: string;
}

export interface Session {
  queue: readonly Held[];
  counts: QueueCounts;
  backlog: Backlog | null;
  dayEndsAt: string | undefined;
  /** When a card in steps comes back that is not here. */
  learningDueAt: string | undefined;
  /** The answer of the first card is shown. */
  revealed: boolean;
  /** What was answered, the last one last. */
  given: readonly Given[];
  /** How many were answered since the queue came from the API. */
  since: number;
}

export const EMPTY: Session = {
  queue: [],
  counts: { new: 0, learning: 0, due: 0 },
  backlog: null,
  dayEndsAt: undefined,
  learningDueAt: undefined,
  revealed: false,
  given: [],
  since: 0,
};

/** So many of what was answered can be taken back at once. */
const MOST_GIVEN = 50;

/** The queue as the API has it now. The card that is asked stays, unless it is no longer asked before it was read. */
export function refilled(session: Session, queue: Queue, keepCurrent: boolean): Session {
  const current = keepCurrent ? session.queue[0] : undefined;
  const fresh = queue.items.find(({ card_id }) => card_id === current?.card.card_id);
  const first = current && { card: fresh ?? current.card, unsure: fresh ? false : current.unsure };
  const rest = queue.items
    .filter(({ card_id }) => card_id !== current?.card.card_id)
    .map((card) => ({ card, unsure: false }));
  return {
    ...session,
    queue: first ? [first, ...rest] : rest,
    counts: queue.counts,
    backlog: queue.backlog,
    dayEndsAt: queue.day_ends_at,
    learningDueAt: queue.learning_due_at ?? undefined,
    revealed: first !== undefined && session.revealed,
    since: 0,
  };
}

export const revealed = (session: Session): Session =>
  session.queue.length > 0 ? { ...session, revealed: true } : session;

/** In which of the three counts a card is. */
const placeOf = ({ state }: QueueCard): keyof QueueCounts =>
  state === "new" ? "new" : state === "review" ? "due" : "learning";

const less = (counts: QueueCounts, place: keyof QueueCounts): QueueCounts => ({
  ...counts,
  [place]: Math.max(0, counts[place] - 1),
});

/** The first card was rated. Where the API cannot say when it comes back, one that was forgotten does so at the end. */
export function rated(session: Session, rating: Rating, key: string, offline: boolean): Session {
  const [held, ...rest] = session.queue;
  if (!held) return session;
  const back = offline && rating === 1;
  const counts = less(session.counts, placeOf(held.card));
  const { card } = held;
  const again: Held = { card: { ...card, state: learningOf(card), reps: card.reps + 1 }, unsure: true };
  return {
    ...session,
    queue: back ? [...rest, again] : rest,
    counts: back ? { ...counts, learning: counts.learning + 1 } : counts,
    revealed: false,
    given: [...session.given, { held, rating, key }].slice(-MOST_GIVEN),
    since: session.since + 1,
  };
}

const learningOf = ({ state }: QueueCard) =>
  state === "review" || state === "relearning" ? "relearning" : "learning";

/** The last answer was taken back: its card is asked again. */
export function undone(session: Session, cardId: string): Session {
  const at = session.given.findLastIndex(({ held }) => held.card.card_id === cardId);
  const found = session.given[at];
  if (!found) return session;
  const rest = session.queue.filter(({ card }) => card.card_id !== cardId);
  const wasBack = rest.length < session.queue.length;
  const place = placeOf(found.held.card);
  const counts = wasBack ? less(session.counts, "learning") : session.counts;
  return {
    ...session,
    queue: [found.held, ...rest],
    counts: { ...counts, [place]: counts[place] + 1 },
    revealed: false,
    given: session.given.filter((_, each) => each !== at),
    since: Math.max(0, session.since - 1),
  };
}

/** Some cards are not asked any more: they were suspended or buried, or answered in another tab. */
export function without(session: Session, gone: (card: QueueCard) => boolean): Session {
  const [first] = session.queue;
  const leaving = session.queue.filter(({ card }) => gone(card));
  if (leaving.length === 0) return session;
  return {
    ...session,
    queue: session.queue.filter(({ card }) => !gone(card)),
    counts: leaving.reduce((counts, { card }) => less(counts, placeOf(card)), session.counts),
    revealed: first && gone(first.card) ? false : session.revealed,
  };
}

/** A note was edited: its cards show what it says now. */
export function edited(session: Session, noteId: string, fields: QueueCard["fields"]): Session {
  return {
    ...session,
    queue: session.queue.map((held) =>
      held.card.note_id === noteId ? { ...held, card: { ...held.card, fields } as QueueCard } : held,
    ),
  };
}

/** Fewer than so many cards are held: more are asked for. */
const FEW = 10;
/** After so many answers the queue is asked for anew: its order is the API's. */
const MANY = 20;

/** What is counted may not be due yet: it is not asked for after each answer. */
const SOME = 3;

/** Whether the queue is to be asked for anew, before the next card is shown. */
export function isStale(session: Session, now: number): boolean {
  const { queue, since, learningDueAt, counts } = session;
  if (learningDueAt && Date.parse(learningDueAt) <= now) return true;
  const more = counts.new + counts.learning + counts.due > queue.length;
  if (more && since >= SOME && queue.length < FEW) return true;
  return since >= MANY || (since > 0 && queue.length === 0);
}

/** What is kept for when there is no network. */
export const asQueue = (session: Session): Queue => ({
  items: session.queue.map(({ card }) => card),
  counts: session.counts,
  day: "",
  day_ends_at: session.dayEndsAt ?? "",
  backlog: session.backlog,
  learning_due_at: session.learningDueAt ?? null,
});
