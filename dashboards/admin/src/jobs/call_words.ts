/** What a call of a provider was, in words and figures. */
import type { components } from "@medai/client";
import { number, type Tone } from "@medai/ui";
import { NONE } from "../parts/figures.ts";
import { className } from "../parts/names.ts";

export type Call = components["schemas"]["ProviderCall"];

/** Which key it was made with. A student's own is nobody else's business. */
export function keyName({ key }: Pick<Call, "key">): string {
  if (!key) return "the student’s own key";
  return key.name ? `${key.name} (${key.key_masked ?? "deleted"})` : (key.key_masked ?? "a deleted key");
}

export const outcome = (kind: string): string =>
  kind === "ok" ? "Answered" : kind === "cancelled" ? "Stopped" : className(kind);

export function tone(kind: string): Tone {
  if (kind === "ok") return "good";
  return kind === "cancelled" ? "neutral" : "bad";
}

/** `812 + 240`: of the prompt and of the answer. */
export function tokens({
  prompt_tokens,
  completion_tokens,
  tokens_exact,
}: Pick<Call, "prompt_tokens" | "completion_tokens" | "tokens_exact">): string {
  if (prompt_tokens + completion_tokens === 0) return NONE;
  return `${tokens_exact ? "" : "about "}${number(prompt_tokens)} + ${number(completion_tokens)}`;
}

/** A call costs less than a cent, so that it needs more digits than money has. */
export function price({ key, cost }: Pick<Call, "key" | "cost">): string {
  if (cost == null) return key ? "not known" : NONE;
  return cost.toLocaleString("en", { style: "currency", currency: "USD", maximumFractionDigits: 6 });
}
