import { t } from "@lingui/core/macro";
import type { Message } from "@medai/client";
import { number } from "@medai/ui";

/** Who answered, and what it took of the day. */
export function AnsweredBy({ message: { provider, model, usage } }: { message: Message }) {
  if (!provider) return null;
  const tokens = usage ? usage.prompt_tokens + usage.completion_tokens : 0;
  const amount = number(tokens);
  const words = usage?.exact ? t`${amount} tokens` : t`about ${amount} tokens`;
  return (
    <span className="figures ms-1.5 min-w-0 truncate text-faint text-sm" title={t`Answered by ${provider}`}>
      <bdi>{provider === "demo" ? t`Built-in demo` : (model ?? provider)}</bdi>
      {tokens > 0 && (
        <>
          {" · "}
          {words}
        </>
      )}
    </span>
  );
}
