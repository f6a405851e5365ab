import { SecretField, Select, TextField } from "@medai/ui";
import { FEATURE_NAMES } from "../parts/names.ts";
import type { KeyForm } from "./form.ts";

interface Props {
  form: KeyForm;
  set: (change: Partial<KeyForm>) => void;
  problems: Partial<Record<string, string>>;
}

/** What a key is kept for, and before which others it is used. */
export function UseFields({ form, set, problems }: Props) {
  return (
    <>
      <Select
        label="Kept for"
        value={form.feature}
        problem={problems.feature}
        onChange={(event) => set({ feature: event.target.value })}
      >
        <option value="*">Any feature</option>
        {FEATURE_NAMES.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </Select>
      <TextField
        label="Priority"
        inputMode="numeric"
        value={form.priority}
        hint="Higher is used first; the same takes turns."
        problem={problems.priority}
        onChange={(event) => set({ priority: event.target.value })}
      />
    </>
  );
}

/** What most keys do without. */
export function MoreFields({ form, set, problems }: Props) {
  const field = (
    name:
      | "name"
      | "note"
      | "model"
      | "base_url"
      | "quota_group"
      | "rpm"
      | "rpd"
      | "tpm"
      | "prompt"
      | "completion",
    label: string,
    hint?: string,
    problem = problems[name],
  ) => (
    <TextField
      label={label}
      value={form[name]}
      hint={hint}
      problem={problem}
      autoComplete="off"
      spellCheck={false}
      {...(["rpm", "rpd", "tpm"].includes(name) ? { inputMode: "numeric" as const } : {})}
      {...(["prompt", "completion"].includes(name) ? { inputMode: "decimal" as const } : {})}
      onChange={(event) => set({ [name]: event.target.value })}
    />
  );
  return (
    <div className="flex flex-col gap-4">
      {field("name", "Name", "What you call it, such as whose account it is of.")}
      {field("note", "Note", "Anything to remember of it. Never the key itself.")}
      <div className="grid gap-4 sm:grid-cols-2">
        {field("model", "Model", "If not the provider’s usual one.")}
        {field("quota_group", "Quota group", "The provider’s project: its keys cool together.")}
      </div>
      {field("base_url", "Address", "If the provider is not at its usual one.")}
      <fieldset>
        <legend className="mb-1.5 font-medium text-sm">What the provider allows it</legend>
        <div className="grid grid-cols-3 items-end gap-3">
          {field("rpm", "Requests / min", undefined, problems.rpm ?? problems["limits.rpm"])}
          {field("rpd", "Requests / day", undefined, problems.rpd ?? problems["limits.rpd"])}
          {field("tpm", "Tokens / min", undefined, problems.tpm ?? problems["limits.tpm"])}
        </div>
      </fieldset>
      <fieldset>
        <legend className="mb-1.5 font-medium text-sm">Price of a million tokens, in dollars</legend>
        <div className="grid grid-cols-2 gap-3">
          {field("prompt", "Of prompts", undefined, problems.prompt ?? problems["price_per_million.prompt"])}
          {field(
            "completion",
            "Of answers",
            undefined,
            problems.completion ?? problems["price_per_million.completion"] ?? problems.price_per_million,
          )}
        </div>
      </fieldset>
    </div>
  );
}

/** The API says what is wrong with a value as the rest of a sentence, but what a call came to as one of its own. */
function asSentence(problem: string): string {
  if (/^(must|is|has|needs|may|can|does)\b/.test(problem)) return problem;
  return `${problem.charAt(0).toUpperCase()}${problem.slice(1).replace(/\.$/, "")}.`;
}

/** The key itself: never shown, and kept by no browser. */
export function KeyField({
  label,
  value,
  hint,
  problem,
  required,
  onValue,
}: {
  label: string;
  value: string;
  hint?: string;
  problem: string | undefined;
  required: boolean;
  onValue: (value: string) => void;
}) {
  return (
    <SecretField
      label={label}
      value={value}
      hint={hint}
      problem={problem && asSentence(problem)}
      required={required}
      onChange={(event) => onValue(event.target.value)}
    />
  );
}
