/** Sends answers while there is a network, from whichever tab; and tells those who look what became of them. */
import { Problem } from "@medai/client";
import { useSyncExternalStore } from "react";
import { type Answer, countsChanged, sendAnswer, undoReview } from "../api.ts";
import type { Reviewed } from "../types.ts";
import { answers } from "./database.ts";
import { inMemory } from "./in_memory.ts";
import { type AnswerStore, inTurn, pauseAfter, sendAll } from "./outbox.ts";

export type Told =
  | { what: "taken"; answer: Answer; reviewed: Reviewed }
  | { what: "refused"; answer: Answer; problem: Problem }
  /** Another tab has answered a card. */
  | { what: "elsewhere"; card: string };

export interface Line {
  /** Answers that were not sent. */
  waiting: number;
  /** What keeps them; undefined while they go. */
  kept: Problem | undefined;
}

let line: Line = { waiting: 0, kept: undefined };
/** Where the browser keeps nothing, answers last as long as their page. */
let store: AnswerStore = answers;
const looking = new Set<() => void>();
const listening = new Set<(told: Told) => void>();
const tabs = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("medai-study");
let running: Promise<void> | undefined;
let more = false;
let tries = 0;
/** Of what is being taken back. */
let undoKey: string | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

function set(next: Partial<Line>): void {
  line = { ...line, ...next };
  for (const look of looking) look();
}

const tell = (told: Told): void => {
  for (const listener of listening) listener(told);
};

if (tabs)
  tabs.onmessage = ({ data }: MessageEvent<{ card?: unknown }>) => {
    if (typeof data?.card === "string") tell({ what: "elsewhere", card: data.card });
    void count();
  };

async function count(): Promise<void> {
  set({ waiting: (await store.all().catch(() => [])).length });
}

export const useLine = (): Line =>
  useSyncExternalStore(
    (look) => {
      looking.add(look);
      return () => looking.delete(look);
    },
    () => line,
  );

/** Calls back with what becomes of answers. */
export function listen(listener: (told: Told) => void): () => void {
  listening.add(listener);
  return () => listening.delete(listener);
}

/** Takes an answer. It is on the disk before it is sent. */
export async function give(answer: Answer): Promise<void> {
  undoKey = undefined;
  await store.add(answer).catch(async () => {
    store = inMemory();
    await store.add(answer);
  });
  tabs?.postMessage({ card: answer.card_id });
  await count();
  void send();
}

/** Sends what waits, as long as that goes; and tries again later where it does not. */
export function send(): Promise<void> {
  more = true;
  running ??= work().finally(() => {
    running = undefined;
  });
  return running;
}

async function work(): Promise<void> {
  clearTimeout(timer);
  while (more) {
    more = false;
    const problem = await inTurn(() =>
      sendAll(store, {
        send: sendAnswer,
        taken: (answer, reviewed) => {
          set({ waiting: Math.max(0, line.waiting - 1), kept: undefined });
          tell({ what: "taken", answer, reviewed });
        },
        refused: (answer, refusal) => tell({ what: "refused", answer, problem: refusal }),
      }),
    ).catch((error: unknown) => Problem.wrap(error));
    await count();
    tries = problem ? tries + 1 : 0;
    set({ kept: problem });
    if (!problem) countsChanged();
    // Who is signed out sends nothing.
    else if (problem.status !== 401) timer = setTimeout(() => void send(), pauseAfter(problem, tries));
  }
}

/** Takes the last answer back: one that waits is never sent. Says which card it was of. */
export const undo = (): Promise<string> =>
  inTurn(async () => {
    const last = (await store.all().catch(() => [])).at(-1);
    if (!last) return undoStored();
    await store.remove(last.seq);
    await count();
    return last.card_id;
  });

/** Where the line was cut, the next try is the same one. */
async function undoStored(): Promise<string> {
  undoKey ??= crypto.randomUUID();
  try {
    const { card_id } = await undoReview(undoKey);
    undoKey = undefined;
    return card_id;
  } catch (error) {
    if (Problem.wrap(error).status !== 0) undoKey = undefined;
    throw error;
  }
}

/** The cards whose answers the API does not know yet. */
export const waitingCards = async (): Promise<ReadonlySet<string>> =>
  new Set((await store.all().catch(() => [])).map(({ card_id }) => card_id));

let started = false;

/** Begins with what an earlier visit could not send. */
export function startSending(): void {
  if (started) return;
  started = true;
  addEventListener("online", () => void send());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && line.waiting > 0) void send();
  });
  void count().then(() => (line.waiting > 0 ? send() : undefined));
}

/** Before somebody signs out: what waits is sent, if that does not take long. */
export async function sendBeforeLeaving(): Promise<void> {
  await count();
  if (line.waiting > 0) await Promise.race([send(), new Promise((resolve) => setTimeout(resolve, 3000))]);
}
