import { api, call, type components, type Feature, unwrap } from "@medai/client";
import { queryClient, statusQuery } from "@medai/client/react";
import { queryOptions } from "@tanstack/react-query";

type Schemas = components["schemas"];

export type Source = Schemas["MaintenanceSource"];
export type StateView = Schemas["StateView"];
export type WindowView = Schemas["WindowView"];
export type Level = Schemas["MaintenanceLevel"];
export type Maintenance = Schemas["MaintenanceView"];

export const maintenanceQuery = queryOptions({
  queryKey: ["maintenance"],
  refetchInterval: 10_000,
  queryFn: () => call<Maintenance>("GET", "/api/admin/maintenance"),
});

/** What students are told, and which features there are, changes with it. */
async function changed(): Promise<void> {
  void queryClient.invalidateQueries({ queryKey: statusQuery.queryKey });
  void queryClient.invalidateQueries({ queryKey: ["features"] });
  await queryClient.invalidateQueries({ queryKey: maintenanceQuery.queryKey });
}

export async function enter(body: Schemas["NewState"]): Promise<void> {
  await unwrap(api.PUT("/api/admin/maintenance", { body }));
  await changed();
}

/** What to leave: a feature, the platform alone, or everything. */
export type Left = { feature: Feature } | "platform" | "everything";

export async function leave(what: Left, reason: string): Promise<void> {
  if (what === "platform")
    await unwrap(api.PUT("/api/admin/maintenance", { body: { level: "none", reason } }));
  else {
    const body = what === "everything" ? { reason } : { feature: what.feature, reason };
    await unwrap(api.DELETE("/api/admin/maintenance", { body }));
  }
  await changed();
}

export async function announce(body: Schemas["NewWindow"]): Promise<void> {
  await unwrap(api.POST("/api/admin/maintenance/windows", { body }));
  await changed();
}

export async function takeBack(id: string): Promise<void> {
  await unwrap(api.DELETE("/api/admin/maintenance/windows/{id}", { params: { path: { id } } }));
  await changed();
}
