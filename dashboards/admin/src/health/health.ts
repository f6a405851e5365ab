import { call, type components, type Feature } from "@medai/client";
import { queryOptions } from "@tanstack/react-query";

type Schemas = components["schemas"];
export type Provider = Schemas["Provider"];
export type Level = Schemas["HealthLevel"];
export type Health = Schemas["KeysHealth"];
export type ProviderHealth = Schemas["ProviderHealth"];
export type FeatureHealth = Schemas["FeatureHealth"];
export type Checked = Schemas["HealthChecked"];
export type LogEntry = Schemas["HealthLogEntry"];
export type Closing = Schemas["Closing"];
export type ClosingCall = Schemas["ClosingCall"];
export type EndpointHealth = Schemas["EndpointView"];
export type Report = Schemas["HealthReport"];

export interface Scope {
  provider?: Provider;
  feature?: Feature;
}

export const healthQuery = queryOptions({
  queryKey: ["health"],
  refetchInterval: 10_000,
  queryFn: () => call<Report>("GET", "/api/admin/health"),
});

/** Tries the keys of a provider, of a feature, of both, or all. Takes as long as the slowest of them. */
export const check = (scope: Scope) => call<Checked>("POST", "/api/admin/health/check", scope);
