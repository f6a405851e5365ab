import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Problem } from "@medai/client";
import { Button, Dialog, TextField } from "@medai/ui";
import { useState } from "react";
import { told, toldFields } from "../app/api_message.ts";
import { type Kind, rename } from "./results_api.ts";

interface Props {
  kind: Kind;
  of: { id: string; title: string };
  onClose: () => void;
}

/** Gives something another title. */
export function RenameDialog({ kind, of, onClose }: Props) {
  const [title, setTitle] = useState(of.title);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const save = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      await rename(kind, of.id, title.trim());
      onClose();
    } catch (error) {
      setProblem(Problem.wrap(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={onClose} title={t`Rename`}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (title.trim() !== "") void save();
        }}
      >
        <TextField
          label={t`Title`}
          dir="auto"
          maxLength={300}
          required
          value={title}
          problem={problem && (toldFields(problem).title ?? told(problem))}
          onChange={(event) => setTitle(event.target.value)}
        />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" look="primary" busy={busy} disabled={title.trim() === ""}>
            <Trans>Save</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
