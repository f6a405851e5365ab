import { Button, clock, Notice } from "@medai/ui";
import { RotateCcw } from "lucide-react";
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
      <Notice tone="warn" title="The answer was cut off" actions={again("Regenerate")}>
        The provider stopped in the middle, and no other could take over.
      </Notice>
    );
  if (face === "blocked")
    return (
      <Notice tone="warn" title="The provider declined to answer">
        {ending.message ?? "Its safety rules were triggered. Please rephrase your question."}
      </Notice>
    );
  if (face === "done" && ending.pictures_left_out)
    return (
      <Quiet>
        Pictures of earlier messages were not shown to the model. Attach one again to ask about it.
      </Quiet>
    );
  if (face === "cancelled")
    return (
      <Quiet>
        {hasText ? "You stopped the answer here." : "You stopped this before it was answered."}
        {again("Regenerate")}
      </Quiet>
    );
  if (face === "error") {
    const back = backOf(ending);
    return (
      <Notice tone="bad" title="There is no answer" actions={again("Try again")}>
        {ending.message ?? "Something went wrong. Please try again."}
        {back && ` It should work again at ${clock(back)}.`} This question was not charged.
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
