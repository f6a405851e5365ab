import { Button, Notice, say, TextField } from "@medai/ui";
import { useState } from "react";
import { BLANK, bodyOf } from "../keys/form.ts";
import { KeyField } from "../keys/key_fields.tsx";
import { useAdd } from "../keys/keys.ts";
import { nameOf } from "../keys/pool.ts";
import { Refused } from "../parts/refused.tsx";
import { Where } from "./choose_step.tsx";
import type { Source } from "./steps.ts";

/** The key: it is added once a call has shown that it works. */
export function KeyStep({ source, onAdded }: { source: Source; onAdded: () => void }) {
  const [key, setKey] = useState("");
  const [base_url, setAddress] = useState(source.base_url ?? "");
  const [model, setModel] = useState(source.model ?? "");
  const add = useAdd();
  const needsKey = source.provider !== "ollama";
  const problems = add.error?.fields ?? {};
  const plain = (label: string, value: string, set: (value: string) => void, problem?: string) => (
    <TextField
      label={label}
      value={value}
      hint="If it is not the provider’s usual one."
      problem={problem}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => set(event.target.value)}
    />
  );
  return (
    <form
      className="flex max-w-2xl flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate(bodyOf({ ...BLANK, provider: source.provider, key, base_url, model }), {
          onSuccess: (added) => {
            say(`${nameOf(added)} works, and is in the pool.`);
            onAdded();
          },
        });
      }}
    >
      {needsKey && (
        <KeyField
          label="Key"
          value={key}
          required
          hint="Stored encrypted, and never shown again."
          problem={problems.key}
          onValue={setKey}
        />
      )}
      <details
        open={source.base_url !== undefined || !needsKey || Boolean(problems.base_url || problems.model)}
      >
        <summary className="w-fit cursor-pointer py-1.5 font-medium text-accent text-sm">
          Address and model
        </summary>
        <div className="mt-2 grid gap-3 sm:grid-cols-2">
          {plain("Address", base_url, setAddress, problems.base_url)}
          {plain("Model", model, setModel, problems.model)}
        </div>
      </details>
      <Where source={source} />
      {problems.key ? (
        <Notice alert tone="bad" title="It was not added">
          The key: {problems.key}.
        </Notice>
      ) : (
        add.error && <Refused error={add.error} />
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look="primary" busy={add.isPending} disabled={needsKey && key.trim() === ""}>
          Test and add
        </Button>
        {add.isPending && (
          <p role="status" className="text-muted text-sm">
            A call tries it…
          </p>
        )}
      </div>
    </form>
  );
}
