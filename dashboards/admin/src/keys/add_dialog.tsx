import { CHOICES, described } from "@medai/client/providers";
import { Button, Dialog, Notice, Select, say } from "@medai/ui";
import { useState } from "react";
import { Refused } from "../parts/refused.tsx";
import { BLANK, bodyOf, type KeyForm, problemsOf } from "./form.ts";
import { KeyField, MoreFields, UseFields } from "./key_fields.tsx";
import { type KeyView, useAdd, useTest } from "./keys.ts";
import { nameOf } from "./pool.ts";
import { Tried } from "./tried.tsx";

/** Adds a key, once a call has shown that it works. */
export function AddDialog({
  feature,
  onClose,
  onAdded,
}: {
  feature: string | undefined;
  onClose: () => void;
  onAdded: (key: KeyView) => void;
}) {
  const [form, setForm] = useState<KeyForm>({ ...BLANK, feature: feature ?? "*" });
  const add = useAdd();
  const test = useTest();
  const set = (change: Partial<KeyForm>) => {
    setForm({ ...form, ...change });
    test.reset();
  };
  const ours = problemsOf(form);
  const refused = (add.error ?? test.error)?.fields ?? {};
  const problems = { ...refused, ...ours };
  const fits = Object.keys(ours).length === 0;
  const provider = described(form.provider);
  const needsKey = provider?.needs_key ?? true;
  const error = add.error ?? test.error;
  return (
    <Dialog open onClose={onClose} title="Add a key" wide>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!fits) return;
          test.reset();
          add.mutate(bodyOf(form), {
            onSuccess: (key) => {
              say(`${nameOf(key)} is in the pool.`);
              onAdded(key);
            },
          });
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          <Select
            label="Provider"
            value={form.provider}
            onChange={(event) => set({ provider: event.target.value as KeyForm["provider"] })}
          >
            {CHOICES.map(({ name, label }) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </Select>
          <KeyField
            label="Key"
            value={form.key}
            required={needsKey}
            hint={
              needsKey ? "Stored encrypted, and never shown again." : `${provider?.label} can do without.`
            }
            problem={problems.key}
            onValue={(key) => set({ key })}
          />
          <UseFields form={form} set={set} problems={problems} />
        </div>
        <details open={Object.keys(problems).some((field) => field !== "key" && field !== "priority")}>
          <summary className="w-fit cursor-pointer py-1.5 font-medium text-accent text-sm">
            Model, limits, price and address
          </summary>
          <div className="mt-3">
            <MoreFields form={form} set={set} problems={problems} />
          </div>
        </details>
        <label className="flex min-h-8 items-center gap-2 text-sm">
          <input
            type="checkbox"
            className="size-4"
            checked={form.skip_test}
            onChange={(event) => set({ skip_test: event.target.checked })}
          />
          Add it without a test call
        </label>
        {test.data && <Tried tried={test.data} />}
        {error?.fields.key ? (
          <Notice alert tone="bad" title={add.error ? "It was not added" : "It was not tried"}>
            The key: {error.fields.key}.
          </Notice>
        ) : (
          error && <Refused error={error} />
        )}
        <div className="flex flex-wrap items-center justify-end gap-2">
          {add.isPending && !form.skip_test && (
            <p role="status" className="me-auto text-muted text-sm">
              A call tries it…
            </p>
          )}
          <Button
            busy={test.isPending}
            disabled={!fits || add.isPending || (needsKey && form.key.trim() === "")}
            onClick={() => {
              add.reset();
              test.mutate(bodyOf({ ...form, skip_test: false }));
            }}
          >
            Test only
          </Button>
          <Button type="submit" look="primary" busy={add.isPending} disabled={!fits || test.isPending}>
            Add
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
