import { api, call, type components, type Problem, unwrap } from "@medai/client";
import { queryClient } from "@medai/client/react";
import { queryOptions, useMutation } from "@tanstack/react-query";
import type { PriorityChange } from "./reorder.ts";

type Schemas = components["schemas"];

export type Price = Schemas["PricePerMillion"];
export type KeyView = Schemas["KeyView"];
export type CheckedKey = Schemas["CheckedKey"];
export type Tried = Schemas["Tried"];
export type Suggestion = Schemas["Suggestion"];

export const keysQuery = queryOptions({
  queryKey: ["keys"],
  staleTime: 2_000,
  queryFn: async (): Promise<KeyView[]> => (await unwrap(api.GET("/api/admin/keys"))).items,
});

const asAgain = () => queryClient.invalidateQueries({ queryKey: keysQuery.queryKey });

/** Shows a key as the API now says it is. */
function put(after: KeyView): void {
  queryClient.setQueryData<KeyView[]>(keysQuery.queryKey, (keys) =>
    keys?.map((key) => (key.id === after.id ? { ...key, ...after } : key)),
  );
}

const path = (id: string) => `/api/admin/keys/${encodeURIComponent(id)}`;

export type KeyChange = Schemas["KeyChange"];
export type NewKey = Schemas["NewKeyBody"];

export function useAdd() {
  return useMutation<KeyView, Problem, NewKey>({
    mutationFn: (body) => call<KeyView>("POST", "/api/admin/keys", body),
    onSuccess: asAgain,
    // The secret is part of what it was called with.
    gcTime: 0,
  });
}

/** Tries a key without keeping it. */
export function useTest() {
  return useMutation<Tried, Problem, NewKey>({
    mutationFn: (body) => call<Tried>("POST", "/api/admin/keys/test", body),
    gcTime: 0,
  });
}

export function useChange() {
  return useMutation<KeyView, Problem, { id: string; change: KeyChange }>({
    mutationFn: ({ id, change }) => call<KeyView>("PATCH", path(id), change),
    onSuccess: (after) => {
      put(after);
      void asAgain();
    },
    gcTime: 0,
  });
}

export function useCheck() {
  return useMutation<CheckedKey, Problem, string>({
    mutationFn: (id) => unwrap(api.POST("/api/admin/keys/{id}/check", { params: { path: { id } } })),
    onSuccess: asAgain,
  });
}

export function useDelete() {
  return useMutation<void, Problem, { id: string; confirm: string }>({
    mutationFn: ({ id, confirm }) => call("DELETE", `${path(id)}?confirm=${encodeURIComponent(confirm)}`),
    onSuccess: asAgain,
  });
}

/** Sets priorities, one after the other; they are shown at once, and as they are where one is refused. */
export function useReorder() {
  return useMutation<void, Problem, PriorityChange[]>({
    mutationFn: async (changes) => {
      for (const { id, priority } of changes) await call("PATCH", path(id), { priority });
    },
    onMutate: async (changes) => {
      await queryClient.cancelQueries({ queryKey: keysQuery.queryKey });
      const priorities = new Map(changes.map((change) => [change.id, change.priority]));
      queryClient.setQueryData<KeyView[]>(keysQuery.queryKey, (keys) =>
        keys?.map((key) => ({ ...key, priority: priorities.get(key.id) ?? key.priority })),
      );
    },
    onSettled: asAgain,
  });
}
