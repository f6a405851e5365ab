import { Button, Dialog, IconButton, say, TextField } from "@medai/ui";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { Refused } from "../parts/refused.tsx";
import { type Fields, summary } from "./fields.ts";
import { type FilterPage, type SavedFilter, useForget, useKeep } from "./filters.ts";

/** Gives a filter a name. */
export function SaveDialog({
  page,
  filter,
  saved,
  onClose,
}: {
  page: FilterPage;
  filter: Fields;
  saved: SavedFilter[];
  onClose: () => void;
}) {
  const [name, setName] = useState("");
  const [isDefault, setDefault] = useState(false);
  const keep = useKeep(page);
  const replaces = saved.some((each) => each.name === name.trim());
  return (
    <Dialog open onClose={onClose} title="Save this filter" description={summary(filter)}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          keep.mutate(
            { name: name.trim(), filter, is_default: isDefault },
            {
              onSuccess: () => {
                say("The filter is saved.");
                onClose();
              },
            },
          );
        }}
      >
        <TextField
          label="Name"
          value={name}
          maxLength={60}
          required
          autoComplete="off"
          hint={replaces ? "There is one of this name: it is replaced." : undefined}
          problem={keep.error?.fields.name}
          onChange={(event) => setName(event.target.value)}
        />
        <label className="flex min-h-8 items-center gap-2 text-sm">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={isDefault}
            onChange={(event) => setDefault(event.target.checked)}
          />
          Open this page with it
        </label>
        {keep.error && !keep.error.fields.name && <Refused error={keep.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={keep.isPending} disabled={name.trim() === ""}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** All that are kept of a page: which one it opens with, and deleting. */
export function ManageDialog({
  page,
  saved,
  onClose,
}: {
  page: FilterPage;
  saved: SavedFilter[];
  onClose: () => void;
}) {
  const keep = useKeep(page);
  const forget = useForget(page);
  const error = keep.error ?? forget.error;
  return (
    <Dialog open onClose={onClose} title="Saved filters">
      <div className="flex flex-col gap-4">
        {saved.length === 0 && <p className="text-muted">None are left.</p>}
        <ul aria-label="Saved filters" className="flex flex-col divide-y divide-line">
          {saved.map((each) => (
            <li key={each.id} className="flex items-center justify-between gap-3 py-2.5">
              <div className="min-w-0">
                <p className="break-words font-medium">{each.name}</p>
                <p className="break-words text-faint text-sm">{summary(each.filter)}</p>
                <label className="mt-1 flex min-h-8 items-center gap-2 text-sm">
                  <input
                    type="checkbox"
                    className="size-4 accent-accent"
                    aria-label={`Open this page with ${each.name}`}
                    checked={each.is_default}
                    onChange={(event) => {
                      const { name, filter } = each;
                      keep.mutate({ name, filter, is_default: event.target.checked });
                    }}
                  />
                  Open this page with it
                </label>
              </div>
              <IconButton
                label={`Delete ${each.name}`}
                icon={<Trash2 size={16} />}
                onClick={() => forget.mutate(each.id)}
              />
            </li>
          ))}
        </ul>
        {error && <Refused error={error} />}
        <div className="flex justify-end">
          <Button onClick={onClose}>Done</Button>
        </div>
      </div>
    </Dialog>
  );
}
