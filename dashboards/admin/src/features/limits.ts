import type { components } from "@medai/client";

type Schemas = components["schemas"];
export type FeatureView = Schemas["FeatureView"];
export type Limits = Schemas["FeatureLimits"] | null;

export const PLANS = ["free", "student", "pro"] as const;
export type LimitedPlan = (typeof PLANS)[number];

export const MAX_LIMIT = 1_000_000;

/** How limits are set: as the plans say, one for all, or one by plan. */
export type Mode = "plans" | "every" | "each";

export interface Draft {
  mode: Mode;
  every: string;
  each: Record<LimitedPlan, string>;
}

/** What a form begins with. */
export function draftOf(limits: Limits | undefined): Draft {
  const each = { free: "", student: "", pro: "" };
  if (limits == null) return { mode: "plans", every: "", each };
  if (typeof limits === "number") return { mode: "every", every: String(limits), each };
  for (const plan of PLANS) each[plan] = limits[plan]?.toString() ?? "";
  return { mode: "each", every: "", each };
}

export type Checked = { limits: Limits } | { problems: Partial<Record<"every" | LimitedPlan, string>> };

/** What to send, or what is wrong. A plan without a number keeps its own. */
export function check({ mode, every, each }: Draft): Checked {
  if (mode === "plans") return { limits: null };
  if (mode === "every") {
    const problem = wrong(every) ?? (every.trim() === "" ? "is missing" : undefined);
    return problem ? { problems: { every: problem } } : { limits: Number(every) };
  }
  const problems: Partial<Record<LimitedPlan, string>> = {};
  const limits: Record<string, number> = {};
  for (const plan of PLANS) {
    const problem = wrong(each[plan]);
    if (problem) problems[plan] = problem;
    else if (each[plan].trim() !== "") limits[plan] = Number(each[plan]);
  }
  if (Object.keys(problems).length > 0) return { problems };
  return { limits: Object.keys(limits).length > 0 ? (limits as Schemas["PlanLimits"]) : null };
}

function wrong(text: string): string | undefined {
  if (text.trim() === "") return undefined;
  if (!/^\s*\d+\s*$/.test(text) || Number(text) > MAX_LIMIT) return "must be a whole number, 0 to 1,000,000";
  return undefined;
}

/** Whether an admin's number is in the place of a plan's. */
export function isSet(limits: Limits | undefined, plan: LimitedPlan): boolean {
  if (limits == null) return false;
  return typeof limits === "number" || limits[plan] != null;
}

/** What students feel of the state of a feature, in words. */
export function effect(
  { enabled, level, status }: Pick<FeatureView, "enabled" | "level" | "status">,
  name: string,
): string {
  if (!enabled)
    return `Nobody can use it, admins included. Who tries reads: “The ${name} feature is switched off at the moment.”`;
  if (status === "maintenance" || level !== "none")
    return "It is on, but closed for maintenance: students can’t use it now, admins can.";
  return "Every student can use it, within their plan.";
}
