import { ChevronDown } from "lucide-react";
import { Label } from "radix-ui";
import { type ComponentProps, type ReactNode, useId } from "react";
import { cx } from "./cx.ts";

interface FieldProps {
  label: string;
  /** Shown under it while nothing is wrong. */
  hint?: ReactNode;
  /** What is wrong with it. */
  problem?: string | undefined;
  /** The label is read out but not shown. */
  bare?: boolean;
}

interface Wiring {
  id: string;
  "aria-invalid": true | undefined;
  "aria-describedby": string | undefined;
}

/** A label, what it labels, and what is wrong with that. */
export function Field({
  label,
  hint,
  problem,
  bare,
  children,
}: FieldProps & { children: (wiring: Wiring) => ReactNode }) {
  const id = useId();
  const note = problem ?? hint;
  return (
    <div className="flex flex-col gap-1.5">
      <Label.Root htmlFor={id} className={bare ? "sr-only" : "font-medium text-sm"}>
        {label}
      </Label.Root>
      {children({
        id,
        "aria-invalid": problem ? true : undefined,
        "aria-describedby": note ? `${id}-note` : undefined,
      })}
      {note && (
        <p id={`${id}-note`} className={cx("text-sm", problem ? "text-danger" : "text-faint")}>
          {problem ? sentence(label, problem) : hint}
        </p>
      )}
    </div>
  );
}

/** The API says what is wrong with a field as the rest of a sentence about it. */
function sentence(label: string, problem: string): string {
  return /^[a-z]/.test(problem) ? `${label} ${problem.replace(/\.$/, "")}.` : problem;
}

const BOX =
  "min-h-10 w-full rounded-md border border-edge/70 bg-surface px-3 text-[0.9375rem] text-ink placeholder:text-faint hover:border-edge focus:border-accent focus:outline-2 focus:outline-accent focus:-outline-offset-1 aria-invalid:border-danger disabled:opacity-60";

export function TextField({
  label,
  hint,
  problem,
  bare,
  className,
  ...input
}: FieldProps & Omit<ComponentProps<"input">, "id">) {
  return (
    <Field label={label} hint={hint} problem={problem} {...(bare ? { bare } : {})}>
      {(wiring) => <input {...wiring} {...input} className={cx(BOX, className)} />}
    </Field>
  );
}

/** Text of some lines. It grows with what is written, where the browser can. */
export function TextArea({
  label,
  hint,
  problem,
  bare,
  className,
  ...textarea
}: FieldProps & Omit<ComponentProps<"textarea">, "id">) {
  return (
    <Field label={label} hint={hint} problem={problem} {...(bare ? { bare } : {})}>
      {(wiring) => (
        <textarea
          rows={2}
          {...wiring}
          {...textarea}
          className={cx(BOX, "field-sizing-content resize-y py-2", className)}
        />
      )}
    </Field>
  );
}

/** The browser's own list: it is what phones and screen readers do best. */
export function Select({
  label,
  hint,
  problem,
  bare,
  className,
  ...select
}: FieldProps & Omit<ComponentProps<"select">, "id">) {
  return (
    <Field label={label} hint={hint} problem={problem} {...(bare ? { bare } : {})}>
      {(wiring) => (
        <div className="relative">
          <select {...wiring} {...select} className={cx(BOX, "appearance-none truncate pe-9", className)} />
          <ChevronDown
            size={16}
            aria-hidden
            className="pointer-events-none absolute end-3 top-1/2 -translate-y-1/2 text-faint"
          />
        </div>
      )}
    </Field>
  );
}
