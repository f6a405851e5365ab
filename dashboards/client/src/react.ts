/** What the React apps share of the sign-in: who it is, what was fetched for them, and forms that may be refused. */
import { QueryClient, queryOptions, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, unwrap } from "./api.ts";
import { changesAmong } from "./changes.ts";
import { attend, leave } from "./events/index.ts";
import { Problem } from "./problem.ts";
import type { components } from "./schema.gen.ts";
import { mayBeSignedIn, onSignedOut } from "./session.ts";
import type { Account, PlanView, Status } from "./types.ts";

/** What was fetched, and when to fetch it again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // Without network an error is shown, and not for ever that something is on its way.
      networkMode: "always",
      refetchOnReconnect: true,
      // The network and the server may pass; what they refuse, they refuse again.
      retry: (count, error) => {
        const { status } = Problem.wrap(error);
        return (status === 0 || status >= 500) && status !== 503 && navigator.onLine && count < 3;
      },
    },
    mutations: { networkMode: "always" },
  },
});

/** `changed` asks anew for what has changed, in all tabs; `tell` only in the others. */
export const { changed, tell: tellTabs } = changesAmong(
  queryClient,
  typeof window === "undefined" || typeof BroadcastChannel === "undefined"
    ? undefined
    : new BroadcastChannel("medai-changes"),
);

/** What everybody may know: maintenance, and which features are on. */
export const statusQuery = queryOptions({
  queryKey: ["status"],
  staleTime: 15_000,
  refetchInterval: (query) => (query.state.data?.maintenance.level === "none" ? 60_000 : 15_000),
  queryFn: (): Promise<Status> => unwrap(api.GET("/api/status")),
});

/** What each plan allows a day, as it is in force. An admin may have set other limits than the usual ones. */
export const plansQuery = queryOptions({
  queryKey: ["plans"],
  staleTime: 60_000,
  queryFn: async (): Promise<PlanView[]> => (await unwrap(api.GET("/api/plans"))).items,
});

/** The plans, once they are known. */
export const usePlans = (): PlanView[] | undefined => useQuery(plansQuery).data;

/** Who is signed in; null for nobody. */
export const accountQuery = queryOptions({
  queryKey: ["me"],
  staleTime: 5 * 60_000,
  queryFn: async (): Promise<Account | null> => {
    if (!mayBeSignedIn()) return null;
    try {
      const account = await unwrap(api.GET("/api/auth/me"));
      attend((status) => queryClient.setQueryData(statusQuery.queryKey, status));
      return account;
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  },
});

/** Whoever sees a page of the app is signed in. */
export function useAccount(): Account {
  const { data } = useSuspenseQuery(accountQuery);
  if (!data) throw new Problem(401, { code: "UNAUTHENTICATED", message: "Please sign in." });
  return data;
}

/** Signs in; throws a `Problem` where that is refused. */
export async function signIn(body: components["schemas"]["Login"]): Promise<void> {
  const { user } = await unwrap(api.POST("/api/auth/login", { body }));
  queryClient.setQueryData(accountQuery.queryKey, user);
}

/** Makes an account, and is signed in with it. */
export async function register(body: components["schemas"]["Registration"]): Promise<void> {
  const { user } = await unwrap(api.POST("/api/auth/register", { body }));
  queryClient.setQueryData(accountQuery.queryKey, user);
}

/** Signs out, here or everywhere. Where to go from there is for the caller to say. */
export async function signOut(
  path: "/api/auth/logout" | "/api/auth/logout-all" = "/api/auth/logout",
): Promise<void> {
  await unwrap(api.POST(path));
  forgetEverything();
}

/** Calls back when the session of who was signed in has ended by itself; nothing of theirs is left by then. */
export function onSessionExpired(listener: () => void): () => void {
  return onSignedOut(() => {
    // Who was never signed in is asked to by the router.
    if (!queryClient.getQueryData(accountQuery.queryKey)) return;
    forgetEverything();
    listener();
  });
}

/** Nothing of one person is left for the next. */
function forgetEverything(): void {
  leave();
  queryClient.clear();
  queryClient.setQueryData(accountQuery.queryKey, null);
  sessionStorage.clear();
}

/** What a form knows of its last try. Counts down where the API asked for patience. */
export function useTries() {
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const [wait, setWait] = useState(0);
  useEffect(() => {
    if (wait <= 0) return;
    const timer = setTimeout(() => setWait(wait - 1), 1000);
    return () => clearTimeout(timer);
  }, [wait]);
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
    } catch (error) {
      const problem = Problem.wrap(error);
      setProblem(problem);
      setWait(problem.retryAfter ?? 0);
    } finally {
      setBusy(false);
    }
  };
  return { problem, busy, wait, attempt };
}
