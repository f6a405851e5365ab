import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, TextField } from "@medai/ui";
import { useState } from "react";

interface Props {
  title: string;
  note: string;
  busy?: boolean;
  onSubmit: (password: string) => void;
}

/** Asks for the password of a PDF. */
export function PasswordForm({ title, note, busy = false, onSubmit }: Props) {
  const [password, setPassword] = useState("");
  return (
    <form
      className="mt-2.5 max-w-sm"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(password);
        setPassword("");
      }}
    >
      <div className="flex items-end gap-2">
        <div className="flex-1">
          <TextField
            bare
            label={t`Password of ${title}`}
            type="password"
            autoComplete="off"
            placeholder={t`Password of the PDF`}
            required
            maxLength={255}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </div>
        <Button type="submit" look="primary" busy={busy}>
          <Trans>Open</Trans>
        </Button>
      </div>
      <p className="mt-1 text-faint text-sm">{note}</p>
    </form>
  );
}
