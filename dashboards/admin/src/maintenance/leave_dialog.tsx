import { useTries } from "@medai/client/react";
import { Button, Dialog, say, TextField } from "@medai/ui";
import { useState } from "react";
import { featureName } from "../parts/names.ts";
import { Refused } from "../parts/refused.tsx";
import { MAX_TEXT } from "./draft.ts";
import { type Left, leave } from "./maintenance.ts";

const nameOf = (what: Left) => (typeof what === "object" ? featureName(what.feature) : what);

/** Opens what is closed, with a reason. */
export function LeaveDialog({ what, onClose }: { what: Left; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const { problem, busy, attempt } = useTries();
  return (
    <Dialog
      open
      onClose={onClose}
      title={what === "everything" ? "Open everything?" : `Open ${nameOf(what)}?`}
      description="It is open again within a second, whoever closed it; a window that is open ends, too. What closed by itself does not close again for the same cause for ten minutes. The other admins are notified."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void attempt(async () => {
            await leave(what, reason.trim());
            say(what === "everything" ? "Everything is open." : `Open again: ${nameOf(what)}.`);
            onClose();
          });
        }}
      >
        <TextField
          label="Reason"
          value={reason}
          required
          maxLength={MAX_TEXT}
          hint="For the other admins, and for the audit log."
          problem={problem?.fields.reason}
          onChange={(event) => setReason(event.target.value)}
        />
        {problem && !problem.fields.reason && <Refused error={problem} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy} disabled={reason.trim() === ""}>
            Open
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
