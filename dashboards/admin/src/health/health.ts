import { call, type components, type Feature } from "@medai/client";
import { queryOptions } from "@tanstack/react-query";

type Schemas = components["schemas"];
export type Provider = Schemas["Provider"];
export type Level = "healthy" | "degraded" | "down";

/*
 * By hand: the OpenAPI document has several schemas of one name (`Health`, `Level`, `Source`, `CheckedKey`), of which it
 * keeps one, and not those of this page.
 */
export interface Health {
  level: Level;
  keys: Schemas["Counts"];
  failures_last_hour: number;
  /** The key that the next question would get. */
  serving: Schemas["Serving"] | null;
  quota_left: Schemas["QuotaLeft"];
}

export type ProviderHealth = Health & { provider: Provider };
export type FeatureHealth = Health & { feature: Feature; providers: ProviderHealth[] };

export interface LogEntry {
  at: string;
  key: string;
  provider: Provider;
  feature: string;
  from: Schemas["KeyStatus"];
  to: Schemas["KeyStatus"];
  failures: number;
  class: string | null;
  http_status: number | null;
  reason: string | null;
  source: "call" | "probe" | "admin";
}

export interface Report {
  features: FeatureHealth[];
  log: LogEntry[];
}

export interface Checked {
  working: number;
  failing: number;
  items: {
    id: string;
    provider: Provider;
    feature: string;
    key_masked: string;
    ok: boolean;
    class?: string | null;
    reason?: string | null;
    retry_at?: string | null;
  }[];
}

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
