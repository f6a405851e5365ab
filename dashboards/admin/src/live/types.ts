/** By hand: what `GET /api/admin/live` and `GET /api/admin/analytics` say, which the OpenAPI document has not. */
import type { components, Feature, Plan } from "@medai/client";

type Schemas = components["schemas"];
export type QueueView = Schemas["QueueView"];
export type Provider = Schemas["Provider"];
export type MaintenanceLevel = Schemas["Level"];

export interface Live {
  at: string;
  answers_per_minute: number;
  first_token_ms: { p50: number; p95: number } | null;
  /** The last 60. */
  minutes: { at: string; answers: number; errors: number }[];
  errors: { class: string; last_hour: number }[];
  queues: QueueView[];
  keys: { active: number; cooling: number; degraded: number; disabled: number; pending?: number };
  features: LiveFeature[];
  maintenance: { level: MaintenanceLevel; feature_levels: Partial<Record<Feature, MaintenanceLevel>> };
  /** The most urgent first. */
  alarms: LiveAlarm[];
  recent: LiveEvent[];
}

export interface LiveFeature {
  feature: Feature;
  level: MaintenanceLevel;
  enabled: boolean;
  keys_alive: number;
  serving: { provider: Provider; key_masked: string } | null;
  quota_left: { requests: number | null; unknown_keys: number };
  burn_per_hour: number | null;
  runs_out_at: string | null;
}

export type AlarmKind =
  | "queue_stalled"
  | "no_workers"
  | "queue_waiting"
  | "feature_down"
  | "maintenance"
  | "keys_dead"
  | "keys_cooling"
  | "quota_running_out"
  | "delivery_dead";

export interface LiveAlarm {
  kind: AlarmKind;
  severity: "critical" | "warning";
  subject: string;
  message: string;
  since: string | null;
  /** A page of this app, with `/admin` before it. */
  path: string;
}

export interface LiveEvent {
  at: string;
  /** Such as `key_failed`, `key_cooling`, `key_degraded`, `key_recovered`, `key_set`, `failover`. */
  kind: string;
  provider?: Provider | null;
  /** `*` is any. */
  feature?: string | null;
  key_masked?: string | null;
  class?: string | null;
  message: string;
}

export interface Analytics {
  from: string;
  to: string;
  totals: {
    requests: number;
    failed: number;
    prompt_tokens: number;
    completion_tokens: number;
    active_users: number;
    cost: number | null;
  };
  days: {
    day: string;
    requests: number;
    failed: number;
    tokens: number;
    users: number;
    cost: number | null;
  }[];
  by_plan: { plan: Plan; users: number; active_users: number; requests: number; tokens: number }[];
  by_feature: { feature: Feature; requests: number; failed: number; tokens: number; share: number }[];
  top_users: {
    user_id: string;
    email: string;
    name: string;
    plan: Plan;
    requests: number;
    tokens: number;
  }[];
  averages: { tokens_per_user: number; requests_per_user: number };
  burn: {
    provider: Provider;
    feature: Feature;
    requests_per_hour: number;
    requests_left: number | null;
    runs_out_at: string | null;
  }[];
  cost: {
    currency: string;
    so_far_this_month: number | null;
    projected_this_month: number | null;
    by_key: {
      key_id: string;
      key_masked: string;
      provider: Provider;
      tokens: number;
      cost: number | null;
      priced: boolean;
    }[];
  };
  conversion: {
    registered: number;
    paid: number;
    rate: number;
    by_week: { week: string; registered: number; paid: number }[];
  };
}
