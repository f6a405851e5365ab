import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useTries } from "@medai/client/react";
import { Button, Dialog, TextField } from "@medai/ui";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { told, toldFields } from "../../app/api_message.ts";
import { createDeck } from "../api.ts";

/** Asks for a title, and opens the new deck. */
export default function NewDeckDialog({ onClose }: { onClose: () => void }) {
  const [title, setTitle] = useState("");
  const { problem, busy, attempt } = useTries();
  const navigate = useNavigate();
  const save = () =>
    attempt(async () => {
      const { id } = await createDeck(title.trim());
      onClose();
      await navigate({ to: "/study/decks/$id", params: { id } });
    });
  return (
    <Dialog open onClose={onClose} title={t`New deck`}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <TextField
          label={t`Title`}
          value={title}
          required
          maxLength={300}
          autoComplete="off"
          hint={t`Two colons put it below another deck: Medicine::Cardiology.`}
          problem={problem && (toldFields(problem).title ?? told(problem))}
          onChange={(event) => setTitle(event.target.value)}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" look="primary" busy={busy} disabled={title.trim() === ""}>
            <Trans>Make the deck</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
