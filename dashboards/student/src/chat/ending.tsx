import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, clock, Notice } from "@medai/ui";
import { RotateCcw } from "lucide-react";
import { toldAtEnd } from "../app/api_message.ts";
import type { EventData } from "../stream/event.ts";
import type { Shown } from "./answer.tsx";
import { Quiet } from "./progress.tsx";

/** What there is to say about how an answer ended, and what can be done. */
export function End({
  face,
  ending,
  hasText,
  onRetry,
}: {
  face: Shown["face"];
  ending: EventData;
  hasText: boolean;
  onRetry: () => void;
}) {
  const again = (label: string) => (
    <Button size="sm" icon={<RotateCcw size={15} />} onClick={onRetry}>
      {label}
    </Button>
  );
  if (face === "truncated")
    return (
      <Notice tone="warn" title={t`The answer was cut off`} actions={again(t`Regenerate`)}>
        <Trans>The provider stopped in the middle, and no other could take over.</Trans>
      </Notice>
    );
  if (face === "blocked")
    return (
      <Notice tone="warn" title={t`The provider declined to answer`}>
        {toldAtEnd(ending) ?? t`Its safety rules were triggered. Please rephrase your question.`}
      </Notice>
    );
  if (face === "done" && ending.pictures_left_out)
    return (
      <Quiet>
        <Trans>
          Pictures of earlier messages were not shown to the model. Attach one again to ask about it.
        </Trans>
      </Quiet>
    );
  if (face === "cancelled")
    return (
      <Quiet>
        {hasText ? t`You stopped the answer here.` : t`You stopped this before it was answered.`}
        {again(t`Regenerate`)}
      </Quiet>
    );
  if (face === "error") {
    const back = backOf(ending);
    return (
      <Notice tone="bad" title={t`There is no answer`} actions={again(t`Try again`)}>
        {toldAtEnd(ending) ?? t`Something went wrong. Please try again.`}
        {back && ` ${t`It should work again at ${clock(back)}.`}`}{" "}
        <Trans>This question was not charged.</Trans>
      </Notice>
    );
  }
  return null;
}

function backOf(ending: EventData): string | undefined {
  const { details } = ending;
  const known = typeof details === "object" && details !== null && "retry_at" in details;
  return known && typeof details.retry_at === "string" ? details.retry_at : ending.retry_at;
}
