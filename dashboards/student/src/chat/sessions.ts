import { t } from "@lingui/core/macro";
import { api, type Session, unwrap } from "@medai/client";
import { queryClient } from "@medai/client/react";
import { say, toast } from "@medai/ui";
import {
  infiniteQueryOptions,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
} from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { focusAfter } from "../app/focus.ts";
import { told } from "../app/told.ts";

/** Conversations, the last used first. */
export const sessionsQuery = infiniteQueryOptions({
  queryKey: ["sessions"],
  initialPageParam: null as string | null,
  queryFn: ({ pageParam }) =>
    unwrap(api.GET("/api/chat/sessions", { params: { query: { limit: 100, cursor: pageParam } } })),
  getNextPageParam: (page) => page.next ?? null,
});

export const refetchSessions = () => queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey });

/** One conversation. */
const sessionQuery = (id: string) =>
  queryOptions({
    queryKey: ["session", id],
    staleTime: 60_000,
    queryFn: () => unwrap(api.GET("/api/chat/sessions/{id}", { params: { path: { id } } })),
    initialData: () => {
      const pages = queryClient.getQueryData(sessionsQuery.queryKey)?.pages;
      return pages?.flatMap((page) => page.items).find((session) => session.id === id);
    },
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

export function useSessions() {
  const query = useInfiniteQuery(sessionsQuery);
  const gone = useLeaving();
  const sessions = query.data?.pages.flatMap((page) => page.items).filter(({ id }) => !gone.has(id));
  return { ...query, sessions };
}

export function useRename() {
  return useMutation({
    mutationFn: ({ id, title }: { id: string; title: string }) =>
      unwrap(api.PATCH("/api/chat/sessions/{id}", { params: { path: { id } }, body: { title } })),
    onMutate: ({ id, title }) => {
      queryClient.setQueryData(
        sessionsQuery.queryKey,
        (data) =>
          data && {
            ...data,
            pages: data.pages.map((page) => ({ ...page, items: page.items.map(renamed(id, title)) })),
          },
      );
    },
    onSettled: refetchSessions,
  });
}

const renamed = (id: string, title: string) => (session: Session) =>
  session.id === id ? { ...session, title } : session;

/** Throws a conversation away. It can be brought back for ten minutes; here, as long as that is offered. */
export function deleteSession(session: Session, neighbour: string | undefined): void {
  const params = { path: { id: session.id } };
  setLeaving(new Set([...leaving, session.id]));
  const show = () => setLeaving(new Set([...leaving].filter((id) => id !== session.id)));
  const trashed = unwrap(api.POST("/api/chat/sessions/{id}/trash", { params, keepalive: true }))
    .then(refetchSessions)
    .catch((error) => say(told(error)))
    .finally(show);
  const restore = async () => {
    await trashed;
    try {
      await unwrap(api.POST("/api/chat/sessions/{id}/restore", { params }));
    } catch (error) {
      say(told(error));
    }
    await refetchSessions();
    focusAfter("deletionUndone", session.id);
  };
  const title = session.title ?? t`New conversation`;
  toast(t`Deleted “${title}”`, {
    action: { label: t`Undo`, run: () => void restore() },
    takesFocus: true,
    onLeft: () => focusAfter("deleted", neighbour),
    ms: 8000,
  });
}

/** By day, as people remember them. */
export function grouped(sessions: Session[], now = new Date()): [string, Session[]][] {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const groups = new Map<string, Session[]>();
  for (const session of sessions) {
    const days = Math.ceil((midnight - new Date(session.updated_at).getTime()) / 86_400_000);
    const name = days <= 0 ? t`Today` : days === 1 ? t`Yesterday` : days <= 7 ? t`This week` : t`Earlier`;
    groups.set(name, [...(groups.get(name) ?? []), session]);
  }
  return [...groups];
}
