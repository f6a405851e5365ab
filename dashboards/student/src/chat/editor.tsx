import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button } from "@medai/ui";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { isPressed } from "../app/shortcuts.ts";

interface Props {
  content: string;
  onCancel: () => void;
  onSend: (content: string) => void;
}

/** A question, to be asked in other words. */
export function Editor({ content, onCancel, onSend }: Props) {
  const [text, setText] = useState(content);
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const area = box.current;
    area?.focus();
    area?.setSelectionRange(area.value.length, area.value.length);
  }, []);
  const send = () => text.trim() !== "" && onSend(text.trim());
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (isPressed(event, "cancelEdit")) onCancel();
    if (isPressed(event, "send") && !event.nativeEvent.isComposing) {
      event.preventDefault();
      send();
    }
  };
  return (
    <div className="rounded-lg border border-accent bg-surface p-2 shadow-card">
      <textarea
        ref={box}
        dir="auto"
        aria-label={t`The question in other words`}
        value={text}
        rows={Math.min(10, text.split("\n").length + 1)}
        maxLength={10_000}
        className="w-full resize-none bg-transparent px-2 py-1 text-[1.0313rem] outline-none"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="flex items-center justify-end gap-2">
        <span className="me-auto ps-2 text-faint text-xs">
          <Trans>The question and its answer stay as they are, beside the new ones.</Trans>
        </span>
        <Button size="sm" look="quiet" onClick={onCancel}>
          <Trans>Cancel</Trans>
        </Button>
        <Button size="sm" look="primary" onClick={send}>
          <Trans>Ask</Trans>
        </Button>
      </div>
    </div>
  );
}
