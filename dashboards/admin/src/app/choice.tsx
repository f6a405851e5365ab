import { cx } from "@medai/ui";
import { type ReactNode, useId } from "react";

/** One of a few, each with a word about what it means. */
export function Choice<T extends string>({
  legend,
  bare,
  options,
  value,
  onChange,
  className,
}: {
  legend: string;
  bare?: boolean;
  options: { value: T; label: string; hint?: ReactNode }[];
  value: T;
  onChange: (value: T) => void;
  className?: string;
}) {
  const name = useId();
  return (
    <fieldset>
      <legend className={bare ? "sr-only" : "mb-1.5 font-medium text-sm"}>{legend}</legend>
      <div className={cx("grid gap-2", className)}>
        {options.map((option) => (
          <label
            key={option.value}
            className={cx(
              "flex cursor-pointer items-start gap-2.5 rounded-md border px-3 py-2.5 has-focus-visible:outline-2 has-focus-visible:outline-accent",
              option.value === value
                ? "border-accent bg-accent-soft"
                : "border-edge/60 bg-surface hover:border-edge",
            )}
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              aria-describedby={option.hint ? `${name}-${option.value}` : undefined}
              onChange={() => onChange(option.value)}
              className="mt-1 shrink-0 outline-none"
            />
            <span className="min-w-0">
              <span className="block font-medium text-[0.9375rem]">{option.label}</span>
              {option.hint && (
                <span id={`${name}-${option.value}`} className="block text-muted text-sm">
                  {option.hint}
                </span>
              )}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
