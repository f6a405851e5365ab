import { api, type components, unwrap } from "@medai/client";
import { queryClient } from "@medai/client/react";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { given } from "../app/params.ts";
import type { UsersSearch } from "./search.ts";

type Schemas = components["schemas"];
export type UserView = Schemas["UserView"];
export type Allowed = Schemas["AllowedView"];

export const usersQuery = (filter: UsersSearch) =>
  infiniteQueryOptions({
    queryKey: ["users", filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor }) =>
      unwrap(api.GET("/api/admin/users", { params: { query: given({ ...filter, cursor }) } })),
    getNextPageParam: ({ next }) => next ?? undefined,
  });

export const userQuery = (id: string) =>
  queryOptions({
    queryKey: ["user", id],
    queryFn: () => unwrap(api.GET("/api/admin/users/{id}", { params: { path: { id } } })),
  });

/** Who is on the list of admins. */
export const allowlistQuery = queryOptions({
  queryKey: ["allowlist"],
  queryFn: async () => (await unwrap(api.GET("/api/admin/allowlist"))).items,
});

function keep(user: UserView): void {
  queryClient.setQueryData(userQuery(user.id).queryKey, user);
  void queryClient.invalidateQueries({ queryKey: ["users"] });
}

export async function update(id: string, body: Schemas["UserChange"]): Promise<void> {
  keep(await unwrap(api.PATCH("/api/admin/users/{id}", { params: { path: { id } }, body })));
}

export async function resetUsage(id: string): Promise<void> {
  keep(await unwrap(api.POST("/api/admin/users/{id}/reset-usage", { params: { path: { id } } })));
}

export async function disable(id: string): Promise<void> {
  keep(await unwrap(api.POST("/api/admin/users/{id}/disable", { params: { path: { id } } })));
}

export async function enable(id: string): Promise<void> {
  keep(await unwrap(api.POST("/api/admin/users/{id}/enable", { params: { path: { id } } })));
}

async function rolesChanged(): Promise<void> {
  void queryClient.invalidateQueries({ queryKey: ["user"] });
  void queryClient.invalidateQueries({ queryKey: ["users"] });
  await queryClient.invalidateQueries({ queryKey: allowlistQuery.queryKey });
}

/** Makes an address an admin's, or gives it another role. */
export async function setRole(body: Schemas["Allowed"]): Promise<Allowed> {
  const allowed = await unwrap(api.PUT("/api/admin/allowlist", { body }));
  await rolesChanged();
  return allowed;
}

/** Takes an address off the list; it was typed again by whoever does it. */
export async function removeAdmin(email: string): Promise<void> {
  await unwrap(api.DELETE("/api/admin/allowlist", { params: { query: { email, confirm: email } } }));
  await rolesChanged();
}
