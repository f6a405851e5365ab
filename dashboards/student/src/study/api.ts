/** All calls about decks and reviews, and what is kept of their answers. */
import { call, Problem, upload, withSession } from "@medai/client";
import { changed, queryClient } from "@medai/client/react";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type {
  Begun,
  CardAction,
  Deck,
  DeckChange,
  Filled,
  NewNote,
  Note,
  NoteAction,
  Page,
  Queue,
  Rating,
  Reviewed,
  Stats,
  StudySettings,
  Today,
} from "./types.ts";

const STUDY = "/api/study";

/** What is asked for with an address; what is empty is left out. */
function query(parts: Record<string, string | number | undefined>): string {
  const given = Object.entries(parts).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === "" ? "" : `?${text}`;
}

/** What is due today; the sidebar's number. */
export const todayQuery = queryOptions({
  queryKey: ["study", "today"],
  staleTime: 60_000,
  refetchInterval: 10 * 60_000,
  queryFn: () => call<Today>("GET", `${STUDY}/today`),
});

/** All decks, by their titles. */
export const decksQuery = queryOptions({
  queryKey: ["study", "decks"],
  queryFn: async (): Promise<Deck[]> => (await call<Page<Deck>>("GET", `${STUDY}/decks`)).items,
});

export const deckQuery = (id: string) =>
  queryOptions({
    queryKey: ["study", "deck", id],
    queryFn: () => call<Deck>("GET", `${STUDY}/decks/${id}`),
  });

export interface NoteFilter {
  q: string;
  tag: string;
  state: string;
}

/** The notes of a deck, page by page. */
export const notesQuery = (deck: string, filter: NoteFilter) =>
  infiniteQueryOptions({
    queryKey: ["study", "notes", deck, filter],
    initialPageParam: "",
    queryFn: ({ pageParam }) =>
      call<Page<Note>>(
        "GET",
        `${STUDY}/decks/${deck}/notes${query({ ...filter, limit: 50, cursor: pageParam })}`,
      ),
    getNextPageParam: (last: Page<Note>) => last.next ?? undefined,
  });

export const statsQuery = (deck: string | undefined, days: number) =>
  queryOptions({
    queryKey: ["study", "stats", deck ?? "", days],
    staleTime: 60_000,
    queryFn: () => call<Stats>("GET", `${STUDY}/stats${query({ deck, days })}`),
  });

export const fetchQueue = (deck: string | undefined, limit: number): Promise<Queue> =>
  call("GET", `${STUDY}/queue${query({ deck, limit })}`);

export const fetchNote = (id: string): Promise<Note> => call("GET", `${STUDY}/notes/${id}`);

/** Whatever is shown of studying is asked for anew, in all tabs. */
export const studyChanged = (): Promise<void> => changed(["study"]);

let counting: ReturnType<typeof setTimeout> | undefined;

/** The number in the sidebar, and the counts of decks, are other ones now. Many answers in a row are one change. */
export function countsChanged(): void {
  if (counting !== undefined) return;
  counting = setTimeout(() => {
    counting = undefined;
    void queryClient.invalidateQueries({
      queryKey: ["study"],
      predicate: ({ queryKey }) => queryKey[1] !== "notes",
    });
  }, 1500);
}

export async function createDeck(title: string): Promise<Deck> {
  const deck = await call<Deck>("POST", `${STUDY}/decks`, { title });
  await studyChanged();
  return deck;
}

export async function changeDeck(id: string, change: DeckChange): Promise<void> {
  await call("PATCH", `${STUDY}/decks/${id}`, change);
  await studyChanged();
}

export async function deleteDeck(id: string): Promise<void> {
  await call("DELETE", `${STUDY}/decks/${id}`);
  queryClient.removeQueries({ queryKey: ["study", "deck", id] });
  await studyChanged();
}

export async function createNote(deck: string, note: NewNote): Promise<Note> {
  const made = await call<Note>("POST", `${STUDY}/decks/${deck}/notes`, note);
  await studyChanged();
  return made;
}

export async function changeNote(
  id: string,
  change: { fields?: Filled["fields"]; tags?: string[]; deck_id?: string },
): Promise<Note> {
  const note = await call<Note>("PATCH", `${STUDY}/notes/${id}`, change);
  await studyChanged();
  return note;
}

/** So many notes are changed by one call. */
const AT_ONCE = 500;

/** Does one thing with many notes. Says with how many. */
export async function withNotes(
  ids: readonly string[],
  action: NoteAction,
  more: { deck_id?: string; tags?: string[] } = {},
): Promise<number> {
  let count = 0;
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const body = { ids: ids.slice(from, from + AT_ONCE), action, ...more };
    count += (await call<{ changed: number }>("POST", `${STUDY}/notes/bulk`, body)).changed;
  }
  await studyChanged();
  return count;
}

export const withCard = (id: string, action: CardAction): Promise<unknown> =>
  call("POST", `${STUDY}/cards/${id}/${action}`);

export interface Answer {
  /** Made when it was answered: however often it is sent, it counts once. */
  key: string;
  card_id: string;
  rating: Rating;
  duration_ms: number;
  reviewed_at: string;
  /** How often the card had been answered when it was shown: an answer from elsewhere since makes this one void. */
  reps: number;
}

export const sendAnswer = ({ key, card_id, ...body }: Answer): Promise<Reviewed> =>
  once(`${STUDY}/cards/${card_id}/review`, key, body);

/** However often it is sent with one key, it takes back one answer. */
export const undoReview = (key: string): Promise<{ card_id: string }> =>
  once(`${STUDY}/reviews/undo`, key, undefined);

async function once<T>(path: string, key: string, body: unknown): Promise<T> {
  const request = new Request(new URL(path, location.origin), {
    method: "POST",
    headers: { "idempotency-key": key, ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const response = await withSession(request).catch((cause: unknown) => {
    throw Problem.wrap(cause);
  });
  if (!response.ok) throw await Problem.of(response);
  return (await response.json()) as T;
}

/** Sends a file with cards. What becomes of it is told by the job's events. */
export function importDeck(
  file: File,
  onProgress: (sent: number, total: number) => void,
  signal: AbortSignal,
): Promise<Begun> {
  const form = new FormData();
  form.set("file", file);
  return upload<Begun>(`${STUDY}/decks/import`, form, onProgress, signal);
}

/** Where a deck is had as a file. */
export const exportAddress = (id: string, format: "apkg" | "csv", scheduling: boolean): string =>
  `${STUDY}/decks/${id}/export${query({ format, with: scheduling ? "scheduling" : undefined })}`;

export const readSettings = (): Promise<StudySettings> => call("GET", `${STUDY}/settings`);
export const settingsQuery = queryOptions({
  queryKey: ["study", "settings"],
  staleTime: 5 * 60_000,
  queryFn: readSettings,
});
export const setTimeZone = (time_zone: string): Promise<StudySettings> =>
  call("PATCH", `${STUDY}/settings`, { time_zone });
