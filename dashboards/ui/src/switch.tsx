import { Switch as Radix } from "radix-ui";
import { type ReactNode, useId } from "react";

interface Props {
  label: string;
  hint?: ReactNode;
  /** The label is read out but not shown. */
  bare?: boolean;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

/** Turns something on and off, at once. */
export function Switch({ label, hint, bare, checked, disabled, onChange }: Props) {
  const id = useId();
  return (
    <div className="flex items-start justify-between gap-4">
      <div>
        <label htmlFor={id} className={bare ? "sr-only" : "font-medium"}>
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className="text-faint text-sm">
            {hint}
          </p>
        )}
      </div>
      <Radix.Root
        id={id}
        checked={checked}
        // With `disabled` it would lose the focus while what it did is on its way.
        aria-disabled={disabled || undefined}
        onCheckedChange={(now) => disabled || onChange(now)}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="hit mt-0.5 h-6 w-11 shrink-0 rounded-full border border-edge bg-sunken transition-colors aria-disabled:cursor-not-allowed aria-disabled:opacity-50 data-[state=checked]:border-accent data-[state=checked]:bg-accent"
      >
        <Radix.Thumb className="block size-4.5 translate-x-0.5 rounded-full bg-edge transition-transform data-[state=checked]:translate-x-[1.375rem] rtl:-translate-x-0.5 rtl:data-[state=checked]:-translate-x-[1.375rem] data-[state=checked]:bg-on-accent" />
      </Radix.Root>
    </div>
  );
}
