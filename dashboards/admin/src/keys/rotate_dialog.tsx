import { Button, Dialog, Notice, say } from "@medai/ui";
import { useState } from "react";
import { Refused } from "../parts/refused.tsx";
import { KeyField } from "./key_fields.tsx";
import { type KeyView, type Suggestion, useChange } from "./keys.ts";
import { nameOf } from "./pool.ts";

/** Puts a new value in the place of an old one. The key keeps its place, its limits and its price. */
export function RotateDialog({
  view,
  onClose,
  onSuggestion,
}: {
  view: KeyView;
  onClose: () => void;
  onSuggestion: (suggestion: Suggestion) => void;
}) {
  const [before] = useState(view);
  const [key, setKey] = useState("");
  const [skip, setSkip] = useState(false);
  const change = useChange();
  const after = change.data;
  const failed = after && after.status !== "active" && after.status !== "disabled";
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Rotate ${nameOf(before)}`}
      description="The new value takes the place of the old one at once, and is tried with a call. Until that has worked, it is used only when nothing else is left."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          const rotation = skip ? { key: key.trim(), skip_test: true } : { key: key.trim() };
          change.mutate(
            { id: before.id, change: rotation },
            {
              onSuccess: (rotated) => {
                setKey("");
                if (rotated.suggestion) onSuggestion(rotated.suggestion);
                if (rotated.status !== "active" && rotated.status !== "disabled") return;
                say(`${nameOf(before)} is ${nameOf(rotated)} now.`);
                onClose();
              },
            },
          );
        }}
      >
        {failed && (
          <Notice alert tone="bad" title={`${nameOf(after)} does not work`}>
            {after.reason ?? "The call that tried it was not answered."} It is in the pool as degraded.
          </Notice>
        )}
        <KeyField
          label="New key"
          value={key}
          required
          problem={change.error?.fields.key}
          hint="Stored encrypted, and never shown again."
          onValue={setKey}
        />
        <label className="flex min-h-8 items-center gap-2 text-sm">
          <input
            type="checkbox"
            className="size-4"
            checked={skip}
            onChange={(event) => setSkip(event.target.checked)}
          />
          Trust it without a test call
        </label>
        {change.error && !change.error.fields.key && <Refused error={change.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{failed ? "Close" : "Cancel"}</Button>
          <Button type="submit" look="primary" busy={change.isPending} disabled={key.trim() === ""}>
            Rotate
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
