import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Session } from "@medai/client";
import { Button, Dialog, say, TextField } from "@medai/ui";
import { Check } from "lucide-react";
import { type FormEvent, useState } from "react";
import { focusAfter } from "../app/focus.ts";
import { createFolder, problemOf, useFolders } from "./folders.ts";
import { changeSession } from "./sessions.ts";

/** Picks the folder that a conversation goes into, or makes one for it. */
export default function FolderDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  const folders = useFolders() ?? [];
  const [name, setName] = useState("");
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  const put = async (folder: string | null, into?: string) => {
    onClose();
    focusAfter("moved", session.id);
    if (await changeSession(session.id, { folder_id: folder }))
      say(into ? t`It is in “${into}” now` : t`It is in no folder now`);
  };
  const make = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      const folder = await createFolder(name);
      await put(folder.id, folder.name);
    } catch (error) {
      setProblem(problemOf(error));
      setBusy(false);
    }
  };
  const choices = [{ id: null, name: t`No folder` }, ...folders];
  return (
    <Dialog open onClose={onClose} title={t`Put into a folder`}>
      <ul aria-label={t`Folders`} className="mb-4 max-h-64 overflow-y-auto">
        {choices.map((folder) => {
          const chosen = (session.folder_id ?? null) === folder.id;
          return (
            <li key={folder.id ?? "none"}>
              <button
                type="button"
                aria-pressed={chosen}
                className="flex min-h-10 w-full items-center justify-between gap-2 rounded-md px-2.5 text-start hover:bg-sunken"
                onClick={() => void put(folder.id, folder.id === null ? undefined : folder.name)}
              >
                <span dir="auto" className={folder.id === null ? "text-muted" : "truncate"}>
                  {folder.name}
                </span>
                {chosen && <Check size={16} className="shrink-0 text-accent" aria-hidden />}
              </button>
            </li>
          );
        })}
      </ul>
      <form className="flex flex-col gap-3 border-line border-t pt-4" onSubmit={(event) => void make(event)}>
        <TextField
          label={t`New folder`}
          value={name}
          maxLength={60}
          problem={problem}
          autoComplete="off"
          onChange={(event) => {
            setName(event.target.value);
            setProblem(undefined);
          }}
        />
        <Button type="submit" look="primary" className="self-end" busy={busy} disabled={name.trim() === ""}>
          <Trans>Make it, and put it there</Trans>
        </Button>
      </form>
    </Dialog>
  );
}
