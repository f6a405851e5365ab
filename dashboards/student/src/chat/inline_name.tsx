import { cx } from "@medai/ui";
import { type KeyboardEvent, useEffect, useRef } from "react";

interface Props {
  name: string;
  label: string;
  maxLength: number;
  className?: string;
  /** The new name, unless it was given up; and whether that was done by a key, so that the focus is to go somewhere. */
  onDone: (name: string | undefined, byKey: boolean) => void;
}

/** A name that is changed in its place. */
export function InlineName({ name, label, maxLength, className, onDone }: Props) {
  const box = useRef<HTMLInputElement>(null);
  // A field that is taken away loses the focus, which is no second end.
  const done = useRef(false);
  useEffect(() => {
    box.current?.focus();
    box.current?.select();
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" && event.key !== "Enter") return;
    event.stopPropagation();
    done.current = true;
    onDone(event.key === "Enter" ? box.current?.value.trim() : undefined, true);
  };
  return (
    <input
      ref={box}
      defaultValue={name}
      maxLength={maxLength}
      aria-label={label}
      className={cx(
        "my-px w-full min-w-0 rounded-md border border-accent bg-surface px-2 py-1 text-[0.9375rem] outline-none",
        className,
      )}
      onKeyDown={onKeyDown}
      onBlur={(event) => done.current || onDone(event.target.value.trim(), false)}
    />
  );
}
