import { Button, Dialog, say } from "@medai/ui";
import { useState } from "react";
import { Refused } from "../parts/refused.tsx";
import { changesOf, formOf, type KeyForm, problemsOf } from "./form.ts";
import { MoreFields, UseFields } from "./key_fields.tsx";
import { type KeyView, useChange } from "./keys.ts";
import { nameOf } from "./pool.ts";

/** Changes what a key is for, and how it is used; not the key itself. */
export function EditDialog({ view, onClose }: { view: KeyView; onClose: () => void }) {
  // As it was when the dialog opened: the list goes on to change behind it.
  const [before] = useState(view);
  const [form, setForm] = useState<KeyForm>(formOf(before));
  const change = useChange();
  const set = (part: Partial<KeyForm>) => setForm({ ...form, ...part });
  const ours = problemsOf(form);
  const problems = { ...change.error?.fields, ...ours };
  const changes = changesOf(before, form);
  const changed = Object.keys(changes).length > 0;
  return (
    <Dialog open onClose={onClose} title={`Change ${nameOf(before)}`} wide>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (Object.keys(ours).length > 0) return;
          change.mutate(
            { id: before.id, change: changes },
            {
              onSuccess: () => {
                say(`${nameOf(before)} is changed.`);
                onClose();
              },
            },
          );
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          <UseFields form={form} set={set} problems={problems} />
        </div>
        <MoreFields form={form} set={set} problems={problems} />
        {change.error && Object.keys(change.error.fields).length === 0 && <Refused error={change.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="primary"
            busy={change.isPending}
            disabled={!changed || Object.keys(ours).length > 0}
          >
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
