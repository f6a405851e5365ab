import { useTries } from "@medai/client/react";
import { Button, Panel, say, TextField } from "@medai/ui";
import { useState } from "react";
import { useMay } from "../app/may.ts";
import { span } from "../parts/figures.ts";
import { Refused } from "../parts/refused.tsx";
import { change, type Settings } from "./notifications.ts";

type Thresholds = Settings["thresholds"];

const FIELDS: {
  name: keyof Thresholds;
  label: string;
  hint: (value: number) => string;
  min: number;
  max: number;
}[] = [
  {
    name: "key_failures",
    label: "Failures of a key within an hour",
    hint: () => "before admins are notified that a key failed",
    min: 1,
    max: 1000,
  },
  {
    name: "coalesce_seconds",
    label: "Collect for (seconds)",
    hint: (value) => `less urgent notifications are sent together, after ${span(value)}`,
    min: 0,
    max: 3600,
  },
  {
    name: "quiet_seconds",
    label: "Repeat after (seconds)",
    hint: (value) => `the same notification is not repeated for ${span(value)}`,
    min: 0,
    max: 86_400,
  },
];

/** When something is worth telling. */
export function ThresholdsPanel({ settings: { thresholds } }: { settings: Settings }) {
  const manages = useMay()("ManageNotifications");
  return (
    <Panel title="Thresholds">
      {manages ? (
        <Form key={Object.values(thresholds).join()} before={thresholds} />
      ) : (
        <dl className="flex flex-col gap-2.5">
          {FIELDS.map(({ name, label }) => (
            <div key={name} className="flex justify-between gap-4">
              <dt className="text-muted">{label}</dt>
              <dd className="figures">{thresholds[name]}</dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}

function Form({ before }: { before: Thresholds }) {
  const [draft, setDraft] = useState(
    () =>
      Object.fromEntries(FIELDS.map(({ name }) => [name, String(before[name])])) as Record<
        keyof Thresholds,
        string
      >,
  );
  const { problem, busy, attempt } = useTries();
  const fits = ({ name, min, max }: (typeof FIELDS)[number]) =>
    /^\d+$/.test(draft[name].trim()) && Number(draft[name]) >= min && Number(draft[name]) <= max;
  const same = FIELDS.every(({ name }) => draft[name].trim() === String(before[name]));
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!FIELDS.every(fits)) return;
        void attempt(async () => {
          await change({
            thresholds: Object.fromEntries(
              FIELDS.map(({ name }) => [name, Number(draft[name])]),
            ) as unknown as Thresholds,
          });
          say("Saved.");
        });
      }}
    >
      {FIELDS.map((field) => (
        <TextField
          key={field.name}
          label={field.label}
          inputMode="numeric"
          value={draft[field.name]}
          hint={field.hint(Number(draft[field.name]) || 0)}
          problem={fits(field) ? undefined : `must be ${field.min} to ${field.max}`}
          onChange={(event) => setDraft({ ...draft, [field.name]: event.target.value })}
        />
      ))}
      {problem && <Refused error={problem} />}
      <div>
        <Button type="submit" busy={busy} disabled={same || !FIELDS.every(fits)}>
          Save
        </Button>
      </div>
    </form>
  );
}
