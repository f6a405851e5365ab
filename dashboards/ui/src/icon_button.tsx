import type { ComponentProps, ReactNode } from "react";
import { LOOKS } from "./button.tsx";
import { cx } from "./cx.ts";
import { Tip } from "./tip.tsx";
import { unavailable } from "./unavailable.ts";

interface IconProps extends Omit<ComponentProps<"button">, "children"> {
  label: string;
  icon: ReactNode;
  look?: "quiet" | "primary";
  size?: "md" | "sm";
  tip?: boolean;
}

/** A button that shows an icon; its label is read out and shown as a tip. */
export function IconButton({
  label,
  icon,
  look = "quiet",
  size = "md",
  tip = true,
  disabled,
  className,
  onClick,
  onPointerDown,
  onKeyDown,
  ...rest
}: IconProps) {
  const button = (
    <button
      type="button"
      aria-label={label}
      {...rest}
      {...unavailable(disabled, { onClick, onPointerDown, onKeyDown })}
      className={cx(
        "inline-grid shrink-0 place-items-center print:hidden rounded-md transition-colors aria-disabled:cursor-not-allowed aria-disabled:opacity-40",
        size === "md" ? "size-10" : "hit size-8",
        LOOKS[look],
        className,
      )}
    >
      {icon}
    </button>
  );
  return tip ? <Tip text={label}>{button}</Tip> : button;
}
