/** A session of reviews as a page has it: from the API, or from what is held where there is no network. */
import { Problem } from "@medai/client";
import { useAccount } from "@medai/client/react";
import { useCallback, useEffect, useRef, useState } from "react";
import { countsChanged, fetchNote, fetchQueue } from "../api.ts";
import { pictureKey, pictureOf } from "../pictures.ts";
import type { Queue, QueueCard, Rating } from "../types.ts";
import { belongsTo, heldQueue, holdQueue, keepPictures, owner } from "./database.ts";
import { give, listen, send, type Told, undo, useLine, waitingCards } from "./sender.ts";
import {
  asQueue,
  EMPTY,
  edited,
  isStale,
  rated,
  refilled,
  revealed,
  type Session,
  undone,
  without,
} from "./session.ts";

/** So many cards are held. */
const AHEAD = 50;
/** Who looks longer was away. */
const LONGEST_MS = 60_000;

export interface Review {
  session: Session;
  /** What was asked of the API and did not come, where nothing is held either. */
  problem: Problem | undefined;
  /** The queue is on its way; there may be cards to ask meanwhile. */
  loading: boolean;
  offline: boolean;
  reveal: () => void;
  rate: (rating: Rating) => void;
  takeBack: () => Promise<void>;
  leaveOut: (gone: (card: QueueCard) => boolean) => void;
  readAgain: (noteId: string) => Promise<void>;
  refill: () => Promise<void>;
}

export function useReview(deck: string | undefined, onTold: (told: Told) => void): Review {
  const account = useAccount();
  const [session, setSession] = useState<Session>(EMPTY);
  const [loading, setLoading] = useState(true);
  const [problem, setProblem] = useState<Problem>();
  const [offline, setOffline] = useState(false);
  const line = useLine();
  const latest = useRef({ session, onTold, offline });
  latest.current = { session, onTold, offline };
  const shownAt = useRef(Date.now());

  const change = useCallback((next: Session) => {
    const [shown, now] = [latest.current.session.queue[0], next.queue[0]];
    if (shown?.card.card_id !== now?.card.card_id) shownAt.current = Date.now();
    latest.current.session = next;
    setSession(next);
  }, []);

  const refill = useCallback(async () => {
    setLoading(true);
    try {
      // What was answered counts first; what could not be sent, or is answered meanwhile, is not asked again.
      await send();
      const before = new Set(latest.current.session.given);
      const answered = new Set(await waitingCards());
      const queue = await fetchQueue(deck, AHEAD);
      for (const given of latest.current.session.given)
        if (!before.has(given)) answered.add(given.held.card.card_id);
      queue.items = queue.items.filter(({ card_id }) => !answered.has(card_id));
      setProblem(undefined);
      setOffline(false);
      change(refilled(latest.current.session, queue, latest.current.session.queue.length > 0));
      void hold(deck, queue, account.id);
    } catch (error) {
      const wrapped = Problem.wrap(error);
      setOffline(wrapped.status === 0);
      if (latest.current.session.queue.length > 0) return;
      const held = await heldQueue(deck).catch(() => undefined);
      if (held && held.items.length > 0) change(refilled(latest.current.session, held, false));
      else setProblem(wrapped);
    } finally {
      setLoading(false);
    }
  }, [deck, account.id, change]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: who it is does not change within a page
  useEffect(() => {
    change(EMPTY);
    setLoading(true);
    void belongsTo(account)
      .catch(() => undefined)
      .then(refill);
  }, [refill]);

  useEffect(
    () =>
      listen((told) => {
        const { session: now } = latest.current;
        if (told.what === "elsewhere") change(without(now, ({ card_id }) => card_id === told.card));
        if (told.what === "taken") {
          setOffline(false);
          const due = told.reviewed.card.due_at;
          const earlier = !now.learningDueAt || (due && due < now.learningDueAt);
          if (due && earlier) change({ ...now, learningDueAt: due });
        }
        latest.current.onTold(told);
      }),
    [change],
  );

  // What is on the disk is what is asked next.
  useEffect(() => {
    if (!loading && !problem) void holdOwn(deck, session, account.id);
  }, [deck, session, loading, problem, account.id]);

  const rate = (rating: Rating) => {
    const [held] = latest.current.session.queue;
    if (!held) return;
    const key = crypto.randomUUID();
    const now = Date.now();
    const duration = Math.min(Math.max(0, now - shownAt.current), LONGEST_MS);
    const away = offline || !navigator.onLine || line.kept !== undefined;
    change(rated(latest.current.session, rating, key, away));
    void give({
      key,
      card_id: held.card.card_id,
      rating,
      duration_ms: duration,
      reviewed_at: new Date(now).toISOString(),
      reps: held.card.reps,
    });
    // Also where the same card is asked again.
    shownAt.current = now;
    if (!away && isStale(latest.current.session, now)) void refill();
  };

  // Back online, the queue is as the API has it.
  useEffect(() => {
    const back = () => void refill();
    addEventListener("online", back);
    return () => removeEventListener("online", back);
  }, [refill]);

  return {
    session,
    problem,
    loading,
    offline: offline || line.kept?.status === 0,
    reveal: () => change(revealed(latest.current.session)),
    rate,
    takeBack: async () => {
      const card = await undo();
      const known = latest.current.session.given.some(({ held }) => held.card.card_id === card);
      change(undone(latest.current.session, card));
      countsChanged();
      if (!known) await refill();
    },
    leaveOut: (gone) => {
      change(without(latest.current.session, gone));
      countsChanged();
      if (isStale(latest.current.session, Date.now())) void refill();
    },
    readAgain: async (noteId) => {
      const { fields } = await fetchNote(noteId);
      change(edited(latest.current.session, noteId, fields));
    },
    refill,
  };
}

/** Keeps a queue for its owner, and the pictures of its cards. */
async function hold(deck: string | undefined, queue: Queue, account: string): Promise<void> {
  try {
    if ((await owner())?.id !== account) return;
    await holdQueue(deck, queue);
    const needed = new Set<string>();
    for (const card of queue.items) {
      if (card.kind !== "image_occlusion") continue;
      const key = pictureKey(card.fields);
      if (key === undefined || needed.has(key)) continue;
      needed.add(key);
      await pictureOf(card.fields, true).catch(() => undefined);
    }
    await keepPictures(needed);
  } catch {
    // Nothing can be kept here: there are reviews while there is a network.
  }
}

async function holdOwn(deck: string | undefined, session: Session, account: string): Promise<void> {
  try {
    if ((await owner())?.id === account) await holdQueue(deck, asQueue(session));
  } catch {
    // See above.
  }
}
