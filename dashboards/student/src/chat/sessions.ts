import { t } from "@lingui/core/macro";
import { api, type components, type Session, unwrap } from "@medai/client";
import { changed, queryClient } from "@medai/client/react";
import { say, toast } from "@medai/ui";
import {
  type InfiniteData,
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useInfiniteQuery,
  useQuery,
} from "@tanstack/react-query";
import { useMemo, useSyncExternalStore } from "react";
import { told } from "../app/api_message.ts";
import { focusAfter } from "../app/focus.ts";
import { isIn, type Part } from "./parts.ts";

type SessionPage = { items: Session[]; next?: string | null };

/** The conversations of a part, pinned ones first, and then the last used. */
export const sessionsQuery = (part: Part) =>
  infiniteQueryOptions({
    queryKey: ["sessions", part],
    refetchOnWindowFocus: "always",
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }): Promise<SessionPage> =>
      unwrap(
        api.GET("/api/chat/sessions", { params: { query: { ...part, limit: 100, cursor: pageParam } } }),
      ),
    getNextPageParam: (page) => page.next ?? null,
  });

/** Those whose titles have these words, wherever they are. */
export const titledQuery = (q: string) =>
  queryOptions({
    queryKey: ["sessions-titled", q],
    enabled: q !== "",
    placeholderData: keepPreviousData,
    queryFn: async () =>
      (await unwrap(api.GET("/api/chat/sessions", { params: { query: { q, limit: 100 } } }))).items,
  });

/** Also in other tabs. */
export const refetchSessions = () => changed(["sessions"], ["sessions-titled"]);

const known = (): Session[] =>
  queryClient
    .getQueriesData<InfiniteData<SessionPage>>({ queryKey: ["sessions"] })
    .flatMap(([, data]) => data?.pages.flatMap((page) => page.items) ?? []);

/** One conversation. */
const sessionQuery = (id: string) =>
  queryOptions({
    queryKey: ["session", id],
    staleTime: 60_000,
    queryFn: () => unwrap(api.GET("/api/chat/sessions/{id}", { params: { path: { id } } })),
    initialData: () => known().find((session) => session.id === id),
  });

export const useSession = (id: string | undefined): Session | undefined =>
  useQuery({ ...sessionQuery(id ?? ""), enabled: id !== undefined }).data;

/** Says which documents a conversation is about; null is all. It shows at once. */
export async function setDocuments(id: string, documents: string[] | null): Promise<void> {
  const { queryKey } = sessionQuery(id);
  const before = queryClient.getQueryData(queryKey);
  if (before) queryClient.setQueryData(queryKey, { ...before, documents });
  try {
    const params = { path: { id } };
    const changed = await unwrap(
      api.PUT("/api/chat/sessions/{id}/documents", { params, body: { documents } }),
    );
    queryClient.setQueryData(queryKey, changed);
  } catch (error) {
    queryClient.setQueryData(queryKey, before);
    say(told(error));
    throw error;
  }
}

/** Asks anew for a conversation, and for the lists that it may be in. */
export const refetchSession = (id: string) =>
  Promise.all([queryClient.invalidateQueries({ queryKey: sessionQuery(id).queryKey }), refetchSessions()]);

/** Those that were deleted a moment ago, and can still be brought back. */
let leaving: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

function setLeaving(next: ReadonlySet<string>): void {
  leaving = next;
  for (const listener of listeners) listener();
}

function useLeaving(): ReadonlySet<string> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => leaving,
  );
}

export function useSessions(part: Part = { loose: true }, enabled = true) {
  const query = useInfiniteQuery({ ...sessionsQuery(part), enabled });
  const gone = useLeaving();
  const sessions = query.data?.pages
    .flatMap((page) => page.items)
    .filter((session) => isIn(part, session) && !gone.has(session.id));
  return { ...query, sessions };
}

/** Those whose titles have these words: at once those that are known, and once the words rest all. */
export function useTitled(q: string, rested: string): Session[] {
  const found = useQuery(titledQuery(rested)).data;
  const { sessions } = useSessions();
  const gone = useLeaving();
  return useMemo(() => {
    const words = q.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = ({ id, title }: Session) =>
      !gone.has(id) && words.every((word) => (title ?? "").toLowerCase().includes(word));
    const all = new Map([...(sessions ?? []), ...(found ?? [])].filter(fits).map((each) => [each.id, each]));
    return [...all.values()].sort((a, b) => b.updated_at.localeCompare(a.updated_at));
  }, [q, found, sessions, gone]);
}

export type SessionChange = components["schemas"]["SessionChange"];

/** Changes a conversation. It shows at once; what fails is taken back, and said. */
export async function changeSession(id: string, body: SessionChange): Promise<boolean> {
  const change = (session: Session): Session =>
    session.id === id ? { ...session, ...(body as Partial<Session>) } : session;
  queryClient.setQueriesData<InfiniteData<SessionPage>>(
    { queryKey: ["sessions"] },
    (data) =>
      data && { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.map(change) })) },
  );
  const { queryKey } = sessionQuery(id);
  queryClient.setQueryData(queryKey, (session) => session && change(session));
  try {
    const params = { path: { id } };
    queryClient.setQueryData(queryKey, await unwrap(api.PATCH("/api/chat/sessions/{id}", { params, body })));
    return true;
  } catch (error) {
    void queryClient.invalidateQueries({ queryKey });
    say(told(error));
    return false;
  } finally {
    await refetchSessions();
  }
}

/** Takes a conversation out of the list. */
export async function archive(session: Session, neighbour: string | undefined): Promise<void> {
  if (!(await changeSession(session.id, { archived: true }))) return;
  focusAfter("deleted", neighbour);
  const title = session.title ?? t`New conversation`;
  toast(t`Archived “${title}”`, {
    action: {
      label: t`Undo`,
      run: () => {
        focusAfter("deletionUndone", session.id);
        void changeSession(session.id, { archived: false });
      },
    },
  });
}

/** What was fetched of a conversation that is gone: who goes back to it is told so by the API. */
export function forgetSession(id: string): void {
  queryClient.removeQueries({ queryKey: ["session", id] });
  // Where it is looked at, it is asked for at once.
  void queryClient.resetQueries({ queryKey: ["messages", id] });
}

/** Throws a conversation away. It can be brought back for ten minutes; here, as long as that is offered. */
export function deleteSession(session: Session, neighbour: string | undefined): void {
  const params = { path: { id: session.id } };
  setLeaving(new Set([...leaving, session.id]));
  const show = () => setLeaving(new Set([...leaving].filter((id) => id !== session.id)));
  const title = session.title ?? t`New conversation`;
  // Whether it is known that it is still there: then nothing was deleted, and nothing is to be undone.
  let kept = false;
  const trashed = unwrap(api.POST("/api/chat/sessions/{id}/trash", { params, keepalive: true }))
    .then(async () => {
      forgetSession(session.id);
      await changed(["sessions"], ["sessions-titled"], ["messages", session.id]);
    })
    .catch((error: unknown) => {
      kept = true;
      endTold();
      const why = told(error);
      toast(t`“${title}” was not deleted. ${why}`);
      focusAfter("deletionUndone", session.id);
    })
    .finally(show);
  const restore = async () => {
    await trashed;
    if (kept) return;
    try {
      await unwrap(api.POST("/api/chat/sessions/{id}/restore", { params }));
    } catch (error) {
      say(told(error));
    }
    forgetSession(session.id);
    await refetchSessions();
    focusAfter("deletionUndone", session.id);
  };
  const endTold = toast(t`Deleted “${title}”`, {
    action: { label: t`Undo`, run: () => void restore() },
    takesFocus: true,
    onLeft: () => focusAfter("deleted", neighbour),
    ms: 8000,
  });
}
