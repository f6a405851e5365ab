import { type Account, api, mayBeSignedIn, Problem, unwrap } from "@medai/client";
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { queryClient } from "./query.ts";

/** Who is signed in; null for nobody. */
export const accountQuery = queryOptions({
  queryKey: ["me"],
  staleTime: 5 * 60_000,
  queryFn: async (): Promise<Account | null> => {
    if (!mayBeSignedIn()) return null;
    try {
      return await unwrap(api.GET("/api/auth/me"));
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

/** Nothing of one student is left for the next. */
export function forgetEverything(): void {
  queryClient.clear();
  queryClient.setQueryData(accountQuery.queryKey, null);
  sessionStorage.clear();
}
